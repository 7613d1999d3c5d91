"""A million made-up customers with the evidence that the rules look at, unknown values included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_BRANCHES, _MANAGERS = 200, 900
_ROWS_PER_GROUP = 131_072
_FLAGS = (
    "is_risk_eval_self", "is_business_owner", "has_family_consult_note", "is_mobile_shared",
    "is_pass_through", "has_need_tag_90d", "has_inquiry_30d", "has_large_inflow_30d",
    "is_repeat_buyer_24m", "has_allocation_gap", "has_life_event", "has_refused_90d",
)  # fmt: skip


def write_customers(path: Path, n: int, seed: int = 0) -> None:
    """Write n customers, sorted by branch, with the columns that segment and score_man use."""
    rng = np.random.default_rng(seed)
    draw = _Draw(rng, n)
    columns = {
        "customer_id": pa.array([f"C{i:09d}" for i in range(n)]),
        "branch_id": draw.ids("B", _BRANCHES, is_sorted=True),
        "manager_id": draw.ids("M", _MANAGERS, unknown=0.2),
        "aum_cny": draw.values(np.exp(rng.normal(10, 1.8, n)).round(2), 0.01),
        "n_contacts": draw.values(rng.poisson(2, n).astype("float64"), 0.1),
        "info_share": draw.values(rng.random(n), 0.05),
        "is_new": draw.flags(0.05),
        "override_familiarity": draw.codes(("F1", "F2", "F3"), 0.97),
        "override_reason": draw.codes(("known well",), 0.97),
        "is_minor": draw.flags(0.01),
        "is_capable": draw.flags(0.99, 0.5),
        "status": draw.codes(("active",) * 97 + ("closed", "deceased"), 0.01),
        "decision_role": draw.codes(("self", "joint", "other"), 0.7),
        "is_decision_role_stale": draw.flags(0.1, 0.7),
        "deployable_cny": draw.values(np.exp(rng.normal(9, 2, n)).round(2), 0.1),
        "maturing_30d_cny": draw.values(np.exp(rng.normal(7, 2, n)).round(2), 0.1),
    }
    for name in ("self_operated_share_12m", "agent_operated_share_12m", "idle_share"):
        columns[name] = draw.values(rng.random(n), 0.2)
    for name in ("n_own_purchases_24m", "n_own_large_transfers_12m", "n_login_days_90d"):
        columns[name] = draw.values(rng.poisson(1, n), 0.1)
    for name in _FLAGS:
        columns[name] = draw.flags(0.12)
    pq.write_table(pa.table(columns), path, row_group_size=_ROWS_PER_GROUP)


class _Draw:
    """Random columns of one length, a share of them unknown."""

    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self.rng, self.n = rng, n

    def values(self, values: np.ndarray, unknown: float) -> pa.Array:
        return pa.array(values, mask=self.rng.random(self.n) < unknown)

    def flags(self, true: float, unknown: float = 0.1) -> pa.Array:
        return self.values(self.rng.random(self.n) < true, unknown)

    def codes(self, codes: tuple[str, ...], unknown: float) -> pa.Array:
        chosen = self.rng.integers(0, len(codes), self.n)
        return pa.array(
            np.array(codes, dtype=object)[chosen], mask=self.rng.random(self.n) < unknown
        )

    def ids(self, letter: str, k: int, unknown: float = 0.0, is_sorted: bool = False) -> pa.Array:
        chosen = self.rng.integers(0, k, self.n)
        names = np.array([f"{letter}{i:03d}" for i in range(k)], dtype=object)
        ids = names[np.sort(chosen) if is_sorted else chosen]
        return self.values(ids, unknown)
