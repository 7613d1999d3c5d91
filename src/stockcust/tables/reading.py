"""What was read from the cells of one column: values, reasons against some, notes on others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True, slots=True)
class Reading:
    """Values of the same length as the cells.

    Attributes
    ----------
    values : Arrow array of the column's type, null where nothing stands or it cannot be read.
    reasons : why a cell cannot be read, null where it can.
    notes : what was done to a cell that counts, null where nothing.
    """

    values: pa.Array
    reasons: pa.Array
    notes: pa.Array

    @classmethod
    def plain(cls, values: pa.Array) -> Reading:
        """Values without any reason or note."""
        nothing = pa.nulls(len(values), pa.string())
        return cls(values, nothing, nothing)

    def refuse(self, mask: pa.Array, reason: str) -> Reading:
        """Take out the values under a mask that have no reason yet."""
        fresh = pc.and_(_known(mask), pc.is_null(self.reasons))
        if not pc.any(fresh).as_py():
            return self
        values = pc.if_else(fresh, pa.scalar(None, self.values.type), self.values)
        return Reading(values, pc.if_else(fresh, reason, self.reasons), self.notes)

    def note(self, mask: pa.Array, note: str) -> Reading:
        """Put a note on the cells under a mask; an earlier note stands."""
        fresh = pc.and_(_known(mask), pc.is_null(self.notes))
        return Reading(self.values, self.reasons, pc.if_else(fresh, note, self.notes))

    def blank(self, mask: pa.Array, note: str) -> Reading:
        """Leave out the values under a mask, with a note."""
        values = pc.if_else(_known(mask), pa.scalar(None, self.values.type), self.values)
        return Reading(values, self.reasons, self.notes).note(mask, note)

    def take(self, indices: pa.Array) -> Reading:
        """The reading of repeated cells from that of the different ones."""
        return Reading(
            self.values.take(indices),
            _spread(self.reasons, indices),
            _spread(self.notes, indices),
        )


def _spread(codes: pa.Array, indices: pa.Array) -> pa.Array:
    if codes.null_count == len(codes):
        return pa.nulls(len(indices), codes.type)
    return codes.take(indices)


def _known(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def mask_of(values: np.ndarray) -> pa.Array:
    """A numpy mask as Arrow."""
    return pa.array(values.astype(bool))
