"""Tables: escaped, the same each time, complete, in both languages."""

from __future__ import annotations

import dataclasses
import functools
import html
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from present_frames import (
    AS_OF,
    BRANCHES,
    HOSTILE,
    RULES,
    SHARE,
    bank,
    calibration,
    cohorts,
    counts,
    moves,
    network,
    scored,
)
from statsmodels.stats.proportion import proportion_confint

from stockcust import present as show
from stockcust.errors import CallError
from stockcust.kpis import FIGURES, is_critical, stickiness_by_group, workload_by_branch
from stockcust.man import calibrate, order_calls, past_episodes
from stockcust.present import tables
from stockcust.present.disclosure import hide_small
from stockcust.present.estimates import judge, possible_ranks
from stockcust.present.html import Html
from stockcust.present.reasons import familiarity_reasons
from stockcust.present.tables.cards import say_cadence
from stockcust.present.tables.layout import Column, build_table
from stockcust.present.texts import LANGUAGES, Texts
from stockcust.segmentation.dimensions import divide
from stockcust.segmentation.migrations import migration
from stockcust.segmentation.overrides import audit_overrides
from stockcust.segmentation.scenario import WhatIf, what_if
from stockcust.tables.details import write_detail

BOTH = pytest.mark.parametrize("lang", LANGUAGES)
NO_EPISODES = past_episodes(bank(), RULES)  # the bank has no lists


def rejects() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "table": ["customers", "customers", "aum_monthly"],
            "file": ["a.csv", HOSTILE, "b.csv"],
            "row": [2, 17, 5],
            "column": ["customer_id", "customer_id", "point_aum_cny"],
            "value": ["1.23E+15", HOSTILE, "-5"],
            "reason": ["scientific_notation", "scientific_notation", "negative_amount"],
            "detail": "",
        }
    )


def notices() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "table": ["customers"],
            "file": ["a.csv"],
            "column": [""],
            "code": ["unknown_column"],
            "detail": [write_detail("columns", columns=[HOSTILE])],
            "n": [3],
            "n_files": [1],
        }
    )


def absent() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": ["table", "column"],
            "table": ["contacts", "customers"],
            "column": ["", "decision_role"],
            "enables": ["familiarity;effort", "authority"],
        }
    )


@functools.cache
def tried() -> WhatIf:
    """A lower threshold of the third tier."""
    items = "tiers.presets.standard.items"
    changed = RULES.with_changes({f"{items}.T2.max_cny": 1e5, f"{items}.T3.min_cny": 1e5})
    return what_if(scored(), RULES, changed)


def work(rules=RULES) -> pd.DataFrame:
    """The hours of all branches."""
    return workload_by_branch(network().segments, rules)


def frame(name: str) -> pd.DataFrame:
    return network().frames[name]


@functools.cache
def sticky(rise: float = 0.0) -> pd.DataFrame:
    """The index of thirty customers of two groups, before and after a rise in their products."""
    kinds = np.arange(30) % 5
    known = {
        "customer_id": [f"C{i}" for i in range(30)],
        "branch_id": "B01",
        "group": np.where(kinds > 2, "G1", "G8"),
        "is_effective": pd.array([True] * 30, dtype="boolean"),
        "n_months_held": 20,
        "tenure_months": 90,
        "month": pd.Timestamp(AS_OF),
        "first_month": pd.Timestamp("2024-01-31"),
    }
    flags = ("is_payroll", "is_pension", "is_mobile_active", "is_autodebit")
    before = pd.DataFrame({**known, **dict.fromkeys(flags, False), "n_kinds": kinds})
    now = before.assign(n_kinds=kinds + rise)
    return stickiness_by_group(now, before, RULES, is_dated=False)


def outreach_of(reached: tuple[int, int], people: int, strangers: int) -> pd.DataFrame:
    """Outreach of so many people beside existing customers of whom half are reached."""
    n, of = reached
    rows = [("outreach", people, n, of, strangers), ("existing", 200, 150, 300, 0)]
    table = pd.DataFrame(
        rows, columns=["audience", "n_people", "n_successes", "n_attempts", "n_strangers"]
    )
    low, high = proportion_confint(table["n_successes"], table["n_attempts"], method="wilson")
    share = pd.Series(table["n_successes"] / table["n_attempts"])
    judged = pd.DataFrame({"success_share": share, "ci_low": low, "ci_high": high})
    judged = judged.assign(median_days=2.0, cost_per_success_cny=15.0)
    judged.loc[(table["audience"] == "outreach") & (table["n_strangers"] == 0)] = np.nan
    return table.join(judged).assign(branch_id="*", cost_cny=900.0)


