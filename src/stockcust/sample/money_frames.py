"""Tables of money: monthly assets, holdings, products, purchases, control totals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stockcust.sample import ids
from stockcust.sample.clock import dates
from stockcust.sample.plan import CLASSES, NATURES
from stockcust.sample.state import OPEN_END, Journal, State, World
from stockcust.sample.wealth import AUTO_RENEWED

LOAN_MONTHS = 36


def loans(world: World) -> pd.DataFrame:
    """Farmers' and merchants' loans: owner, principal, start month and day."""
    rng = np.random.default_rng([world.seed, 9])
    people = world.people
    borrows = np.isin(people.nature, [NATURES.index("farmer"), NATURES.index("merchant")])
    owner = np.flatnonzero(rng.random(people.n) < np.where(borrows, 0.15, 0.03))
    start = rng.integers(-24, world.clock.n_months, len(owner))
    owner, start = (values[start > people.open_month[owner]] for values in (owner, start))
    start = start[~people.starts_asleep[owner]]
    owner = owner[~people.starts_asleep[owner]]
    first = world.clock.start[np.maximum(start, 0)] + np.minimum(start, 0) * 30
    principal = np.floor(people.income[owner] * rng.uniform(4, 15, len(owner)) / 1000) * 1000
    return pd.DataFrame({
        "owner": owner, "principal": principal, "start": start,
        "day": first + rng.integers(4, 25, len(owner)),
    })  # fmt: skip


def aum_monthly(world: World, journal: Journal) -> pd.DataFrame:
    """One row per customer, branch and month in which the account is open at month end."""
    customer, branch_id = ids.customer_ids(world), ids.branch_ids(world)
    borrowed = loans(world)
    chunks = []
    for month, record in journal.months.items():
        owner = np.flatnonzero(record["is_open"])
        chunk = {
            "customer_id": customer[owner],
            "branch_id": branch_id[world.people.branch_at(month)[owner]],
            "month": dates(np.full(len(owner), world.clock.end[month])),
            "current_deposit_cny": record["current"][owner],
        }
        balances = record.pop("balances")[owner]  # the largest part of the journal, used once
        chunk |= {f"{name}_cny": balances[:, column] for column, name in enumerate(CLASSES)}
        chunk |= {
            "point_aum_cny": record["point"][owner], "average_aum_cny": record["average"][owner],
            "loan_balance_cny": _loan_balance(world, borrowed, month)[owner],
            "n_login_days": record["logins"][owner],
        }  # fmt: skip
        chunks.append(pd.DataFrame(chunk))
    return pd.concat(chunks, ignore_index=True)


def _loan_balance(world: World, borrowed: pd.DataFrame, month: int) -> np.ndarray:
    age = month - borrowed["start"].to_numpy()
    left = np.where((age >= 0) & (age < LOAN_MONTHS), 1 - age / LOAN_MONTHS, 0.0)
    owner, principal = borrowed["owner"].to_numpy(), borrowed["principal"].to_numpy()
    return np.bincount(owner, (principal * left).round(2), minlength=world.people.n)


def control_totals(aum: pd.DataFrame) -> pd.DataFrame:
    """The ledger's own figures per branch and month."""
    groups = aum.groupby(["branch_id", "month"], sort=True)
    totals = groups.agg(
        point_aum=("point_aum_cny", "sum"),
        average_aum=("average_aum_cny", "sum"),
        n_customers=("customer_id", "nunique"),
    )
    long = totals.round(2).reset_index().melt(["branch_id", "month"], var_name="metric")
    return long.sort_values(["month", "branch_id", "metric"], ignore_index=True)


def products(world: World) -> pd.DataFrame:
    """The product catalogue."""
    plan = world.plan
    frame = pd.DataFrame({
        "product_id": plan.product_values("id"), "product_name": plan.product_values("name"),
        "product_class": plan.product_values("class"), "product_risk": plan.product_values("risk"),
        "min_amount_cny": plan.product_values("min").astype(float),
        "term_days": pd.array(plan.product_values("term"), dtype="Int64"),
    })  # fmt: skip
    frame.loc[frame["term_days"] == 0, "term_days"] = pd.NA
    frame["on_sale_from"] = dates(np.full(len(frame), world.clock.start[0] - 400))
    frame["on_sale_to"] = dates(np.full(len(frame), world.clock.end[-1] + 365))
    frame["is_principal_guaranteed"] = plan.product_values("guaranteed")
    frame["needs_double_record"] = [p.get("double_record", False) for p in plan.products]
    frame["audience"] = plan.product_values("audience")
    return frame


