"""The picture and the table of old customers lost and new customers kept say what the frame says."""

from __future__ import annotations

import html
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from present_frames import RULES, cohorts

from stockcust.kpis import NETWORK
from stockcust.present import plots, style, tables
from stockcust.present.texts import LANGUAGES, Texts

matplotlib.use("Agg")
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
DAYS = RULES.status.new_customer.days


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def shares(measure: str, branch: str = NETWORK) -> pd.DataFrame:
    rows = cohorts().query("measure == @measure and days == @DAYS and branch_id == @branch")
    return rows[rows["estimate"].notna()]


def drawn(ax) -> dict[str, np.ndarray]:
    """The points of each line by colour."""
    return {line.get_color(): line.get_ydata()[~np.isnan(line.get_ydata())] for line in ax.lines}


def words(text: str) -> str:
    return "".join(text.split())


class TestPicture:
    def test_the_old_line_is_who_was_not_lost_and_the_new_one_who_stayed(self):
        lines = drawn(plots.plot_retention(cohorts(), RULES))
        assert len(lines[style.ACCENT]) > 5 and len(lines[style.MAIN]) > 5
        np.testing.assert_allclose(lines[style.ACCENT], 1 - shares("old_lost")["estimate"])
        np.testing.assert_allclose(lines[style.MAIN], shares("new_stayed_pooled")["estimate"])

    def test_the_bands_are_the_intervals(self):
        ax = plots.plot_retention(cohorts(), RULES)
        old, new = (band.get_datalim(ax.transData) for band in ax.collections)
        lost, stayed = shares("old_lost"), shares("new_stayed_pooled")
        assert (old.y0, old.y1) == pytest.approx(
            (1 - lost["ci_high"].max(), 1 - lost["ci_low"].min())
        )
        assert (new.y0, new.y1) == pytest.approx((stayed["ci_low"].min(), stayed["ci_high"].max()))

    @BOTH
    def test_the_last_figures_stand_in_the_title_and_with_their_n_in_the_legend(self, lang):
        ax = plots.plot_retention(cohorts(), RULES, lang=lang)
        t, lost, stayed = (
            Texts(lang),
            *(shares(x).iloc[-1] for x in ("old_lost", "new_stayed_pooled")),
        )
        said = words(ax.get_title())
        assert words(t.percent(lost["estimate"], 1)) in said
        assert words(t.percent(stayed["estimate"], 1)) in said
        legend = [words(text.get_text()) for text in ax.get_legend().get_texts()]
        for line, text in zip((lost, stayed), legend):
            assert words(t.customers(line["denominator"])) in text
            assert f"{line['month']:%Y-%m}" in text

    def test_a_cohort_whose_days_are_not_over_has_no_point(self):
        months = cohorts().query("days == @DAYS and is_provisional")["month"]
        assert len(months) > 0
        ax = plots.plot_retention(cohorts(), RULES)
        assert [text.get_text() for text in ax.get_xticklabels()][0] == "2025-12"
        assert not shares("new_stayed_pooled")["month"].isin(months).any()

    @BOTH
    def test_a_branch_with_few_new_customers_has_one_line_and_says_why(self, lang):
        ax = plots.plot_retention(cohorts(), RULES, branch_id="B02", lang=lang)
        assert list(drawn(ax)) == [style.ACCENT]
        reason = Texts(lang)("retention.no_new", n=10, days=DAYS)
        assert words(reason) in words(ax.get_title("left"))

    @BOTH
    def test_with_too_few_of_both_there_is_a_sentence_instead_of_lines(self, lang):
        rules = RULES.with_changes({"report.min_n_rate": 1000})
        few = cohorts().assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan)
        ax = plots.plot_retention(few, rules, lang=lang)
        assert not ax.lines
        assert words(Texts(lang)("retention.no_old", n=1000)) in words(ax.texts[0].get_text())

    @BOTH
    def test_a_history_shorter_than_the_days_is_said_to_be_too_short(self, lang):
        ax = plots.plot_retention(cohorts().query("days < @DAYS"), RULES, lang=lang)
        assert words(ax.texts[0].get_text()) == words(Texts(lang)("nothing.no_retention"))

    @BOTH
    def test_where_leaving_cannot_be_seen_the_picture_says_so(self, lang):
        unseen = words(Texts(lang)("retention.leaving_unseen"))
        for is_seen in (True, False):
            frame = cohorts().assign(is_leaving_seen=is_seen)
            ax = plots.plot_retention(frame, RULES, lang=lang)
            assert (unseen in words(ax.get_title("left"))) == (not is_seen)

    def test_one_point_is_seen(self):
        first = cohorts().query("month == '2025-08-31'")
        assert all(line.get_marker() == "o" for line in plots.plot_retention(first, RULES).lines)


class TestTable:
    def test_each_share_stands_with_its_counts_and_its_interval(self):
        row = shares("old_lost", "B01").iloc[-1]
        table = html.unescape(tables.table_retention(cohorts(), RULES, branch_id="B01"))
        t = Texts("zh")
        said = (
            f"{t.percent(row['estimate'], 1)} ({row['numerator']}/{row['denominator']})，"
            f"{t.interval(row['ci_low'], row['ci_high'])}"
        )
        assert said in table

    @BOTH
    def test_few_customers_are_counts_in_a_branch_and_only_few_in_the_network(self, lang):
        few = cohorts().query("branch_id == 'B02' and measure == 'new_stayed' and denominator > 0")
        assert (few["denominator"] < RULES.report.min_n_rate).all()
        assert re.search(r">[01]/1<", tables.table_retention(cohorts(), RULES, branch_id="B02"))
        network = tables.table_retention(cohorts(), RULES, lang=lang)
        assert "&lt;10" in network
        assert not re.search(r">\d/\d<", network)

    @BOTH
    def test_the_definitions_the_days_and_who_is_left_out_stand_below(self, lang):
        table = html.unescape(tables.table_retention(cohorts(), RULES, branch_id="B01", lang=lang))
        t = Texts(lang)
        days, months = (t.enumeration(x) for x in (("30", "100", "180"), ("1", "3", "6")))
        assert t("retention.old_lost.definition", new=DAYS, days=days, months=months) in table
        assert t("retention.new_stayed.definition", days=days) in table
        definitions = html.unescape(tables.table_definitions(RULES, lang=lang))
        assert t("retention.new_stayed.definition", days=days) in definitions
        unseen = t("retention.leaving_unseen")
        assert unseen not in table
        blind = cohorts().assign(is_leaving_seen=False)
        assert unseen in html.unescape(tables.table_retention(blind, RULES, lang=lang))

    def test_the_last_month_stands_first_and_a_year_and_a_month_are_shown(self):
        table = tables.table_retention(cohorts(), RULES, branch_id="B01")
        months = re.findall(r">(\d{4}-\d{2})<", table)
        assert months == sorted(months, reverse=True)
        assert len(months) == table.n_rows == 13

    @BOTH
    def test_without_dates_of_opening_there_is_a_sentence(self, lang):
        said = tables.table_retention(cohorts().head(0), RULES, lang=lang)
        assert said == f"<p>{html.escape(Texts(lang)('nothing.no_retention'))}</p>"