TABLES = {
    "absent": lambda lang: tables.table_absent(absent(), RULES, lang=lang),
    "branches": lambda lang: tables.table_branches(frame("branches"), RULES, lang=lang),
    "calibration": lambda lang: tables.table_calibration(calibration(), RULES, lang=lang),
    "call_order": lambda lang: tables.table_call_order(
        order_calls(network().segments, RULES), RULES, lang=lang
    ),
    "capacity": lambda lang: tables.table_capacity(
        order_calls(network().segments, RULES).capacity, RULES, lang=lang
    ),
    "counts": lambda lang: tables.table_counts(counts(), RULES, lang=lang),
    "definitions": lambda lang: tables.table_definitions(RULES, lang=lang),
    "dimension": lambda lang: tables.table_dimension(
        divide(network().segments, "gender", RULES), RULES, dimension="gender", lang=lang
    ),
    "dimension_by_tier": lambda lang: tables.table_dimension_by_tier(
        divide(network().segments, "gender", RULES), RULES, dimension="gender", lang=lang
    ),
    "effort": lambda lang: tables.table_effort(frame("effort"), RULES, names=BRANCHES, lang=lang),
    "figures": lambda lang: tables.table_figures(
        frame("figures"), RULES, branch_id="B01", lang=lang
    ),
    "gaps": lambda lang: tables.table_gaps(scored(), RULES, lang=lang),
    "groups": lambda lang: tables.table_groups(scored(), RULES, lang=lang, as_of=AS_OF),
    "letters": lambda lang: tables.table_letters(calibration(), RULES, lang=lang),
    "man": lambda lang: tables.table_man(scored(), RULES, lang=lang),
    "man_by_group": lambda lang: tables.table_man_by_group(scored(), RULES, lang=lang),
    "migration": lambda lang: tables.table_migration(moves(), RULES, lang=lang),
    "notices": lambda lang: tables.table_notices(notices(), RULES, lang=lang),
    "outreach": lambda lang: tables.table_outreach(
        outreach_of(reached=(3, 40), people=40, strangers=20), RULES, lang=lang
    ),
    "overrides": lambda lang: tables.table_overrides(
        audit_overrides(network().segments, RULES).assign(n_asked=2),
        RULES,
        names=BRANCHES,
        lang=lang,
    ),
    "pools": lambda lang: tables.table_pools(
        frame("pool_changes"), RULES, lang=lang, as_of=AS_OF, baseline="2026-03-31"
    ),
    "ranking": lambda lang: tables.table_ranking(
        frame("figures"), RULES, figure=SHARE, names=BRANCHES, lang=lang
    ),
    "reasons": lambda lang: tables.table_reasons(network().segments, RULES, lang=lang),
    "reconciliation": lambda lang: tables.table_reconciliation(
        frame("reconciliation"), RULES, names=BRANCHES, lang=lang
    ),
    "retention": lambda lang: tables.table_retention(cohorts(), RULES, branch_id="B01", lang=lang),
    "rejects": lambda lang: tables.table_rejects(rejects(), RULES, lang=lang),
    "stickiness": lambda lang: tables.table_stickiness(
        sticky(), RULES, lang=lang, baseline="2026-03-31"
    ),
    "strategy_cards": lambda lang: tables.table_strategy_cards(scored(), RULES, lang=lang),
    "tiers": lambda lang: tables.table_tiers(scored(), RULES, lang=lang, as_of=AS_OF),
    "tools": lambda lang: tables.table_tools(frame("tools"), RULES, lang=lang),
    "what_if": lambda lang: tables.table_what_if(tried(), RULES, lang=lang),
    "workload": lambda lang: tables.table_workload(work(), RULES, branch_id="B01", lang=lang),
}


