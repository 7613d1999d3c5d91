"""Tools that were used with a group against those of its plan."""

from __future__ import annotations

import pandas as pd
import pytest

from stockcust.kpis import NETWORK, tool_adherence
from stockcust.kpis.tools import seen_channels
from stockcust.rulebook import load_rulebook

RULES = load_rulebook()
FEW = RULES.with_changes({"report.min_n_rate": 2})


def people(*groups, **said):
    rows = {
        "customer_id": [f"c{i}" for i in range(len(groups))],
        "group": groups,
        "branch_id": "b1",
    }
    same = {"band": "low", "n_contacts": 1.0, "is_effective": True} | said
    return pd.DataFrame(rows).assign(**same)


def log(*channels, customer="c0", direction="out"):
    rows = pd.DataFrame({"customer_id": customer, "branch_id": "b1", "channel": channels})
    return rows.assign(direction=direction)


def line(table, group, branch="b1"):
    return table[(table["branch_id"] == branch) & (table["group"] == group)].iloc[0]


PLANS = [
    # group, channel, is it one of the plan's tools
    ("G1", "face_visit", True),
    ("G1", "wecom", True),
    ("G1", "event", True),  # the private salon
    ("G1", "card", True),
    ("G1", "branch_meet", True),  # the asset review
    ("G1", "phone", False),
    ("G1", "sms", False),
    ("G4", "phone", True),
    ("G4", "sms", False),
    ("G8", "app_push", True),
    ("G8", "phone", False),
    ("G9", "outbound_bot", True),
    ("G9", "sms", True),
    ("G9", "phone", False),
]


@pytest.mark.parametrize(("group", "channel", "is_prescribed"), PLANS)
def test_a_contact_is_by_a_tool_of_the_plan(group, channel, is_prescribed):
    row = line(tool_adherence(log(channel), people(group), RULES), group)
    assert (row["n_contacts"], row["n_prescribed"]) == (1, int(is_prescribed))
    assert row["other_channels"] == ("" if is_prescribed else channel)


@pytest.mark.parametrize(
    ("band", "channel", "is_prescribed"),
    [("high", "phone", True), ("mid", "branch_meet", True), ("low", "phone", False)],
)
def test_without_a_group_the_plan_of_the_band_counts(band, channel, is_prescribed):
    row = line(tool_adherence(log(channel), people("unknown", band=band), RULES), "unknown")
    assert row["n_prescribed"] == int(is_prescribed)


def test_what_the_customer_began_is_no_use_of_a_tool():
    contacts = pd.concat([log("phone", direction="in"), log("phone", direction=None)])
    assert line(tool_adherence(contacts, people("G4"), RULES), "G4")["n_contacts"] == 1


def test_tools_that_were_not_used_are_named_but_those_that_cannot_be_seen():
    row = line(
        tool_adherence(log("sms", "sms", "phone", "wecom", "phone", "phone"), people("G9"), RULES),
        "G9",
    )
    # the public notice leaves no trace in the log
    assert row["unused_tools"] == "outbound_call;branch_prompt"
    assert row["other_channels"] == "phone;wecom"  # the most used first


def test_every_prescribed_tool_has_channels_or_is_known_to_leave_no_trace():
    invisible = {id for id, tool in RULES.tools.items() if not tool.channels}
    assert invisible == {"notice"}
    assert all(seen_channels(group.tools, RULES) for group in RULES.groups.values())


def test_the_rate_stands_with_its_customers_and_is_left_out_for_few():
    contacts = pd.concat([log("phone", "sms"), log("phone", customer="c1")])
    segments = people("G4", "G4", "G4")
    row = line(tool_adherence(contacts, segments, FEW), "G4")
    assert (row["n_customers"], row["n_contacted"]) == (3, 2)
    assert (row["n_contacts"], row["n_prescribed"]) == (3, 2)
    assert row["prescribed_share"] == pytest.approx(2 / 3)
    assert row["ci_low"] < 2 / 3 < row["ci_high"]
    few = line(tool_adherence(contacts, segments, RULES), "G4")
    assert few[["prescribed_share", "ci_low", "ci_high"]].isna().all()


def test_a_group_that_nobody_contacted_used_none_of_its_tools():
    row = line(tool_adherence(log("phone"), people("G4", "G8"), RULES), "G8")
    assert (row["n_customers"], row["n_contacts"]) == (1, 0)
    assert row["unused_tools"] == "sms;wecom_community;app_message"


def test_customers_below_the_threshold_and_branches_without_a_log_have_no_line():
    segments = pd.concat(
        [
            people("G4", is_effective=False),
            people("G4", branch_id="b2", n_contacts=None),
            people("G8", branch_id="b3"),
        ]
    )
    table = tool_adherence(log("phone"), segments, RULES)
    assert set(zip(table["branch_id"], table["group"])) == {("b3", "G8"), (NETWORK, "G8")}


def test_the_branches_add_up_to_the_network():
    contacts = pd.concat([log("phone", "sms"), log("phone").assign(branch_id="b2")])
    segments = pd.concat([people("G4", "G8"), people("G4").assign(branch_id="b2")])
    table = tool_adherence(contacts, segments, FEW)
    counts = ["n_customers", "n_contacted", "n_contacts", "n_prescribed"]
    is_whole = table["branch_id"] == NETWORK
    whole, parts = (
        rows.groupby("group")[counts].sum() for rows in (table[is_whole], table[~is_whole])
    )
    pd.testing.assert_frame_equal(whole, parts)
    assert line(table, "G4", NETWORK)["n_contacted"] == 2


def test_without_a_log_there_are_no_lines_of_the_same_types():
    nothing = tool_adherence(None, people("G4"), RULES)
    assert nothing.empty
    assert nothing.dtypes.equals(tool_adherence(log("phone"), people("G4"), RULES).dtypes)
