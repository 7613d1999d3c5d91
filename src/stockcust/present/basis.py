"""The line under a title: how many customers, how much money, which day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from stockcust.present.texts import Texts
from stockcust.present.totals import NOT_EFFECTIVE


def assets_basis(segments: pd.DataFrame, t: Texts) -> str:
    """Name what stands for the assets: the month average, or the balance where there is none.

    Parameters
    ----------
    segments : one row per customer and branch, with `is_aum_fallback` if it is known.
    t : the words.
    """
    if "is_aum_fallback" not in segments:
        return t("basis.average")
    known = segments.loc[segments["aum_cny"].notna(), "is_aum_fallback"]
    is_balance = known.astype("boolean").fillna(False).all() and len(known) > 0
    return t("basis.balance" if is_balance else "basis.average")


def basis_of(lines: pd.DataFrame, t: Texts, as_of: date | str | None = None, *further: str) -> str:
    """Say what a picture or table rests on.

    Parameters
    ----------
    lines : rows of `lines_by`.
    t : the words.
    as_of : the day, if it is known.
    further : more to say, already worded.
    """
    low = lines.loc[lines.iloc[:, 0] == NOT_EFFECTIVE, "n_customers"].sum()
    parts = [
        t("basis.n", n=t.count(lines["n_customers"].sum())),
        t("basis.aum", aum=t.money(lines["aum_cny"].sum())),
    ]
    if low:
        parts.append(t("basis.not_effective", n=t.count(low)))
    if as_of is not None:
        parts.append(t("basis.as_of", day=t.date(as_of)))
    return t.join([*parts, *further])
