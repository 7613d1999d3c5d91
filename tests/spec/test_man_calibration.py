"""Whether the coefficients agree with what past assignments took and brought."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from engines import bank_of, check, on_every_engine
from stockcust.man import calibrate, past_episodes
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
ASSIGNED = """
    customer_id | campaign_id | assign_date | purpose      | man_at_assign | is_control | outcome  | outcome_date
    angel       | k1          | 2026-01-10  | product_sale | MAN           | no         | purchase | 2026-02-01
    by_code     | k1          | 2026-01-10  | product_sale | M0A0N1        | no         | none     |
    too_late    | k1          | 2026-01-10  | product_sale | MAn           | no         | purchase | 2026-04-11
    hold_out    | k1          | 2026-01-10  | product_sale | MAN           | yes        | purchase | 2026-02-01
    not_a_sale  | k2          | 2026-01-10  | wake_dormant | MAN           | no         | woken    | 2026-02-01
    no_group    | k1          | 2026-01-10  | product_sale |               | no         | purchase | 2026-02-01
    running     | k3          | 2026-05-10  | product_sale | MAN           | no         | purchase | 2026-06-01
    """
CONTACTED = """
    customer_id | contact_time     | channel    | campaign_id | duration_minutes | cost_cny | is_effective
    angel       | 2026-01-09 23:00 | phone      | k1          | 9                | 1        | yes
    angel       | 2026-01-10 09:00 | phone      | k1          | 9                | 1        | yes
    angel       | 2026-01-12 09:00 | face_visit |             |                  | 20       | yes
    angel       | 2026-01-13 09:00 | sms        | k1          |                  | 1        | yes
    angel       | 2026-01-14 09:00 | phone      | k9          | 9                | 1        | yes
    angel       | 2026-04-10 20:00 | wecom      | k1          | 2                |          | no
    angel       | 2026-04-11 09:00 | wecom      | k1          | 2                |          | yes
    """


@on_every_engine
def test_an_episode_is_a_finished_assignment_with_the_group_written_down_then(engine):
    bank = bank_of(engine, assignments=ASSIGNED, contacts=CONTACTED)
    check(
        past_episodes(bank.until("2026-06-30"), RULES),
        """
        customer_id | campaign_id | window_end | man_group | difficulty | is_success | n_contacts | minutes | cost_cny
        angel       | k1          | 2026-04-10 | MAN       | 1          | yes        | 3          | 56      | 21
        by_code     | k1          | 2026-04-10 | maN       | 5          | no         | 0          | 0       | 0
        too_late    | k1          | 2026-04-10 | MAn       | 2          | no         | 0          | 0       | 0
        """,
    )


def test_without_a_contact_log_effort_is_unknown_and_success_is_not():
    bank = bank_of("pandas", assignments=ASSIGNED)
    found = past_episodes(bank.until("2026-06-30"), RULES)
    assert found["n_contacts"].isna().all()
    assert list(found["is_success"]) == [True, False, False]
    assert calibrate(found, RULES).effort.verdict == "cannot_tell"


def test_without_assignments_nothing_can_be_told():
    bank = bank_of("pandas", customers="customer_id\na")
    found = calibrate(past_episodes(bank.until("2026-06-30"), RULES), RULES)
    assert found.table.empty
    assert found.success.verdict == found.effort.verdict == "cannot_tell"
    assert set(found.letters["separates"]) == {"cannot_tell"}


def _episodes(n_success: dict[str, tuple[int, int]], contacts: dict[str, float]) -> pd.DataFrame:
    """n and successes by MAN group; every second customer takes one contact more."""
    parts = []
    for group, (n, successes) in n_success.items():
        extra = np.arange(n) % 2
        parts.append(
            pd.DataFrame(
                {
                    "man_group": group,
                    "difficulty": RULES.man.coefficients[group],
                    "is_success": np.arange(n) < successes,
                    "n_contacts": contacts[group] + extra,
                    "minutes": 8.0 * (contacts[group] + extra),
                    "cost_cny": 2.0,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


FALLING = {"MAN": (200, 100), "MAn": (200, 60), "mAN": (200, 30), "man": (200, 4)}
RISING_EFFORT = {"MAN": 1.0, "MAn": 2.0, "mAN": 4.0, "man": 7.0}


def test_success_and_effort_by_coefficient_with_wilson_intervals():
    found = calibrate(_episodes(FALLING, RISING_EFFORT), RULES)
    check(
        found.table,
        """
        difficulty | n   | n_success | success_share | mean_contacts | mean_minutes | mean_cost_cny
        1          | 200 | 100       | 0.5           | 1.5           | 12           | 2
        2          | 200 | 60        | 0.3           | 2.5           | 20           | 2
        4          | 200 | 30        | 0.15          | 4.5           | 36           | 2
        8          | 200 | 4         | 0.02          | 7.5           | 60           | 2
        """,
    )
    low, high = proportion_confint(30, 200, method="wilson")
    row = found.table.set_index("difficulty").loc[4]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((low, high))
    assert (found.success.verdict, found.effort.verdict) == ("holds", "holds")
    assert found.warnings.empty


def test_the_trend_is_the_cochran_armitage_test():
    found = calibrate(_episodes(FALLING, RISING_EFFORT), RULES)
    score = np.repeat([1, 2, 4, 8], 200)
    success = np.concatenate([np.arange(200) < k for _, k in FALLING.values()])
    n, p = len(score), success.mean()
    t = ((score - score.mean()) * (success - p)).sum()
    z = t / np.sqrt(p * (1 - p) * ((score - score.mean()) ** 2).sum() * n / (n - 1))
    assert found.success.statistic == pytest.approx(z)
    assert found.success.n == 800


def test_coefficients_in_the_wrong_order_are_contradicted_and_the_pair_is_named():
    swapped = {**FALLING, "MAn": (200, 20), "mAN": (200, 80)}
    effort = {**RISING_EFFORT, "MAn": 5.0, "mAN": 2.0}
    found = calibrate(_episodes(swapped, effort), RULES)
    assert (found.success.verdict, found.effort.verdict) == ("contradicted", "contradicted")
    named = found.warnings[["code", "difficulty", "next_difficulty", "is_clear"]]
    assert named.to_numpy().tolist() == [
        ["success_rises", 2, 4, True],
        ["effort_falls", 2, 4, True],
    ]


def test_a_wrong_order_that_chance_explains_is_named_but_not_called_clear():
    near = {**FALLING, "MAn": (200, 40), "mAN": (200, 42)}
    found = calibrate(_episodes(near, RISING_EFFORT), RULES)
    assert list(found.warnings["is_clear"]) == [False]
    assert found.success.verdict == "holds"


def test_an_order_that_chance_explains_is_not_said_to_hold():
    slight = {"MAN": (200, 42), "MAn": (200, 41), "mAN": (200, 40), "man": (200, 38)}
    episodes = _episodes(slight, dict.fromkeys(FALLING, 2.0))
    few = episodes.index[episodes["man_group"] == "man"][:12]
    episodes.loc[few, "n_contacts"] += 2
    found = calibrate(episodes, RULES)
    assert 0.05 < found.success.p_value < 1
    assert 0.05 < found.effort.p_value < 1
    assert (found.success.verdict, found.effort.verdict) == ("not_shown", "not_shown")


def test_equal_success_everywhere_shows_no_order():
    flat = dict.fromkeys(FALLING, (200, 40))
    assert calibrate(_episodes(flat, RISING_EFFORT), RULES).success.verdict == "not_shown"


@pytest.mark.parametrize(
    "n_success",
    [
        {"MAN": (200, 100), "man": (9, 0)},
        {"MAN": (200, 0), "man": (200, 0)},
        {"MAN": (200, 200), "man": (200, 200)},
        {"MAN": (9, 5), "man": (9, 0)},
    ],
    ids=["one coefficient", "no success", "only success", "too few everywhere"],
)
def test_too_few_cases_or_no_difference_at_all_cannot_tell(n_success):
    found = calibrate(_episodes(n_success, RISING_EFFORT), RULES)
    assert found.success.verdict == "cannot_tell"


def test_fewer_cases_than_the_rulebook_asks_give_counts_without_a_rate():
    found = calibrate(_episodes({"MAN": (200, 100), "man": (9, 4)}, RISING_EFFORT), RULES)
    row = found.table.set_index("difficulty").loc[8]
    assert (row["n"], row["n_success"]) == (9, 4)
    assert row[["success_share", "ci_low", "ci_high"]].isna().all()


def test_letters_are_compared_while_the_other_two_stay_equal():
    # need is what sells; money and authority only seem to, because the needy have both
    by_need = {
        "MAN": (300, 120),
        "MAn": (60, 3),
        "mAN": (60, 24),
        "MaN": (60, 24),
        "man": (300, 15),
        "maN": (60, 24),
        "mAn": (60, 3),
        "Man": (60, 3),
    }
    found = calibrate(_episodes(by_need, dict.fromkeys(by_need, 1.0)), RULES)
    letters = found.letters.set_index("letter")
    assert letters["separates"].to_dict() == {
        "money": "not_shown",
        "authority": "not_shown",
        "need": "yes",
    }
    assert letters.loc["money", "odds_ratio"] == pytest.approx(1)
    assert letters.loc["need", "odds_ratio"] == pytest.approx((0.4 / 0.6) / (0.05 / 0.95))
