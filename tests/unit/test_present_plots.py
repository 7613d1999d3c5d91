"""Pictures: every one in both languages, with every warning an error; and they say what is true."""

from __future__ import annotations

import inspect
import re
import warnings

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from present_frames import (
    AS_OF,
    BRANCHES,
    HOSTILE,
    RULES,
    SHARE,
    calibration,
    cohorts,
    counts,
    moves,
    network,
    scored,
)

from stockcust.errors import CallError
from stockcust.present import plots, style
from stockcust.present.texts import LANGUAGES, Texts
from stockcust.segmentation.base_table import base_table
from stockcust.segmentation.migrations import migration

matplotlib.use("Agg")
TURNED = {"upgrades": "declines", "declines": "upgrades", "new": "lost", "lost": "new"}
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
PICTURES = {
    "book": lambda lang, **k: plots.plot_book(scored(300), RULES, lang=lang, as_of=AS_OF, **k),
    "calibration": lambda lang, **k: plots.plot_calibration(calibration(), RULES, lang=lang, **k),
    "comparison": lambda lang, **k: plots.plot_comparison(
        network().frames["figures"], RULES, figure=SHARE, names=BRANCHES, lang=lang, **k
    ),
    "man_funnel": lambda lang, **k: plots.plot_man_funnel(scored(), RULES, lang=lang, **k),
    "man_groups": lambda lang, **k: plots.plot_man_groups(scored(), RULES, lang=lang, **k),
    "migration": lambda lang, **k: plots.plot_migration(
        moves(), RULES, between=("2026-03-31", AS_OF), lang=lang, **k
    ),
    "quadrants": lambda lang, **k: plots.plot_quadrants(
        scored(), RULES, lang=lang, as_of=AS_OF, **k
    ),
    "quality": lambda lang, **k: plots.plot_quality(counts(), RULES, lang=lang, **k),
    "retention": lambda lang, **k: plots.plot_retention(cohorts(), RULES, lang=lang, **k),
    "tiers": lambda lang, **k: plots.plot_tiers(scored(), RULES, lang=lang, as_of=AS_OF, **k),
    "reconciliation": lambda lang, **k: plots.plot_reconciliation(
        network().frames["reconciliation"], RULES, names=BRANCHES, lang=lang, **k
    ),
    "waterfall": lambda lang, **k: plots.plot_waterfall(
        network().frames["waterfall"], RULES, lang=lang, **k
    ),
}


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def draw(ax: Axes) -> Axes:
    """Render; a missing glyph, a missing font or any other warning fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.canvas.draw()
    return ax


def texts_of(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_every_picture_of_the_package_is_drawn_here():
    assert {f"plot_{name}" for name in PICTURES} == set(plots.__all__)


@BOTH
@pytest.mark.parametrize("picture", PICTURES)
class TestEveryPicture:
    def test_draws_readably_within_its_figure_and_without_a_warning(self, picture, lang, caplog):
        ax = draw(PICTURES[picture](lang))
        width, height = ax.figure.canvas.get_width_height()
        box = ax.figure.get_tightbbox().transformed(ax.figure.dpi_scale_trans)
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
        texts = [text for text in ax.findobj(matplotlib.text.Text) if text.get_text()]
        assert min(text.get_fontsize() for text in texts) >= style.SMALL_SIZE
        assert ax.get_title() and ax.get_title("left")
        assert not caplog.records

    def test_uses_the_axes_it_is_given(self, picture, lang):
        style.use_style()
        _, (left, _) = plt.subplots(1, 2, figsize=(12, 6))
        assert PICTURES[picture](lang, ax=left) is left


@pytest.mark.parametrize("name", plots.__all__)
def test_every_picture_documents_its_parameters_and_takes_axes(name):
    plot = getattr(plots, name)
    parameters = inspect.signature(plot).parameters
    assert list(parameters)[1] == "rules"
    assert parameters["ax"].default is None
    assert parameters["lang"].default == "zh"
    assert all(f"\n    {p} : " in plot.__doc__ or f" {p}," in plot.__doc__ for p in parameters)


def test_a_glyph_that_the_font_lacks_fails():
    ax = style.new_axes()
    ax.set_title("\ue123")
    with pytest.raises(UserWarning, match="missing from"):
        draw(ax)


@pytest.mark.parametrize(
    ("plot", "frame"),
    [
        (plots.plot_book, scored(300).head(0)),
        (plots.plot_man_funnel, scored(300).head(0)),
        (plots.plot_man_groups, scored(300).head(0)),
        (plots.plot_quadrants, scored(300).head(0)),
        (plots.plot_tiers, scored(300).head(0)),
        (plots.plot_quality, counts().head(0)),
        (plots.plot_waterfall, network().frames["waterfall"].head(0)),
        (plots.plot_reconciliation, network().frames["reconciliation"].head(0)),
        (plots.plot_retention, cohorts().head(0)),
        (plots.plot_migration, migration(scored(300).head(0), scored(300).head(0))),
    ],
)
@BOTH
def test_an_empty_branch_gets_a_sentence_instead_of_a_picture(plot, frame, lang):
    ax = draw(plot(frame, RULES, lang=lang))
    assert ax.get_title()
    said = {"".join(text.split()) for text in texts_of(ax)}
    words = {
        "".join(Texts(lang)(f"nothing.{k}").split())
        for k in ("no_customers", "no_rows", "no_money", "no_totals", "no_moves", "no_retention")
    }
    assert said & words
    assert ax.figure.get_size_inches()[1] < 2  # no page of nothing


def test_a_figure_of_the_readers_own_keeps_its_size():
    style.use_style()
    _, ax = plt.subplots(figsize=(6, 5))
    plots.plot_book(scored(300).head(0), RULES, ax=ax)
    assert ax.figure.get_size_inches()[1] == 5


class TestWhatCannotBeTold:
    """Where evidence is missing for everybody, the title says that and nothing else."""

    def test_no_group_on_either_day_leaves_no_rates_and_no_empty_grid(self):
        nobody = scored(300, logged=False)
        ax = draw(plots.plot_migration(migration(nobody, nobody), RULES))
        assert texts_of(ax) == [Texts("zh")("nothing.no_stayers")]

    def test_angels_cannot_be_told_without_anybodys_need(self):
        nobody_knows = scored(300).assign(need="unknown", man_group="MAn")
        assert "购买需求全部未知" in plots.plot_man_funnel(nobody_knows, RULES).get_title()
        one_known = nobody_knows.assign(need=["lacks", *nobody_knows["need"][1:]])
        assert "0户" in plots.plot_man_funnel(one_known, RULES).get_title()

    def test_a_book_of_unknown_familiarity_has_no_strangers(self):
        title = plots.plot_book(scored(300, logged=False), RULES).get_title()
        assert title == Texts("zh")("quadrants.all_unknown")

    def test_unknown_assets_are_not_drawn_as_zero(self):
        said = texts_of(plots.plot_tiers(scored(), RULES))
        assert Texts("zh")("assets_unknown") in said

    def test_nobody_in_the_upper_tiers_is_said_plainly(self):
        poor = scored()[scored()["tier"].isin(["T1", "T2"])]
        assert plots.plot_tiers(poor, RULES).get_title() == "没有20万元以上的客户"

    @pytest.mark.parametrize(
        ("is_fallback", "basis"), [(False, "AUM月日均"), (True, "月末时点AUM")]
    )
    def test_the_axis_names_the_balances_that_stand_in_for_averages(self, is_fallback, basis):
        rows = scored(300).assign(is_aum_fallback=is_fallback)
        for plot in (plots.plot_quadrants, plots.plot_book):
            assert basis in plot(rows, RULES).get_ylabel()


@pytest.mark.parametrize(
    "plot", [plots.plot_book, plots.plot_man_funnel, plots.plot_quadrants, plots.plot_tiers]
)
def test_one_customer_is_drawn(plot):
    assert draw(plot(scored(300).head(1), RULES)).get_title()


class TestQuadrants:
    def test_assets_are_upwards_and_familiarity_to_the_right_from_stranger_to_familiar(self):
        ax = plots.plot_quadrants(scored(), RULES, lang="en")
        assert "assets" in ax.get_ylabel()
        assert "familiarity" in ax.get_xlabel()
        right = [label.get_text() for label in ax.get_xticklabels()]
        assert right[:3] == ["stranger", "acquainted", "familiar"]
        up = [label.get_text().split()[0] for label in ax.get_yticklabels()]
        assert up[:5] == ["T1", "T2", "T3", "T4", "T5"]
        assert ax.get_ylim()[0] < ax.get_ylim()[1] and ax.get_xlim()[0] < ax.get_xlim()[1]

    @pytest.mark.parametrize(
        ("group", "x", "y"),
        [("G1", 2.5, 4), ("G3", 0.5, 4), ("G5", 1.5, 2.5), ("G7", 2.5, 1), ("G9", 0.5, 1)],
    )
    def test_each_group_stands_in_the_middle_of_its_cells(self, group, x, y):
        ax = plots.plot_quadrants(scored(), RULES)
        at = {text.get_text()[:2]: text.get_position() for text in ax.texts}
        assert at[group] == (x, y)

    @pytest.mark.parametrize("logged", [True, False])
    def test_the_counts_in_the_regions_and_apart_add_up_to_everyone(self, logged):
        frame = scored(3_000, logged)
        ax = plots.plot_quadrants(frame, RULES, lang="en")
        found = [re.search(r"^([\d,]+) customers?$", text, re.MULTILINE) for text in texts_of(ax)]
        assert sum(int(match[1].replace(",", "")) for match in found) == len(frame)

    def test_each_region_has_the_count_and_the_assets_of_its_group(self):
        frame = scored()
        effective = frame[frame["is_effective"].fillna(True)]
        said = {text[:2]: text for text in texts_of(plots.plot_quadrants(frame, RULES))}
        t = Texts("zh")
        for group in RULES.groups:
            aum = effective.loc[effective["group"] == group, "aum_cny"]
            assert f"{len(aum):,}户" in said[group]
            assert aum.empty or t.money(aum.sum()) in said[group]

    def test_a_base_table_draws_the_same_picture_as_customers(self):
        frame = scored()
        cells = base_table(frame, ["tier", "familiarity", "group"])
        one, other = (plots.plot_quadrants(f, RULES) for f in (frame, cells))
        assert texts_of(one) == texts_of(other)
        assert one.get_title("left") == other.get_title("left")

    @BOTH
    def test_the_words_of_each_region_fit_into_it(self, lang):
        ax = draw(plots.plot_quadrants(scored(), RULES, lang=lang))
        for text in ax.texts:
            box = text.get_window_extent().transformed(ax.transData.inverted())
            wide = 3 if box.y0 < 0 else 1
            assert box.width <= wide * 1.02, text.get_text()
            assert box.height <= 1.0, text.get_text()

    def test_other_grids_are_drawn_too(self):
        changes = {
            "grid.T2": {"F3": "G4", "F2": "G5", "F1": "G6"},
            "bands.mid.tiers": ["T3", "T2"],
            "bands.low.tiers": ["T1"],
        }
        rules = RULES.with_changes(changes)
        ax = plots.plot_quadrants(scored(), rules)
        at = {text.get_text()[:2]: text.get_position() for text in ax.texts}
        assert at["G5"] == (1.5, 2)

    def test_without_a_contact_log_everyone_stands_apart_and_the_title_says_what_to_do(self):
        ax = plots.plot_quadrants(scored(200, logged=False), RULES)
        assert ax.get_title() == Texts("zh")("quadrants.all_unknown")

    def test_the_subtitle_names_the_customers_below_the_threshold_and_the_day(self):
        frame = scored()
        low = int((~frame["is_effective"]).sum())
        subtitle = plots.plot_quadrants(frame, RULES, as_of=AS_OF).get_title("left")
        assert f"{low:,}户未达有效户标准" in subtitle.replace("\n", "")
        assert AS_OF in subtitle


class TestBook:
    def test_every_customer_is_a_point_at_the_assets_and_in_the_column_of_the_class(self):
        frame = scored(300).dropna(subset=["aum_cny"])
        ax = plots.plot_book(frame, RULES)
        points = np.vstack([c.get_offsets() for c in ax.collections])
        assert len(points) == len(frame)
        in_first = int((points[:, 0].round() == 0).sum())
        assert in_first == int((frame["familiarity"] == "F1").sum())
        assert ax.get_yscale() == "log"

    def test_no_customer_id_is_written(self):
        ax = plots.plot_book(scored(300), RULES)
        assert not [t for t in ax.findobj(matplotlib.text.Text) if "C000" in t.get_text()]

    def test_the_same_seed_draws_the_same_points(self):
        one, other = (plots.plot_book(scored(300), RULES, seed=3) for _ in range(2))
        assert np.array_equal(one.collections[0].get_offsets(), other.collections[0].get_offsets())

    def test_a_huge_book_is_sampled_and_says_so(self):
        huge = pd.concat([scored()] * 4, ignore_index=True)
        ax = draw(plots.plot_book(huge, RULES))
        assert sum(len(c.get_offsets()) for c in ax.collections) == 5_000
        assert "5,000户" in ax.get_title("left")


class TestTiers:
    def test_the_shares_of_customers_and_of_assets_each_add_up_to_one(self):
        ax = plots.plot_tiers(scored(), RULES)
        for bars in ax.containers:
            assert sum(bar.get_width() for bar in bars) == pytest.approx(1)


class TestWaterfall:
    def test_each_bar_starts_where_the_one_before_ends(self):
        ax = PICTURES["waterfall"]("zh")
        bars = list(ax.containers[0])
        reached = bars[0].get_width()
        for bar in bars[1:-1]:
            assert bar.get_x() == pytest.approx(reached)
            reached += bar.get_width()
        assert bars[-1].get_width() == pytest.approx(reached)

    def test_it_says_where_a_cut_axis_begins(self):
        ax = PICTURES["waterfall"]("en")
        assert ax.get_xlim()[0] > 0
        assert "the axis starts at" in ax.get_xlabel()

    def test_a_fall_names_the_step_that_took_most(self):
        steps = network().frames["waterfall"]
        turned = steps.assign(
            component=steps["component"].replace(TURNED), aum_cny=-steps["aum_cny"]
        )
        assert "主要来自存量下降" in plots.plot_waterfall(turned, RULES).get_title()

    def test_a_branch_has_its_own_steps(self):
        steps = network().frames["waterfall"]
        ax = plots.plot_waterfall(steps, RULES, branch_id="B04")
        own = steps[(steps["branch_id"] == "B04") & (steps["component"] == "opening")]
        assert ax.containers[0][0].get_width() == own["aum_cny"].item()


class TestMan:
    def test_the_funnel_never_widens_and_ends_with_the_angels(self):
        man = scored()
        ax = plots.plot_man_funnel(man, RULES)
        widths = sum(np.array([bar.get_width() for bar in bars]) for bars in ax.containers)
        assert (np.diff(widths) <= 0).all()
        assert widths[0] == len(man)
        assert widths[-1] == (man["man_group"] == "MAN").sum()

    def test_the_pale_part_is_the_authority_that_is_assumed(self):
        man = scored()
        pale = plots.plot_man_funnel(man, RULES).containers[1]
        angels = man["man_group"] == "MAN"
        assert pale[-1].get_width() == (angels & man["is_authority_assumed"]).sum()

    def test_the_groups_stand_from_the_easiest_to_the_hardest(self):
        ax = plots.plot_man_groups(scored(), RULES, lang="en")
        names = [label.get_text().split()[1] for label in ax.get_yticklabels()]
        assert names == ["MAN", "MAn", "MaN", "mAN", "maN", "mAn", "Man", "man"]


class TestCalibration:
    def test_the_dots_are_the_success_shares_with_their_wilson_intervals(self):
        ax = plots.plot_calibration(calibration(), RULES)
        rows = calibration().table.dropna(subset=["success_share"])
        lines, dots = ax.collections
        assert np.allclose(dots.get_offsets(), rows[["difficulty", "success_share"]].astype(float))
        ends = [sorted(segment[:, 1]) for segment in lines.get_segments()]
        assert np.allclose(ends, rows[["ci_low", "ci_high"]])

    def test_a_coefficient_with_too_few_cases_has_its_count_and_no_dot(self):
        ax = plots.plot_calibration(calibration(), RULES)
        labels = [label.get_text() for label in ax.get_xticklabels()]
        assert labels[4] == "5\nmaN\nn=4"
        assert 5 not in ax.collections[1].get_offsets()[:, 0]

    def test_only_a_clear_contradiction_is_marked(self):
        clear = calibration().warnings.query("is_clear and code == 'success_rises'")
        pairs = [
            tuple(line.get_xdata()) for line in plots.plot_calibration(calibration(), RULES).lines
        ]
        assert pairs == [*zip(clear["difficulty"], clear["next_difficulty"])] == [(6, 7)]

    @BOTH
    def test_effort_is_drawn_with_its_own_verdict(self, lang):
        ax = draw(plots.plot_calibration(calibration(), RULES, against="effort", lang=lang))
        assert ax.get_title() == Texts(lang)(f"calibration.effort.{calibration().effort.verdict}")
        heights = [bar.get_height() for bar in ax.containers[0]]
        assert np.allclose(heights, calibration().table["mean_contacts"])


class TestComparison:
    def test_only_a_branch_whose_whole_interval_is_off_the_reference_is_coloured(self):
        figures = network().frames["figures"]
        rows = figures[(figures["figure"] == SHARE)].set_index("branch_id")
        reference = rows["estimate"]["*"]
        rows = rows.drop("*")
        above, below = (rows["ci_low"] > reference).sum(), (rows["ci_high"] < reference).sum()
        assert above and below
        title = PICTURES["comparison"]("zh").get_title()
        assert title == f"接触覆盖率：{above}家高于全行，{below}家低于全行"

    def test_a_branch_with_too_few_cases_has_no_dot(self):
        ax = PICTURES["comparison"]("zh")
        assert len(ax.collections[1].get_offsets()) == 3
        assert Texts("zh")("too_few_for_rate") in "".join(texts_of(ax))

    def test_a_branch_name_is_shown_as_it_is_written(self):
        ax = draw(PICTURES["comparison"]("zh"))
        labels = "".join(label.get_text() for label in ax.get_yticklabels()).replace("\n", "")
        assert HOSTILE in labels

    def test_a_figure_without_an_interval_is_refused(self):
        with pytest.raises(CallError, match="'aum_cny' is no share"):
            plots.plot_comparison(network().frames["figures"], RULES, figure="aum_cny")

    def test_many_branches_fit(self):
        figures = network().frames["figures"]
        many = [figures.replace({"branch_id": {"B01": f"C{i:02d}"}}) for i in range(80)]
        draw(plots.plot_comparison(pd.concat(many), RULES, figure=SHARE))

    def test_few_cases_everywhere_are_said_to_be_too_few(self):
        small = network().frames["figures"].query("branch_id == 'B04'")
        ax = draw(plots.plot_comparison(small, RULES, figure=SHARE, lang="en"))
        assert "fewer than 10" in texts_of(ax)[0].replace("\n", " ")


class TestMigration:
    def test_the_cells_of_a_branch_are_its_moves(self):
        ax = draw(plots.plot_migration(moves(), RULES, branch_id="B01", lang="en"))
        said = [int(text) for text in texts_of(ax) if text]
        assert sum(said) == moves().matrix("B01").to_numpy().sum()

    def test_before_is_downwards_and_after_is_across_with_the_nine_groups_first(self):
        ax = plots.plot_migration(moves(), RULES, lang="en")
        across = [label.get_text() for label in ax.get_xticklabels()]
        down = [label.get_text()[:2] for label in ax.get_yticklabels()]
        assert across[:9] == down[:9] == [f"G{i}" for i in range(1, 10)]
        assert across[-1] == "left" and "before" in ax.get_ylabel() and "after" in ax.get_xlabel()

    def test_over_all_branches_no_cell_of_a_few_customers_is_shown(self):
        least = RULES.compliance.privacy.min_cell_size
        numbers = moves().matrix().to_numpy()
        assert ((numbers > 0) & (numbers < least)).any()
        said = texts_of(plots.plot_migration(moves(), RULES))
        assert min(int(text) for text in said if text.isdigit()) >= least
        assert "*" in said

    def test_the_title_gives_the_rates_of_rising_and_falling(self):
        rows = moves().table.query("direction in ('up', 'flat', 'down', 'mixed')")
        up = rows.loc[rows["direction"] == "up", "n_customers"].sum()
        title = plots.plot_migration(moves(), RULES).get_title()
        assert f"提升{Texts('zh').rate(up, rows['n_customers'].sum(), 10)}" in title.replace(
            "\n", ""
        )


class TestReconciliation:
    def test_a_difference_that_nothing_explains_is_in_the_title_to_the_cent(self):
        assert PICTURES["reconciliation"]("zh").get_title() == (
            "时点AUM：1家有未解释的差异，合计12.34元"
        )

    def test_branches_that_agree_say_so(self):
        totals = network().frames["reconciliation"]
        ax = draw(plots.plot_reconciliation(totals, RULES, metric="n_customers", lang="en"))
        assert ax.get_title() == "Customers: all 4 branches agree with the ledger"
        assert texts_of(ax) == ["agrees"] * 4