def holdings(world: World, state: State, journal: Journal) -> pd.DataFrame:
    """One row per contract, live or ended, with loans and credit cards at the end."""
    live = {name: getattr(state.contracts, name) for name in state.contracts.columns()}
    running = pd.DataFrame(live).assign(end=OPEN_END, rolled=False)
    ended = journal.events("finished").drop(columns="month")
    frame = pd.concat([ended, running], ignore_index=True).sort_values("number", kind="stable")
    owner, product = frame["owner"].to_numpy(int), frame["product"].to_numpy(int)
    rate, start = world.plan.product_values("rate")[product], frame["start"].to_numpy(int)
    month = np.maximum(world.clock.month_of(start), 0)
    rng = np.random.default_rng([world.seed, 10])
    contracts = pd.DataFrame({
        "contract_id": ids.contract_ids(frame["number"].to_numpy()),
        "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branches_of(world, owner, month),
        **_product_columns(world, product),
        "amount_cny": frame["amount"].to_numpy().round(2),
        "start_date": dates(start), "maturity_date": dates(frame["maturity"].to_numpy()),
        "end_date": dates(frame["end"].to_numpy()),
        "rate": np.where(rate > 0, rate, np.nan),
    })  # fmt: skip
    deposits = contracts["product_class"].isin(AUTO_RENEWED).to_numpy()
    # deposits that rolled over had the order to do so; of the others some still have
    ordered = frame["rolled"].to_numpy(bool) | (rng.random(len(frame)) < 0.2)
    contracts["is_auto_renew"] = pd.array(ordered & deposits, dtype="boolean")
    others = pd.concat([_loan_contracts(world), _cards(world, state)], ignore_index=True)
    return pd.concat([contracts, others], ignore_index=True)


def _product_columns(world: World, product: np.ndarray) -> dict[str, pd.Categorical]:
    plan = world.plan
    columns = {"product_id": "id", "product_class": "class", "product_risk": "risk"}
    result = {}
    for name, key in columns.items():
        labels, codes = np.unique(plan.product_values(key), return_inverse=True)
        result[name] = ids.labelled(codes[product], labels)
    return result


def _loan_contracts(world: World) -> pd.DataFrame:
    borrowed = loans(world)
    owner, day = borrowed["owner"].to_numpy(), borrowed["day"].to_numpy()
    maturity = day + LOAN_MONTHS * 30
    return pd.DataFrame({
        "contract_id": ids.numbered("DK", np.arange(len(owner)) + 1, 7),
        "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branches_of(world, owner, np.maximum(borrowed["start"].to_numpy(), 0)),
        **_product_columns(world, np.full(len(owner), world.plan.product_index("P16"))),
        "amount_cny": borrowed["principal"],
        "start_date": dates(day), "maturity_date": dates(maturity),
        "end_date": dates(np.where(maturity <= world.clock.end[-1], maturity, OPEN_END)),
        "rate": 0.048,
    })  # fmt: skip


def _cards(world: World, state: State) -> pd.DataFrame:
    rng = np.random.default_rng([world.seed, 11])
    people = world.people
    holds = (rng.random(people.n) < 0.22) & ~people.starts_asleep & (people.open_month < 0)
    owner = np.flatnonzero(holds)
    start = people.open_day[owner] + rng.integers(1, 60, len(owner))
    return pd.DataFrame({
        "contract_id": ids.numbered("XK", np.arange(len(owner)) + 1, 7),
        "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branches_of(world, owner, np.zeros(len(owner), dtype=int)),
        **_product_columns(world, np.full(len(owner), world.plan.product_index("P17"))),
        "start_date": dates(start), "end_date": dates(state.close_day[owner]),
    })  # fmt: skip


def purchases(world: World, journal: Journal) -> pd.DataFrame:
    """One row per purchase; a product bought again at its maturity is a purchase too."""
    events = journal.events("purchase")
    owner, product = events["owner"].to_numpy(int), events["product"].to_numpy(int)
    month, day = events["month"].to_numpy(int), events["day"].to_numpy(int)
    rng = np.random.default_rng([world.seed, 12])
    campaign, manager = _seller(world, journal, events)
    sold = _product_columns(world, product)
    doubled = pd.array(rng.random(len(events)) < 0.93, dtype="boolean")
    doubled[np.asarray(sold["product_class"] != "insurance")] = pd.NA
    agent = world.people.uses_agent[owner] & (rng.random(len(events)) < 0.6)
    frame = pd.DataFrame({
        "purchase_id": ids.numbered("GM", np.arange(len(events)) + 1, 9),
        "customer_id": ids.customer_ids(world)[owner],
        "branch_id": ids.branches_of(world, owner, month),
        "product_id": sold["product_id"], "product_class": sold["product_class"],
        "purchase_date": dates(day), "amount_cny": events["amount"].to_numpy().round(2),
        "manager_id": ids.manager_ids(world)[manager], "campaign_id": campaign,
        "is_self_operated": ~agent, "is_double_recorded": doubled,
    })  # fmt: skip
    return frame[day <= world.clock.end[-1]].reset_index(drop=True)


def _seller(world: World, journal: Journal, events: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Campaign and manager that claim a purchase: a list contact in the window before it."""
    listed = journal.events("assignment").query("contacted")
    campaign = np.full(len(events), None, dtype=object)
    manager = np.full(len(events), -1)
    key = events["owner"].to_numpy(int)
    product_class = world.plan.product_class[events["product"].to_numpy(int)]
    for index, entry in enumerate(world.plan.campaigns):
        if not entry.product:
            continue
        members = listed[listed["campaign"] == index].drop_duplicates("owner").set_index("owner")
        start = members["month"].reindex(key).to_numpy(float)
        since = events["month"].to_numpy() - start
        sold = (since >= 0) & (since <= 2) & events["is_own"].to_numpy(bool)
        sold &= product_class == world.plan.product_class[world.plan.product_index(entry.product)]
        campaign[sold] = entry.id
        manager[sold] = members["manager"].reindex(key).to_numpy(float)[sold].astype(int)
    return campaign, manager
