"""How long assets were held without a break, and the contacts of a window row by row."""

from __future__ import annotations

import pandas as pd

import stockcust as sc
from engines import AS_OF, bank_of, check, on_every_engine
from stockcust.customers import contacts_in_window, customers_as_of

RULES = sc.load_rulebook()
DAY = pd.Timestamp(AS_OF).date()


@on_every_engine
def test_months_are_held_since_assets_were_last_below_the_effective_threshold(engine):
    bank = bank_of(
        engine,
        aum_monthly="""
            customer_id | month   | average_aum_cny
            always      | 2025-12 | 1000
            always      | 2026-05 | 1000
            always      | 2026-06 | 1000
            again       | 2025-12 | 5000
            again       | 2026-04 | 999.99
            again       | 2026-05 | 1000
            again       | 2026-06 | 1000
            gap         | 2026-03 | 2000
            gap         | 2026-06 | 2000
            small       | 2026-05 | 5000
            small       | 2026-06 | 999
            unknown     | 2026-05 | 5000
            first       | 2026-06 | 5000
            """,
    )
    check(
        customers_as_of(bank, AS_OF, RULES),
        """
        customer_id | n_months_held
        always      | 7
        again       | 2
        gap         | 4
        small       | 0
        unknown     |
        first       | 1
        """,
    )


LOG = """
    customer_id | contact_time     | channel | is_effective | duration_minutes | purpose  | cost_cny
    c1          | 2026-04-01 00:00 | phone   | yes          | 5                | care     | 1
    c1          | 2026-04-01 00:30 | wecom   | yes          | 8                | care     | 2
    c1          | 2026-06-30 23:59 | phone   | no           | 0                | service  | 1
    c1          | 2026-06-30 10:00 | sms     | yes          |                  | care     | 0.1
    c2          | 2026-06-01 10:00 | event   | yes          |                  | other    | 35
    c1          | 2026-03-31 23:59 | phone   | yes          | 5                | care     | 1
    c1          | 2026-07-01 00:00 | phone   | yes          | 5                | care     | 1
    """


@on_every_engine
def test_a_contact_counts_once_on_its_first_row_with_its_longest_minutes(engine):
    rows = contacts_in_window(bank_of(engine, contacts=LOG), DAY, RULES, 3)
    shown = rows[["customer_id", "channel", "is_talk", "n_contacts", "minutes", "cost_cny"]]
    assert shown.astype("object").where(shown.notna(), None).to_numpy().tolist() == [
        ["c1", "phone", True, 1, 8, 1],
        ["c1", "wecom", True, 0, None, 2],
        ["c2", "event", True, 1, None, 35],
        ["c1", "sms", False, 0, None, 0.1],
        ["c1", "phone", False, 0, None, 1],
    ]


@on_every_engine
def test_the_rows_of_a_window_add_up_to_the_contacts_of_each_customer(engine):
    bank = bank_of(engine, contacts=LOG)
    months = RULES.familiarity.contact_frequency.window_months
    rows = contacts_in_window(bank, DAY, RULES, months).groupby("customer_id")
    check(
        customers_as_of(bank, AS_OF, RULES),
        "customer_id | n_contacts | contact_minutes\n"
        + "\n".join(f"{c} | {r['n_contacts'].sum()} | {r['minutes'].sum()}" for c, r in rows),
    )


def test_a_log_that_does_not_tell_talks_from_attempts_has_no_contacts():
    log = "customer_id | contact_time | channel\nc1 | 2026-06-01 10:00 | phone"
    bank = bank_of("pandas", contacts=log)
    assert contacts_in_window(bank, DAY, RULES, 3) is None
    asks_nothing = RULES.with_changes({"familiarity.contact_frequency.require_effective": False})
    assert contacts_in_window(bank, DAY, asks_nothing, 3)["n_contacts"].tolist() == [1]
    assert contacts_in_window(bank_of("pandas", customers="customer_id\nc1"), DAY, RULES, 3) is None
