"""The report's totals against the bank's own ledger, branch by branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from stockcust.present.html import Html, paragraph
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.rulebook import Rulebook
    from stockcust.rulebook.base import Lang

_FIGURES = ("ledger", "ours", "difference")
_COUNT = "n_customers"


def table_reconciliation(
    reconciliation: pd.DataFrame,
    rules: Rulebook,
    *,
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
) -> Html:
    """Lay out every control total to the cent; what is not explained stands out.

    Parameters
    ----------
    reconciliation : one row per branch and metric, from `kpis.reconcile`.
    rules : the rulebook of the report.
    names : branch names by id.
    lang : language of the words.
    """
    t = Texts(lang)
    if reconciliation.empty:
        return paragraph(t("nothing.no_totals"), "reconciliation")
    said = [_sayer(metric, rules, t) for metric in reconciliation["metric"]]
    rows = pd.DataFrame(
        {name: [say(x) for say, x in zip(said, reconciliation[name])] for name in _FIGURES}
    )
    rows["n_rejected"] = reconciliation["n_rejected"].map(t.count).to_numpy()
    rows["verdict"] = [t(f"reconciliation.verdict.{code}") for code in reconciliation["verdict"]]
    rows["branch"] = [(names or {}).get(branch, branch) for branch in reconciliation["branch_id"]]
    return build_table(
        rows,
        [
            Column("branch", t("reconciliation.branch"), "prose"),
            *(Column(name, t(f"reconciliation.{name}")) for name in _FIGURES),
            Column("n_rejected", t("reconciliation.n_rejected")),
            Column("verdict", t("reconciliation.said"), "code"),
        ],
        name="reconciliation",
        title=t("reconciliation.name"),
        groups=[t(f"reconciliation.metrics.{metric}") for metric in reconciliation["metric"]],
        emphasis=["apart" if code == "equal" else None for code in reconciliation["verdict"]],
    )


def _sayer(metric: str, rules: Rulebook, t: Texts) -> Callable[[float], str]:
    """Customers, or yuan to the cent; a dash for what is not known."""
    if metric != _COUNT:
        return lambda x: f"{x:,.2f}" if x == x else t("dash")
    least = rules.compliance.privacy.min_cell_size
    return lambda n: t.small_count(n, least)
