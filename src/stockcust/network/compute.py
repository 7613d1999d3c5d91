"""Everything that reports show, computed once for all branches."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.customers import customers_as_of
from stockcust.customers.scope import last_month_completed
from stockcust.kpis import NETWORK, figures, reconcile, retention, waterfall, workload_by_branch
from stockcust.man import calibrate, past_episodes, score_man
from stockcust.network import calibration
from stockcust.network.results import QUALITY, Network, open_network
from stockcust.network.upkeep import upkeep
from stockcust.rulebook import Rulebook, load_rulebook
from stockcust.segmentation import segment
from stockcust.tables import pseudonymous, read_bank
from stockcust.tables.absent import branches_without_rows
from stockcust.tables.engines import collect
from stockcust.tables.quality import data_quality

if TYPE_CHECKING:
    from stockcust.tables import Bank


def compute_network(bank: Bank, as_of: str | dt.date | None, rules: Rulebook) -> Network:
    """Compute what the reports of all branches show; customers stand under keyed hashes in it.

    Parameters
    ----------
    bank : the bank's tables.
    as_of : the day of the reports; None for the bank's last month end.
    rules : the rulebook; ``report.baseline_window_months`` says how far back it compares.

    Returns
    -------
    Network.

    Raises
    ------
    CallError : no date, or a day without data.
    """
    bank = pseudonymous(bank)
    known = bank.until(as_of or bank.last_month_end)
    asked = known.as_of or known.last_month_end
    day = last_month_completed(asked)
    months_back = rules.report.baseline_window_months
    now = _segments(known, asked, rules)
    before = _segments_earlier(known, day, months_back, rules)
    last_month = before if months_back == 1 else _segments_earlier(known, day, 1, rules)
    quality = data_quality(bank)
    frames = {
        "segments": now,
        "before": now.head(0) if before is None else before,
        "figures": _figures(now, before, last_month, rules),
        "waterfall": _waterfall(now, before),
        "reconciliation": reconcile(known, day, now),
        "retention": retention(known, day, rules),
        "workload": workload_by_branch(now, rules),
        "absent": _absent(quality.absent, known),
        "branches": _branches(known, now, last_month),
        **upkeep(known, day, now, before, rules),
        **{name: getattr(quality, name) for name in QUALITY},
        **calibration.to_frames(calibrate(past_episodes(known, rules), rules)),
    }
    baseline = None if before is None else _months_before(day, months_back)
    return Network(asked, baseline, rules, frames, bank.data_hash)


def find_results(
    results: str = "",
    branch_id: str = "",
    *,
    data: str = "",
    as_of: str = "",
    rulebook: str = "",
    mapping: str = "",
) -> Network:
    """Open the frozen results of a run, or compute them from a bank's files.

    The one door of the notebooks: a run names ``results``, an analyst names ``data``. What is
    not named is empty, as papermill's parameters are.

    Parameters
    ----------
    results : folder of `Network.save`; the rest but ``branch_id`` is not used then.
    branch_id : only this branch; all branches if empty.
    data, mapping, as_of, rulebook : a bank's folder, its mapping, the day, the rules.

    Raises
    ------
    CallError : no such folder, branch or day.
    """
    if results:
        return open_network(results, branch_id or None)
    bank = read_bank(data, mapping=mapping or None)
    network = compute_network(bank, as_of or None, load_rulebook(rulebook or None))
    return network.branch(branch_id) if branch_id else network


def _segments(bank: Bank, day: dt.date, rules: Rulebook) -> pd.DataFrame:
    customers = customers_as_of(bank, day, rules)
    if bank.engine == "polars":  # what follows looks twice
        customers = nw.from_native(customers).lazy().collect("polars").lazy().to_native()
    segments = segment(customers, rules, bank.until(day).tables["aum_monthly"])
    placed = score_man(segments, rules)
    return collect(placed).sort_values(["branch_id", "customer_id"], ignore_index=True)


def _segments_earlier(
    bank: Bank, day: dt.date, months: int, rules: Rulebook
) -> pd.DataFrame | None:
    """The segments some months earlier; None where the data do not reach back so far."""
    earlier = _months_before(day, months)
    months_known = collect(bank.frame("aum_monthly").select("month").unique().to_native())["month"]
    if pd.Timestamp(earlier) not in set(months_known):
        return None
    return _segments(bank, earlier, rules)


def _months_before(day: dt.date, months: int) -> dt.date:
    return (pd.Timestamp(day) - pd.offsets.MonthEnd(months)).date()


def _figures(
    now: pd.DataFrame, before: pd.DataFrame | None, last_month: pd.DataFrame | None, rules: Rulebook
) -> pd.DataFrame:
    table = figures(now, before, rules)
    keys = ["branch_id", "figure"]
    if last_month is None:
        return table.assign(estimate_last_month=float("nan"))
    earlier = figures(last_month, None, rules)[[*keys, "estimate"]]
    return table.merge(
        earlier.rename(columns={"estimate": "estimate_last_month"}), on=keys, how="left"
    )


def _absent(of_all: pd.DataFrame, bank: Bank) -> pd.DataFrame:
    of_one = branches_without_rows(bank).assign(kind="rows", column="")
    parts = [of_all.assign(branch_id=NETWORK), of_one]
    return pd.concat(parts, ignore_index=True).astype("str")


def _waterfall(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    if before is None:
        return waterfall(now, now).head(0)
    by_branch = waterfall(now, before)
    # added up, not computed anew: what one branch hands over another receives
    total = by_branch.groupby("component", sort=False)[["aum_cny", "n_customers"]].sum()
    return pd.concat([by_branch, total.reset_index().assign(branch_id=NETWORK)], ignore_index=True)


def _branches(bank: Bank, now: pd.DataFrame, last_month: pd.DataFrame | None) -> pd.DataFrame:
    table = collect(bank.tables["branches"]).set_index("branch_id").sort_index()
    name = table["branch_name"] if "branch_name" in table else table.index.to_series()
    aum, n = _aum(now, table.index), now.groupby("branch_id").size()
    earlier = aum * float("nan") if last_month is None else _aum(last_month, table.index)
    return pd.DataFrame(
        {
            "branch_name": name.fillna(table.index.to_series()),
            "n_customers": n.reindex(table.index).fillna(0).astype("int64"),
            "aum_cny": aum,
            "aum_change_1m_cny": aum - earlier,
        }
    ).reset_index()


def _aum(segments: pd.DataFrame, branch_ids: pd.Index) -> pd.Series:
    return segments.groupby("branch_id")["aum_cny"].sum().reindex(branch_ids).fillna(0.0)