class _Reader(HTMLParser):
    """What a browser would make of the page: elements, ids and the cells of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell:
            self.rows[-1][-1] += data


def read(table: Html) -> _Reader:
    reader = _Reader()
    reader.feed(table)
    return reader


def cells(table: Html, first: str) -> list[str]:
    """The cells of the row whose first cell begins so."""
    return next(row for row in read(table).rows if row and row[0].startswith(first))


def test_every_table_of_the_package_is_made_here():
    public = {name for name in tables.__all__ if name.startswith("table_")}
    assert {f"table_{name}" for name in TABLES} == public


@BOTH
@pytest.mark.parametrize("name", TABLES)
class TestEveryTable:
    def test_shows_itself_and_prints_short(self, name, lang):
        table = TABLES[name](lang)
        assert table._repr_html_() == str(table)
        assert repr(table) == f"<table {table.name}: {table.n_rows} rows>"
        assert table.n_rows > 0

    def test_is_the_same_each_time_under_its_own_id(self, name, lang):
        assert TABLES[name](lang) == TABLES[name](lang)
        ids = read(TABLES[name](lang)).ids
        assert ids[0] == f"t-{TABLES[name](lang).name}"

    def test_holds_no_script_whatever_the_data_say(self, name, lang):
        allowed = {"div", "style", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "span"}
        assert set(read(TABLES[name](lang)).tags) <= allowed

    def test_scrolls_within_its_own_box_and_loads_nothing(self, name, lang):
        table = TABLES[name](lang)
        assert "overflow-x:auto" in table
        assert not re.search(r"https?://|url\(|@import|<link", table)


def test_all_tables_have_different_ids():
    names = [make("zh").name for make in TABLES.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", ["figure", "code", "name", "prose", "long"])
def test_hostile_text_is_shown_as_it_is_written_wherever_it_stands(kind):
    table = build_table(
        pd.DataFrame({"a": [HOSTILE]}),
        [Column("a", HOSTILE, kind)],
        name="hostile",
        title=HOSTILE,
        subtitle=HOSTILE,
        notes=[HOSTILE],
        groups=[HOSTILE],
    )
    reader = read(table)
    assert "script" not in reader.tags
    assert [row for row in reader.rows if row] == [[HOSTILE]] * 6


class TestHeadings:
    @BOTH
    def test_every_section_has_a_heading_and_the_title_names_what_the_report_rests_on(self, lang):
        for section in Texts(lang).keys("headings.section"):
            assert show.heading(section, lang=lang).startswith("<h2>")
        said = show.title(network(), lang=lang)
        assert said.startswith("<h1>") and repr(said) == "<title>"
        for part in (AS_OF, "2026-03-31", RULES.version, RULES.hash[:12], network().data_hash[:12]):
            assert part in said

    def test_the_title_of_a_branch_is_its_name_shown_as_written(self):
        said = show.title(network().branch("B03"), lang="en")
        assert "<script>" not in said
        assert html.unescape(said).startswith(f"<h1>{HOSTILE} (B03): ")

    def test_an_unknown_section_is_an_error(self):
        with pytest.raises(CallError, match="headings.section.qualty"):
            show.heading("qualty")


class TestBase:
    def test_the_lines_add_up_to_the_total(self):
        table = read(tables.table_tiers(scored(), RULES, lang="en"))
        numbers = [int(row[1].replace(",", "")) for row in table.rows[3:-1] if row]
        assert sum(numbers[:-1]) == numbers[-1] == len(scored())

    def test_customers_below_the_threshold_stand_on_a_line_of_their_own(self):
        man = scored()
        low = int((~man["is_effective"]).sum())
        for make in (tables.table_tiers, tables.table_groups):
            assert cells(make(man, RULES, lang="en"), "below effective")[1] == f"{low:,}"
        mass = (man["tier"] == "T1") & man["is_effective"]
        assert cells(tables.table_tiers(man, RULES, lang="en"), "T1")[1] == f"{mass.sum():,}"

    def test_the_amounts_are_those_of_the_customers(self):
        man = scored()
        aum = man.loc[man["tier"] == "T4", "aum_cny"].sum()
        assert cells(tables.table_tiers(man, RULES), "T4")[3] == Texts("zh").money(aum)

    def test_all_nine_groups_are_listed_even_if_empty_and_unknown_only_if_there(self):
        known = scored().query("group == 'G9'")
        table = tables.table_groups(known, RULES, lang="en")
        names = [row[0][:2] for row in read(table).rows if row]
        assert [n for n in names if n.startswith("G")] == [f"G{i}" for i in range(1, 10)]
        assert "no group" not in table
        assert "no group" in tables.table_groups(scored(), RULES, lang="en")

    def test_an_empty_branch_has_a_table_of_zeros(self):
        table = tables.table_tiers(scored().head(0), RULES, lang="en")
        assert cells(table, "total")[1:3] == ["0", "—"]


class TestStrategyCards:
    @BOTH
    def test_each_group_has_all_seven_lines_from_the_rulebook(self, lang):
        text = tables.table_strategy_cards(scored(), RULES, lang=lang)
        for group, plan in RULES.groups.items():
            assert f"{group} {plan.label[lang]}" in text
            for step in plan.strategy:
                assert step[lang].replace("'", "&#x27;") in text or step[lang] in text
            assert say_cadence(plan.cadence, Texts(lang)) in text
            assert all(RULES.tools[tool].label[lang] in text for tool in plan.tools)
            assert all(RULES.owners[owner].label[lang] in text for owner in plan.owners)
            assert plan.next_step.label[lang] in text

    def test_customers_without_a_group_get_the_plan_of_their_band(self):
        text = tables.table_strategy_cards(scored(200, logged=False), RULES)
        assert RULES.unknown_plans["low"].label["zh"] in text
        unknown = scored(200, logged=False).query("tier == 'unknown'")
        assert unknown.empty or RULES.unknown_plans["unknown"].label["zh"] in text

    def test_the_number_on_a_card_is_that_of_the_group(self):
        man = scored()
        n = int(((man["group"] == "G9") & man["is_effective"]).sum())
        assert f"{n:,}户" in tables.table_strategy_cards(scored(), RULES)


class TestMan:
    def test_the_order_is_that_of_the_active_coefficients(self):
        rules = RULES.with_changes({"man.coefficient_preset": "five_level"})
        for active in (RULES, rules):
            table = tables.table_man(scored(), active, lang="en")
            rows = [row for row in read(table).rows if row and row[0][:3].lower() == "man"]
            coefficients = [int(row[1]) for row in rows]
            assert len(rows) == 8
            assert coefficients == sorted(coefficients)
            preset = active.man.coefficient_presets[active.man.coefficient_preset]
            assert preset.label["en"] in table

    def test_the_unknown_share_of_each_letter_is_printed(self):
        man = scored()
        share = Texts("en").percent((man["authority"] == "unknown").mean())
        assert f"authority {share}" in tables.table_man(man, RULES, lang="en")


class TestCalibration:
    def test_a_share_on_few_cases_is_counts_only(self):
        row = cells(TABLES["calibration"]("en"), "5")
        assert row[1] == "0/4" or row[1].endswith("/4") and "%" not in row[1]
        assert row[2] == "—"

    def test_the_wrong_order_is_named_and_nothing_is_called_a_cause(self):
        text = TABLES["calibration"]("en")
        assert "Coefficient 7 succeeds more often than 6 (clear)" in text
        assert "associations, not causes" in text

    def test_the_call_order_leaves_nobody_out(self):
        rows = read(TABLES["call_order"]("en")).rows[2:]
        numbers = [int(cell) for row in rows if len(row) == 5 for cell in row[1:]]
        assert sum(numbers) == len(network().segments)

    def test_each_letter_says_whether_it_separates(self):
        row = cells(TABLES["letters"]("en"), "money")
        assert row[-1] == "separates"


class TestRanking:
    def test_overlapping_branches_share_their_ranks_and_stand_by_name(self):
        alike = frame("figures").assign(ci_low=0.1, ci_high=0.5, estimate=0.3, denominator=50)
        table = tables.table_ranking(alike, RULES, figure=SHARE, lang="en")
        assert "no clear difference" in table
        labels = [row[0] for row in read(table).rows if len(row) == 6 and row[1] == "1-4"]
        assert labels == ["B01", "B02", "B03", "B04"]

    def test_only_intervals_apart_are_put_in_order(self):
        rows = pd.DataFrame({"estimate": [0.1, 0.2, 0.9], "ci_low": [0.0, 0.1, 0.8]})
        rows = rows.assign(ci_high=[0.2, 0.3, 1.0], n=99)
        ranks = possible_ranks(judge(rows, None, 10))
        assert ranks["rank_low"].tolist() == [2, 2, 1]
        assert ranks["rank_high"].tolist() == [3, 3, 1]

    def test_a_branch_with_too_few_cases_has_its_count_only(self):
        row = cells(TABLES["ranking"]("en"), "小支行")
        assert row == ["小支行", "—", "—", "—", "<5", "too few cases for a rate"]

    @pytest.mark.parametrize("seed", range(5))
    def test_true_order_is_never_contradicted(self, seed):
        rng = np.random.default_rng(seed)
        middle, half = rng.normal(size=30), rng.uniform(0.1, 1, 30)
        rows = pd.DataFrame({"estimate": middle, "ci_low": middle - half, "ci_high": middle + half})
        ranks = possible_ranks(judge(rows.assign(n=50), None, 10))
        place = rows["estimate"].rank(ascending=False)
        assert ((ranks["rank_low"] <= place) & (place <= ranks["rank_high"])).all()


class TestFigures:
    def test_a_share_stands_with_its_parts_and_the_networks_beside_it(self):
        rows = frame("figures").query("figure == @SHARE").set_index("branch_id")
        t = Texts("en")
        row = cells(TABLES["figures"]("en"), t(f"figure.{SHARE}"))
        assert row[1:3] == [t.percent(rows["estimate"][b], 1) for b in ("B01", "*")]
        own = rows.loc["B01"]
        assert row[4] == f"{t.count(own['numerator'])} / {t.count(own['denominator'])}"

    def test_the_arrow_is_the_change_since_last_month(self):
        row = frame("figures").query("figure == @SHARE and branch_id == 'B01'").iloc[0]
        change = (row["estimate"] - row["estimate_last_month"]) * 100
        arrow = "↑" if change > 0 else "↓"
        said = cells(TABLES["figures"]("en"), Texts("en")(f"figure.{SHARE}"))[3]
        assert said == f"{arrow} {abs(change):.1f} points"

    def test_no_change_and_no_history_are_told_apart(self):
        same = frame("figures").assign(estimate_last_month=frame("figures")["estimate"])
        table = tables.table_figures(same, RULES, branch_id="B01", lang="en")
        assert cells(table, "customers")[3] == "→"
        none = same.drop(columns="estimate_last_month")
        assert cells(tables.table_figures(none, RULES, lang="en"), "customers")[2] == "—"

    @BOTH
    def test_every_figure_has_words(self, lang):
        assert set(Texts(lang).keys("figure")) == {figure.id for figure in FIGURES}

    def test_a_page_may_show_some_figures_in_its_own_order(self):
        table = tables.table_figures(frame("figures"), RULES, only=["angels", "customers"])
        assert table.n_rows == 2
        assert read(table).rows[-3][0] == "天使客户"


class TestMoves:
    def test_the_moves_of_the_stayers_add_up_to_them(self):
        table = TABLES["migration"]("en")
        numbers = [int(row[1]) for row in read(table).rows if len(row) == 5 and row[1].isdigit()]
        directions = moves().table["direction"].isin(("up", "flat", "down", "mixed"))
        assert sum(numbers) == moves().table.loc[directions, "n_customers"].sum()

    def test_changed_rules_move_customers_and_lose_none(self):
        rows = [row for row in read(TABLES["what_if"]("en")).rows if len(row) == 6][1:]
        changes = [int(row[3].replace(",", "")) for row in rows]
        assert sum(changes) == 0 and any(changes)

    @pytest.mark.parametrize("dimension", RULES.dimensions)
    @BOTH
    def test_every_other_dimension_divides_everybody_once(self, dimension, lang):
        segments = network().segments
        divided = divide(segments, dimension, RULES)
        table = tables.table_dimension(divided, RULES, dimension=dimension, lang=lang)
        numbers = [int(row[1]) for row in read(table).rows if len(row) == 6 and row[1].isdigit()]
        assert sum(numbers[:-1]) == numbers[-1] == len(segments)


class TestSmallCells:
    @pytest.mark.parametrize("seed", range(20))
    def test_no_hidden_cell_can_be_computed_from_the_sums(self, seed):
        rng = np.random.default_rng(seed)
        counts = pd.DataFrame(rng.poisson(4, (6, 5)) * rng.integers(0, 2, (6, 5)))
        hidden = hide_small(counts, 5)
        assert (
            hidden[(counts > 0) & (counts < 5)].eq(True).sum().sum()
            == ((counts > 0) & (counts < 5)).sum().sum()
        )
        for axis in (0, 1):
            alone = hidden.sum(axis=axis) == 1
            shown = ((counts > 0) & ~hidden).sum(axis=axis)
            assert (shown[alone] == 0).all()

    def test_a_branch_of_a_few_and_one_that_would_give_it_away_are_hidden(self):
        rows = {row[0]: row[1:] for row in read(TABLES["branches"]("en")).rows if len(row) == 5}
        assert rows["小支行"] == ["*"] * 4
        assert rows[HOSTILE] == ["*"] * 4
        assert rows["城东支行"][0] == "247"

    def test_the_number_of_a_branch_of_a_few_is_not_in_any_table_across_branches(self):
        assert cells(TABLES["ranking"]("en"), "小支行")[4] == "<5"
        rows = [row for row in read(TABLES["reconciliation"]("en")).rows if row[0] == "小支行"]
        assert ["<5", "<5"] in [row[1:3] for row in rows]


class TestBranches:
    def test_the_branches_add_up_to_the_total(self):
        large = frame("branches").query("n_customers >= 5")
        rows = read(tables.table_branches(large, RULES, lang="en")).rows
        numbers = [int(row[1]) for row in rows if len(row) == 5 and row[1].isdigit()]
        assert sum(numbers[:-1]) == numbers[-1] == large["n_customers"].sum()


class TestReconciliation:
    def test_the_difference_stands_to_the_cent_with_its_verdict(self):
        rows = [row for row in read(TABLES["reconciliation"]("en")).rows if row[0] == "城西支行"]
        assert ["-12.34", "0", "unexplained"] in [row[3:] for row in rows]
        assert ["0", "0", "equal"] in [row[3:] for row in rows]

    @BOTH
    def test_without_a_ledger_the_table_says_so(self, lang):
        none = frame("reconciliation").head(0)
        table = tables.table_reconciliation(none, RULES, lang=lang)
        assert Texts(lang)("nothing.no_totals").replace("'", "&#x27;") in table


class TestQuality:
    def test_the_counts_reconcile_in_each_line(self):
        for row in read(TABLES["counts"]("en")).rows[2:-1]:
            if row:
                n_read, *parts = (int(cell.replace(",", "")) for cell in row[1:])
                assert n_read == sum(parts)

    def test_rejects_stand_by_number_with_file_and_row(self):
        rows = [row for row in read(TABLES["rejects"]("en")).rows if len(row) == 4][1:]
        assert [row[2] for row in rows] == ["2", "1"]
        assert "a.csv row 2 1.23E+15" in rows[0][3]

    def test_no_rejects_are_said_to_be_none(self):
        assert Texts("zh")("quality.no_rejects") in tables.table_rejects(rejects().head(0), RULES)


class TestDefinitions:
    @BOTH
    def test_the_active_presets_the_version_and_the_hash_are_printed(self, lang):
        text = tables.table_definitions(RULES, lang=lang)
        assert RULES.hash[:12] in text and RULES.version in text
        for preset in RULES.active_presets.values():
            assert preset in text

    def test_the_rural_preset_shows_its_own_thresholds(self):
        rules = RULES.with_changes({"tiers.active_preset": "rural"})
        assert "≥300万元" in tables.table_definitions(rules)
        assert "≥300万元" not in tables.table_definitions(RULES)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"man.need.window_maturing_days": 47}, "未来47天内到期"),
            ({"man.money.window_outflow_months": 5}, "近5个月的月平均"),
            ({"man.authority.window_login_months": 7}, "登录看近7个月"),
            ({"man.need.window_refused_days": 61}, "拒绝看近61天"),
            ({"man.need.life_event.child_age_bands": ["3-6"]}, "3-6岁子女"),
            ({"man.need.life_event.retirement_age": 63}, "5年内满63岁"),
            ({"familiarity.information.min_delivered_share": 0.7}, "不足70%"),
            ({"familiarity.manual_override.expires_months": 9}, "9个月内有效"),
            ({"compliance.suitability.minor_under_age": 16}, "未满16周岁"),
            ({"compliance.suitability.risk_eval_valid_months": 13}, "13个月内有效"),
            ({"tiers.status_rule.mode": "fast_up_slow_down"}, "自12个月前起逐月推算"),
        ],
    )
    def test_the_windows_ages_and_shares_in_force_are_printed(self, change, said):
        assert said not in tables.table_definitions(RULES)
        assert said in tables.table_definitions(RULES.with_changes(change))

    def test_life_events_that_the_bank_leaves_out_are_not_printed(self):
        none = {"child_age_bands": [], "retirement_age": 60, "before_retirement_years": 0}
        text = tables.table_definitions(RULES.with_changes({"man.need.life_event": none}))
        assert "登记的标签" in text
        assert "岁子女" not in text and "年内满" not in text


class TestQualityLine:
    @BOTH
    def test_the_sums_of_all_tables_reconcile_in_one_sentence(self, lang):
        line = show.quality_line(counts(), lang=lang)
        assert line.startswith("<p>") and repr(line) == "<quality-line>"
        n_tables, n_read, *rest = (
            int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*\d|\d", line.replace(", ", "; "))
        )
        assert n_tables == 4
        assert n_read == sum(rest) == counts()["n_read"].sum()

    @BOTH
    @pytest.mark.parametrize("name", ["absent", "rejects", "notices"])
    def test_where_nothing_stands_there_is_a_sentence_and_no_table(self, name, lang):
        make = {"absent": absent(), "rejects": rejects(), "notices": notices()}
        said = getattr(tables, f"table_{name}")(make[name].head(0), RULES, lang=lang)
        assert said == f"<p>{html.escape(Texts(lang)(f'quality.no_{name}'))}</p>"

    @BOTH
    def test_what_one_branch_lacks_is_said_with_its_name(self, lang):
        of_branch = pd.DataFrame(
            [["rows", "contacts", "", "familiarity;effort", "B01"]],
            columns=["kind", "table", "column", "enables", "branch_id"],
        )
        said = tables.table_absent(of_branch, RULES, names=BRANCHES, lang=lang)
        assert said.n_rows == 1
        assert html.escape(BRANCHES["B01"]) in said


class TestCrossed:
    def test_every_customer_stands_in_one_cell_and_the_totals_are_those_of_the_groups(self):
        table = tables.table_man_by_group(scored(), RULES, lang="en")
        said = cells(table, Texts("en")("total"))[1:]
        total = [0 if cell == Texts("en")("dash") else int(cell.replace(",", "")) for cell in said]
        assert sum(total[:-1]) == total[-1] == len(scored())
        assert total[:-1] == [
            (scored()["man_group"] == group).sum()
            for group in sorted(RULES.man.groups, key=lambda g: RULES.man.coefficients[g])
        ]


class TestWhatCannotBeSaid:
    """A sentence instead of an empty table, and no figure that only unknown things make."""

    NOTHING = {
        "call_order": (
            order_calls(pd.DataFrame(columns=["customer_id", "group"]), RULES),
            "no_list",
        ),
        "capacity": (
            order_calls(pd.DataFrame(columns=["customer_id", "group"]), RULES).capacity,
            "no_managers",
        ),
        "calibration": (calibrate(NO_EPISODES, RULES), "no_contacts"),
        "letters": (calibrate(NO_EPISODES, RULES), "no_contacts"),
        "figures": (pd.DataFrame(columns=["branch_id", "figure", "estimate"]), "no_figures"),
        "overrides": (pd.DataFrame({"branch_id": ["B01"], "n_asked": [0]}), "no_overrides"),
        "reconciliation": (pd.DataFrame(), "no_totals"),
    }

    @BOTH
    @pytest.mark.parametrize("name", NOTHING)
    def test_a_table_of_nothing_is_a_sentence(self, name, lang):
        given, key = self.NOTHING[name]
        said = getattr(tables, f"table_{name}")(given, RULES, lang=lang)
        assert said == f"<p>{html.escape(Texts(lang)(f'nothing.{key}'))}</p>"

    def test_without_groups_on_both_days_no_rates_of_moving_are_shown(self):
        nobody = scored(n=200, logged=False)
        said = tables.table_migration(migration(nobody, nobody), RULES)
        assert said == f"<p>{Texts('zh')('nothing.no_stayers')}</p>"

    def test_unknown_assets_are_a_dash_and_not_zero(self):
        assert scored()["aum_cny"].isna().any()
        row = cells(tables.table_tiers(scored(), RULES), Texts("zh")("tier_unknown"))
        assert row[3:] == [Texts("zh")("dash")] * 3

    def test_who_lacks_a_letter_only_because_it_is_unknown_is_not_dropped_from_selling(self):
        nobody_knows = scored().assign(authority="unknown", need="unknown", man_group="man")
        nobody_knows["money"] = ["has", "lacks"] * (len(nobody_knows) // 2)
        table = tables.table_man(nobody_knows, RULES)
        stop = RULES.man.groups["man"].action.zh
        assert stop not in table
        assert "先取得购买决策权、购买需求的依据" in table
        assert stop in tables.table_man(nobody_knows.assign(need="lacks", authority="lacks"), RULES)

    def test_month_end_balances_that_stand_in_for_averages_are_told_in_the_title(self):
        some = network().segments.assign(is_aum_fallback=lambda x: x.index < 3)
        said = {}
        for name, rows in {"some": some, "all": some.assign(is_aum_fallback=True)}.items():
            frames = {**network().frames, "segments": rows}
            said[name] = show.title(dataclasses.replace(network(), frames=frames))
        assert "3户没有月日均" in said["some"]
        assert "月末时点余额，不能排除月末冲高" in said["all"]
        assert "月末" not in show.title(network())

    def test_the_interval_of_a_share_stands_beside_it(self):
        row = frame("figures").query("figure == @SHARE and branch_id == 'B01'").iloc[0]
        said = cells(TABLES["figures"]("zh"), Texts("zh")(f"figure.{SHARE}"))
        assert said[-1] == Texts("zh").interval(row["ci_low"], row["ci_high"])
        assert cells(TABLES["figures"]("zh"), Texts("zh")("figure.aum_cny"))[-1] == "—"

    @pytest.mark.parametrize("has_history", [True, False])
    def test_no_month_before_is_said(self, has_history):
        given = frame("figures") if has_history else frame("figures").assign(
            estimate_last_month=np.nan
        )  # fmt: skip
        table = tables.table_figures(given, RULES, branch_id="B01")
        assert (Texts("zh")("figures.no_last_month") in table) is not has_history


class TestWorkload:
    SLOW = RULES.with_changes({"man.capacity.minutes_per_manager_per_day": 2})

    def test_time_that_suffices_is_said_plainly(self):
        text = tables.table_workload(work(), RULES, branch_id="B01")
        assert "时间够用" in text and "先减" not in text

    @BOTH
    def test_overload_says_what_to_drop_first_in_the_rulebooks_order(self, lang):
        text = tables.table_workload(work(self.SLOW), self.SLOW, branch_id="B01", lang=lang)
        t, lines = Texts(lang), work(self.SLOW).query("branch_id == 'B01'")
        whole = lines.query("line == 'branch'").iloc[0]
        excess = whole["required_hours"] - whole["available_hours"]
        assert f"{excess:.1f}" in text
        dropped = lines.query("line == 'group' and n_dropped > 0").set_index("id")
        assert len(dropped) > 1
        steps = [
            t(
                "workload.step",
                group=f"{group} {RULES.groups[group].label[lang]}",
                n=t.customers(dropped["n_dropped"][group]),
                hours=f"{dropped['dropped_hours'][group]:,.1f}",
            )
            for group in RULES.man.capacity.drop_first
            if group in dropped.index
        ]
        assert html.escape(t("workload.drop_first", steps=t("card.separator").join(steps))) in text

    def test_each_manager_of_the_branch_stands_with_hours_and_nobody_elses(self):
        rows = work().query("branch_id == 'B01' and line == 'manager'").set_index("id")
        for manager in ("M1", "M2"):
            row = cells(TABLES["workload"]("en"), manager)
            assert row[1] == str(rows["n_customers"][manager])
            assert row[3] == "52.5"

    def test_what_no_drop_can_free_is_said(self):
        lines = work(self.SLOW).copy()
        lines.loc[lines["line"] == "branch", "required_hours"] += 1000
        text = tables.table_workload(lines, self.SLOW, branch_id="B01", lang="en")
        assert "then still" in text and "hours too few" in text

    def test_managers_overloaded_side_by_side_with_idle_ones_share_differently(self):
        lines = work().copy()
        lines.loc[lines["id"] == "M1", "is_overloaded"] = True
        text = tables.table_workload(lines, RULES, branch_id="B01", lang="en")
        assert "Overloaded managers: 1; share the customers differently" in text

    @BOTH
    def test_the_network_adds_the_branches_up_and_shows_each(self, lang):
        lines, names = work(), {"B01": "东城支行"}
        text = tables.table_workload(lines, RULES, names=names, lang=lang)
        groups = lines.query("line == 'group'").groupby("id")["n_customers"].sum()
        for group in RULES.groups:
            if group in groups.index:
                row = cells(text, f"{group} {RULES.groups[group].label[lang]}")
                assert row[1] == Texts(lang).count(groups[group])
        branches = lines.query("line == 'branch'").set_index("branch_id")
        row = cells(text, "东城支行")
        assert row[1] == Texts(lang).count(branches["n_customers"]["B01"])
        assert row[2] == f"{branches['required_hours']['B01']:,.1f}"
        assert f"{branches['required_hours'].sum():,.1f}" in text
        managers = set(lines.query("line == 'manager'")["id"])
        assert not managers & {row[0] for row in read(text).rows}

    def test_the_network_hides_a_branch_of_a_few_customers_and_another_with_it(self):
        lines = work().copy()
        lines.loc[(lines["line"] == "branch") & (lines["id"] == "B01"), "n_customers"] = 2
        rows = [row for row in read(tables.table_workload(lines, RULES)).rows if "*" in row]
        assert len(rows) == 2 and rows[0][:4] == ["B01", "*", "*", "*"]

    def test_overloaded_branches_of_a_network_with_time_enough_are_counted(self):
        lines = work().copy()
        lines.loc[lines["id"] == "B01", "is_overloaded"] = True
        text = tables.table_workload(lines, RULES, lang="en")
        assert "Overloaded branches: 1; each plans for itself" in text

    @BOTH
    def test_without_managers_there_is_a_sentence(self, lang):
        text = tables.table_workload(work().head(0), RULES, branch_id="B01", lang=lang)
        assert text == f"<p>{Texts(lang)('workload.no_managers')}</p>"


class TestGaps:
    def test_every_customer_stands_on_one_line_those_below_the_threshold_apart(self):
        man = scored()
        rows = [row for row in read(TABLES["gaps"]("en")).rows if len(row) == 7][1:]
        numbers = [int(row[1].replace(",", "")) for row in rows]
        assert sum(numbers) == len(man)
        low = int((~man["is_effective"]).sum())
        assert cells(TABLES["gaps"]("en"), "below effective")[1] == f"{low:,}"

    def test_within_reach_is_the_figure_of_critical_customers(self):
        rows = [row for row in read(TABLES["gaps"]("en")).rows if len(row) == 7][1:]
        n = int(is_critical(scored(), RULES).sum())
        assert sum(int(row[2]) for row in rows) == n > 0
        assert f"{n:,}户" in TABLES["gaps"]("zh")

    def test_the_medians_are_of_those_who_lack_something(self):
        man = scored()
        of_group = man[(man["group"] == "G9") & man["is_effective"]]
        row = cells(TABLES["gaps"]("en"), "G9")
        t = Texts("en")
        assert row[3] == t.money(of_group["aum_to_next_tier_cny"].median())
        assert row[4] == f"{of_group['contacts_to_next_level'].median():.1f}"
        assert row[5] == t.percent(of_group["info_share_to_next_level"].median())
        assert row[6] == RULES.groups["G9"].next_step.label["en"]

    def test_a_group_that_lacks_nothing_has_a_dash(self):
        row = cells(tables.table_gaps(scored().query("group == 'G9'"), RULES, lang="en"), "G1")
        assert row[1:6] == ["0", "0", "—", "—", "—"]


class TestReasons:
    def test_customers_of_every_group_stand_with_their_own_sentence(self):
        segments = network().segments
        table = tables.table_reasons(segments, RULES, n=20)
        rows = [row for row in read(table).rows if len(row) == 6][1:]
        assert len(rows) == 20
        assert {row[3][:2] for row in rows} >= set(segments["group"]) - {"unknown"}
        said = familiarity_reasons(segments, RULES)
        for row in rows:
            of_key = segments["customer_id"].str.startswith(row[0].rstrip("…"))
            assert of_key.sum() == 1
            assert row[4] == said[of_key].iloc[0]

    def test_the_key_is_shortened(self):
        table = TABLES["reasons"]("zh")
        assert not [key for key in network().segments["customer_id"] if key in table]

    def test_letters_are_there_only_where_they_were_scored(self):
        assert RULES.man.letters["authority"].label["en"] in TABLES["reasons"]("en")
        bare = network().segments.drop(columns=["money_reason", "money"])
        assert Texts("en")("reasons.letters") not in tables.table_reasons(bare, RULES, lang="en")

    def test_few_customers_are_all_shown(self):
        assert tables.table_reasons(network().segments.head(3), RULES).n_rows == 3


class TestLessData:
    def test_a_page_without_history_shows_the_figures_that_are_there(self):
        without = frame("figures")[~frame("figures")["figure"].str.endswith("grade_share")]
        table = tables.table_figures(without, RULES, branch_id="B01", only=tables.KEY_FIGURES)
        assert table.n_rows == len(tables.KEY_FIGURES) - 2

    @BOTH
    def test_a_ledger_figure_that_we_do_not_have_is_a_dash(self, lang):
        unknown = frame("reconciliation").assign(
            ours=np.nan, difference=np.nan, verdict="no_data", metric="average_aum"
        )
        row = cells(tables.table_reconciliation(unknown.head(1), RULES, lang=lang), "B01")
        assert row[2:4] == ["—", "—"]
        assert row[5] == Texts(lang)("reconciliation.verdict.no_data")


class TestEffort:
    def test_a_branch_shows_its_managers_the_others_and_its_total(self):
        rows = read(show.table_effort(frame("effort"), RULES, branch_id="B01", lang="en")).rows
        lines = [row[0] for row in rows if len(row) > 1][1:]
        assert lines == ["M1", "M2", lines[2], "managed customers together"]
        assert lines[2].startswith("others")

    def test_a_branch_of_a_few_customers_is_hidden_with_one_that_would_give_it_away(self):
        table = show.table_effort(frame("effort"), RULES, names=BRANCHES, lang="zh")
        assert set(cells(table, "小支行")[1:]) == {"*"}
        hidden = [row for row in read(table).rows if len(row) > 1 and row[1] == "*"]
        assert len(hidden) == 2
        assert cells(table, "管户合计")[1] != "*"

    @BOTH
    def test_the_change_in_assets_is_never_called_an_effect(self, lang):
        table = show.table_effort(frame("effort"), RULES, branch_id="B01", lang=lang)
        caution = {"zh": "不是接触的效果", "en": "not their effect"}[lang]
        assert caution in table

    def test_without_costs_there_is_no_column_of_them_and_the_table_says_so(self):
        table = show.table_effort(frame("effort"), RULES, branch_id="B01", lang="zh")
        assert "没有提供任何费用" in table
        heads = next(row for row in read(table).rows if "小时" in row)
        assert "费用" not in heads


OUTREACH = [
    # successes and attempts, people, strangers, what the title says
    ((3, 40), 40, 20, "低于存量"),
    ((38, 40), 40, 20, "高于存量"),
    ((20, 40), 40, 20, "无显著差异"),
    ((40, 40), 40, 0, "无法比较"),
]


@pytest.mark.parametrize(("reached", "people", "strangers", "said"), OUTREACH)
def test_outreach_is_compared_only_where_strangers_are_logged(reached, people, strangers, said):
    table = show.table_outreach(outreach_of(reached, people, strangers), RULES, lang="zh")
    assert said in table
    line = cells(table, "外拓（")
    assert f"{reached[0]}/{reached[1]}" in line[2]
    assert ("%" in line[2]) == (strangers > 0)
    assert ("没有记录" in table) == (strangers == 0)


def test_without_outreach_existing_customers_stand_alone():
    table = show.table_outreach(outreach_of((1, 2), 2, 1).tail(1), RULES, lang="zh")
    assert "没有外拓记录" in table
    assert table.n_rows == 1


@pytest.mark.parametrize(("rise", "said"), [(1.0, "上升"), (-0.5, "下降"), (0.0, "无显著变化")])
def test_the_title_of_stickiness_says_what_the_interval_allows(rise, said):
    table = show.table_stickiness(sticky(rise), RULES, lang="zh", baseline="2026-03-31")
    assert said in table
    assert "快照日期" in table  # the flags have no dates


def test_tools_of_the_plan_stand_beside_what_was_used():
    table = show.table_tools(frame("tools"), RULES, branch_id="B01", lang="zh")
    group = frame("tools").query("branch_id == 'B01'")["group"].iloc[0]
    tools = RULES.groups[group].tools
    line = cells(table, group)
    assert line[1] == "、".join(RULES.tools[tool].label.zh for tool in tools)
    # the log of these branches has nothing but calls
    unused = [
        tool
        for tool in tools
        if RULES.tools[tool].channels and "phone" not in RULES.tools[tool].channels
    ]
    assert line[5] == ("、".join(RULES.tools[tool].label.zh for tool in unused) or "无")


def test_pools_show_both_days_only_with_a_baseline():
    both = show.table_pools(
        frame("pool_changes"), RULES, lang="zh", as_of=AS_OF, baseline="2026-03-31"
    )
    now = show.table_pools(frame("pool_changes"), RULES, lang="zh", as_of=AS_OF)
    assert "进入" in both and "2026-03-31至2026-06-30" in both
    assert "进入" not in now
    assert cells(both, "临界提升客户")[5] == cells(now, "临界提升客户")[1]


@BOTH
def test_a_report_is_divided_another_way_only_where_that_is_asked_for(lang):
    segments = network().segments
    assert show.section_dimension(segments, RULES, dimension="", lang=lang) is None
    said = show.section_dimension(segments, RULES, dimension="gender", lang=lang)
    assert said.startswith("<h2>")
    assert said.count("<table") == 2
    with pytest.raises(CallError, match="did you mean gender"):
        show.section_dimension(segments, RULES, dimension="gendre", lang=lang)
