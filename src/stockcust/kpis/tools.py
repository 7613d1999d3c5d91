"""Whether customers were contacted by the tools that the plan of their group prescribes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pandas as pd

from stockcust.kpis.figures import NETWORK
from stockcust.kpis.movement import KEYS
from stockcust.kpis.ratios import moments, share_of_events
from stockcust.segmentation.base_table import NOT_EFFECTIVE, with_lines
from stockcust.segmentation.familiarity import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.groups import Plan

COLUMNS = {
    **dict.fromkeys(("branch_id", "group"), "str"),
    **dict.fromkeys(("n_customers", "n_contacted", "n_contacts", "n_prescribed"), "int64"),
    **dict.fromkeys(("prescribed_share", "ci_low", "ci_high"), "float64"),
    **dict.fromkeys(("unused_tools", "other_channels"), "str"),
}
_LINE = ["line", "group"]  # line: the branch, or the network


def tool_adherence(
    contacts: pd.DataFrame | None, segments: pd.DataFrame, rules: Rulebook
) -> pd.DataFrame:
    """Count the contacts of each group that were made by a tool of the group's plan.

    Every row of the log counts, attempts and touches too, but for those that the customer began.
    By which channels a tool's use shows in the log is in the rulebook (``tools``); a tool without
    a channel cannot be seen.

    Parameters
    ----------
    contacts : from `contacts_in_window`.
    segments : one row per customer and branch when the window began, so that no contact of the
        window decides the group. Customers below the effective threshold have no plan.
    rules : ``groups`` and, for customers without a group, ``unknown_plans`` of their band;
        ``report.min_n_rate`` is the fewest customers contacted for a share.

    Returns
    -------
    One row per branch that keeps a log (``*`` is the network) and group: ``n_customers``,
    ``n_contacted`` of them, ``n_contacts``, ``n_prescribed`` of these, ``prescribed_share`` with
    its interval (95 %, over customers), ``unused_tools`` (ids of the plan's tools that can be seen
    and were not, joined by ``;``) and ``other_channels`` (that no tool of the plan uses, the most
    used first). Empty without a log.
    """
    if contacts is None:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    people = _people(segments, rules)
    used = _used(contacts, people)
    table = _adherence(_on_lines(people), _on_lines(used), rules)
    table = table.rename(columns={"line": "branch_id"})
    return table[list(COLUMNS)].astype(COLUMNS)


def seen_channels(tools: Iterable[str], rules: Rulebook) -> set[str]:
    """The channels by which the use of these tools shows in the contact log."""
    return {channel for tool in tools for channel in rules.tools[tool].channels}


def _people(segments: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """Who has a plan at a branch with a log, and the tools of that plan."""
    logged = segments.loc[segments["n_contacts"].notna(), "branch_id"].unique()
    rows = with_lines(nw.from_native(segments), ["group"]).to_native()
    rows = rows[rows["branch_id"].isin(logged) & (rows["group"] != NOT_EFFECTIVE)]
    plan = rows["band"].where(rows["group"] == UNKNOWN, rows["group"])
    return rows[[*KEYS, "group"]].assign(plan=plan)


def _used(contacts: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Contacts that the bank began with these people."""
    own = contacts[contacts["direction"].isna() | (contacts["direction"] != "in")]
    return own[[*KEYS, "channel"]].merge(people, on=KEYS)


def _on_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Each row on the line of its branch and on that of the network."""
    parts = [rows.assign(line=line) for line in (rows["branch_id"], NETWORK)]
    return pd.concat(parts, ignore_index=True)


def _adherence(people: pd.DataFrame, used: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    seen = {plan: seen_channels(tools, rules) for plan, tools in _tools_of_plans(rules).items()}
    is_prescribed = [int(c in seen[plan]) for c, plan in zip(used["channel"], used["plan"])]
    used = used.assign(n_contacts=1, n_prescribed=is_prescribed)
    by_customer = used.groupby([*_LINE, *KEYS])[["n_contacts", "n_prescribed"]].sum()
    sums = moments(by_customer["n_prescribed"], by_customer["n_contacts"]).groupby(_LINE).sum()
    shares = share_of_events(sums, rules.report.min_n_rate)
    table = people.groupby(_LINE).size().to_frame("n_customers")
    table = table.join(sums[["n", "x", "y"]]).fillna(0)
    table = table.rename(columns={"n": "n_contacted", "x": "n_contacts", "y": "n_prescribed"})
    table = table.join(shares.rename(columns={"estimate": "prescribed_share"}))
    return table.join(_beside_the_plan(people, used, rules)).reset_index()


def _tools_of_plans(rules: Rulebook) -> dict[str, tuple[str, ...]]:
    sections: tuple[Mapping[Any, Plan], ...] = (rules.groups, rules.unknown_plans)
    return {name: plan.tools for section in sections for name, plan in section.items()}


def _beside_the_plan(people: pd.DataFrame, used: pd.DataFrame, rules: Rulebook) -> pd.DataFrame:
    """By line: tools of its plans that were not used, and channels of no such tool."""
    counts = used.groupby(_LINE)["channel"].value_counts().reset_index()
    table = people.groupby(_LINE)["plan"].agg(lambda names: sorted(set(names))).to_frame()
    table = table.join(counts.groupby(_LINE)["channel"].agg(list))
    of_plan, found = _tools_of_plans(rules), []
    for names, channels in zip(table["plan"], table["channel"]):
        tools = dict.fromkeys(tool for name in names for tool in of_plan[name])
        seen = channels if isinstance(channels, list) else []  # null where nobody was contacted
        found.append((_unused(tools, seen, rules), _others(tools, seen, rules)))
    return pd.DataFrame(found, index=table.index, columns=["unused_tools", "other_channels"])


def _unused(tools: Iterable[str], seen: Iterable[str], rules: Rulebook) -> str:
    visible = {tool: set(rules.tools[tool].channels) for tool in tools}
    return ";".join(t for t, channels in visible.items() if channels and channels.isdisjoint(seen))


def _others(tools: Iterable[str], seen: Iterable[str], rules: Rulebook) -> str:
    prescribed = seen_channels(tools, rules)
    return ";".join(channel for channel in seen if channel not in prescribed)
