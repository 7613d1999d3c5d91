"""What segment and score_man give has the same types on every engine."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest

from customer_tables import customers
from engines import on_every_engine
from stockcust.errors import InputError
from stockcust.man import score_man
from stockcust.man.score import MAN_COLUMNS
from stockcust.rulebook import load_rulebook
from stockcust.segmentation import segment
from stockcust.segmentation.grouping import GAP_COLUMNS, SEGMENT_COLUMNS
from stockcust.tables.engines import collect

RULES = load_rulebook()
HELD = RULES.with_changes({"tiers.status_rule.mode": "fast_up_slow_down"})
TYPES = {**SEGMENT_COLUMNS, **dict.fromkeys(GAP_COLUMNS, nw.Float64), **MAN_COLUMNS}
IN_PANDAS = {nw.String: "str", nw.Boolean: "boolean", nw.Int64: "Int64", nw.Float64: "float64"}
FRAME = """
    customer_id | month      | aum_cny | n_contacts | info_share | is_new | is_minor | has_inquiry_30d
    known       | 2026-06-30 | 60000   | 2          | 0.9        | no     | no       | yes
    unknown     | 2026-06-30 |         |            |            |        |          |
    """


@on_every_engine
@pytest.mark.parametrize("rows", [2, 0], ids=["customers", "nobody"])
def test_every_column_has_its_documented_type(engine, rows):
    frame = nw.from_native(customers(FRAME, engine))
    frame = (frame if rows else frame.filter(nw.col("customer_id") == "nobody")).to_native()
    scored = score_man(segment(frame, RULES), RULES)
    schema = nw.from_native(scored).collect_schema()
    assert {name: schema[name] for name in TYPES} == {
        name: dtype() for name, dtype in TYPES.items()
    }
    shown = collect(scored)[list(TYPES)]
    assert len(shown) == rows
    assert shown.dtypes.astype("str").to_dict() == {n: IN_PANDAS[t] for n, t in TYPES.items()}
    assert shown[list(MAN_COLUMNS)].notna().all(axis=None)


@on_every_engine
def test_whether_a_tier_is_watched_is_a_flag_that_is_known_of_everybody(engine):
    history = customers(FRAME, engine)
    history = nw.from_native(history).rename({"aum_cny": "average_aum_cny"}).to_native()
    held = collect(segment(customers(FRAME, engine), HELD, history=history))
    assert held["is_tier_watched"].dtype == "boolean"
    assert held["is_tier_watched"].notna().all()


FLAGS = {"is_new": True, "is_minor": False, "is_capable": True, "has_refused_90d": False}


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA], ids=str)
def test_flags_written_down_in_python_are_read_as_what_they_are(missing):
    frame = customers("customer_id\na\nb", aum_cny=60_000, n_contacts=0, info_share=0.1)
    by_hand = frame.assign(
        **{name: pd.Series([flag, missing], dtype="object") for name, flag in FLAGS.items()}
    )
    typed = by_hand.astype(dict.fromkeys(FLAGS, "boolean"))
    found, expected = (score_man(segment(f, RULES), RULES) for f in (by_hand, typed))
    pd.testing.assert_frame_equal(found, expected)
    assert by_hand["is_new"].dtype == "object"


def test_a_flag_that_is_no_flag_is_an_error_that_names_the_column():
    frame = customers("customer_id\na", aum_cny=1, n_contacts=0, info_share=0)
    with pytest.raises(InputError, match="customers.is_new: is not only True, False or missing"):
        segment(frame.assign(is_new=pd.Series(["是"], dtype="object")), RULES)
    with pytest.raises(InputError, match="customers.is_minor"):
        score_man(frame.assign(is_minor=pd.Series(["否"], dtype="object")), RULES)
