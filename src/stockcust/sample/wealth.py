"""Money month by month: openings, maturities, cash flows, own purchases, month-end balances."""

from __future__ import annotations

import numpy as np

from stockcust.sample.plan import CLASSES, NATURES, Plan
from stockcust.sample.state import Journal, State, World

# popularity of each product among the contracts held at the start
POPULARITY = (9, 5, 4, 2.5, 2.5, 1.5, 2, 4, 5, 2.5, 1.5, 2, 2, 0.7, 1.5, 0, 0)
AUTO_RENEWED = ("time_deposit", "large_cd", "treasury_bond")
SLOT_ASSETS = (3000, 50_000, 200_000, 1e6, 6e6)
SLOTS = np.array([0, 1, 2, 3, 5, 6])
FLOW_KINDS = (
    "payroll", "pension", "business", "harvest", "salary_elsewhere", "spend", "transfer_in",
    "transfer_out", "opening", "interest", "campaign_in", "spike_in", "spike_out", "pass_in",
    "pass_out", "wake", "relapse", "return", "leave", "fee", "inheritance",
)  # fmt: skip


def logistic(x: np.ndarray) -> np.ndarray:
    """Probability of log-odds."""
    return 1.0 / (1.0 + np.exp(-x))


def assets_z(assets: np.ndarray) -> np.ndarray:
    """Standardised log10 of assets: 0 at about 30,000 yuan, 1 at about 300,000."""
    return np.log10(np.maximum(assets, 10.0)) - 4.5


def flow(
    journal: Journal, state: State, month: int, kind: str, amount: np.ndarray, **more: np.ndarray
) -> None:
    """Move money of the current accounts (positive = in) and note it."""
    owner = np.flatnonzero(np.abs(amount) >= 0.01)
    state.current[owner] += amount[owner]
    if not journal.is_light:
        code = np.int8(FLOW_KINDS.index(kind))
        extra = {name: values[owner].astype(np.float32) for name, values in more.items()}
        journal.note(
            "flow", month, owner=owner.astype(np.int32), amount=amount[owner], kind=code, **extra
        )


def hold_first_contracts(world: World, state: State) -> None:
    """Lay the assets of existing customers into contracts that are already running."""
    people, plan = world.people, world.plan
    rng = np.random.default_rng([world.seed, 6])
    slots = SLOTS[np.digitize(people.assets, SLOT_ASSETS)] * ~people.starts_asleep
    slots[people.open_month >= 0] = 0
    weights = rng.gamma(1.5, 1.0, (people.n, SLOTS.max()))
    weights *= np.arange(SLOTS.max()) < slots[:, None]
    total = np.maximum(weights.sum(axis=1), 1e-9)
    invested = (1 - people.idle) * people.assets
    amounts = np.floor(invested[:, None] * weights / total[:, None] / 1000) * 1000
    product = _suitable_products(plan, people.risk, rng, amounts)
    owner, slot = np.nonzero(amounts >= 1000)
    product, amount = product[owner, slot], amounts[owner, slot]
    term = plan.product_values("term")[product]
    before = rng.random(len(owner)) * np.where(term > 0, term, 1500)
    start = world.clock.start[0] - 1 - before.astype(int)
    start = np.maximum(start, np.minimum(people.open_day[owner], world.clock.start[0] - 2))
    state.contracts.add(owner, product, amount, start, term)
    state.current -= np.bincount(owner, amount, minlength=people.n)


def _suitable_products(
    plan: Plan, risk: np.ndarray, rng: np.random.Generator, amounts: np.ndarray
) -> np.ndarray:
    drawn = np.zeros(amounts.shape, dtype=int)
    for level in range(1, 6):
        weight = np.array(POPULARITY) * (plan.product_risk <= level)
        rows = risk == level
        drawn[rows] = rng.choice(
            len(weight), (rows.sum(), amounts.shape[1]), p=weight / weight.sum()
        )
    return np.where(amounts >= plan.product_values("min")[drawn], drawn, 0)


def open_accounts(world: World, state: State, month: int, journal: Journal) -> None:
    """New customers bring their first money."""
    new = world.people.open_month == month
    state.is_open |= new
    flow(journal, state, month, "opening", np.where(new, world.people.assets, 0.0))


def mature(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> tuple[np.ndarray, np.ndarray]:
    """Pay out contracts that mature this month or roll them over.

    A deposit that rolls over is only a new contract; other products have to be bought again.

    Returns
    -------
    principal by owner, and which classes each owner bought again.
    """
    plan, n, contracts = world.plan, world.people.n, state.contracts
    due = contracts.maturity <= world.clock.end[month]
    principal = contracts.total(n, due)
    odds = plan.raw["churn"]["antecedents"]["capture"]
    stays = logistic(
        odds["baseline"]
        + odds["contacted"] * (month - state.last_routine <= 1)
        + odds["familiarity"] * state.familiarity
    )
    rolled = (draws["capture"] < stays) | state.is_asleep
    ended = contracts.take(due)
    term = plan.product_values("term")[ended["product"]]
    rate = plan.product_values("rate")[ended["product"]]
    journal.note("finished", month, **ended, end=ended["maturity"], rolled=rolled[ended["owner"]])
    interest = np.bincount(ended["owner"], ended["amount"] * rate * term / 365, minlength=n)
    again = rolled[ended["owner"]]
    kept = {name: values[again] for name, values in ended.items()}
    contracts.add(kept["owner"], kept["product"], kept["amount"], kept["maturity"], term[again])
    state.current += np.bincount(ended["owner"][~again], ended["amount"][~again], minlength=n)
    flow(journal, state, month, "interest", interest.round(2))
    freed = (principal >= 1000) & ~rolled
    state.uncaptured[freed] = month
    return principal, _buy_again(world, state, month, journal, kept)


def _buy_again(
    world: World, state: State, month: int, journal: Journal, kept: dict[str, np.ndarray]
) -> np.ndarray:
    is_order = ~np.isin(world.plan.product_values("class"), AUTO_RENEWED)[kept["product"]]
    owner, product, amount, day = (
        kept[name][is_order] for name in ("owner", "product", "amount", "maturity")
    )
    note_purchases(journal, month, owner, product, amount, day, False)
    state.n_purchases += np.bincount(owner, minlength=world.people.n)
    state.last_purchase[owner] = month
    bought = np.zeros((world.people.n, len(CLASSES)), dtype=bool)
    bought[owner, world.plan.product_class[product]] = True
    return bought


def note_purchases(
    journal: Journal, month: int, owner: np.ndarray, product: np.ndarray, amount: np.ndarray,
    day: np.ndarray, is_own: bool,
) -> None:  # fmt: skip
    """Note purchases; `is_own` tells a new order from money that rolls over."""
    journal.note(
        "purchase", month, owner=owner, product=product, amount=amount, day=day, is_own=is_own
    )


def cash_flows(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal
) -> None:
    """Income, spending, transfers, seasonal money and what campaigns bring in."""
    people, active = world.people, state.is_active
    active = active & (people.open_month != month)
    _return_spikes(state, month, journal)
    income = _income(world, state, month, draws, journal, active)
    _spend(state, month, draws, journal, active, income)
    assets = np.maximum(state.end_assets, 0.0)
    moved = (draws["other"] < 0.42) & (draws["active"] < np.where(assets > 20_000, 1.0, 0.5))
    usual = np.where(moved, people.drift / 0.42 + 0.03 * draws["flow"], 0.0)
    amount = (assets * (usual + _season(world, month)) * active).round(2)
    amount = np.where(np.abs(amount) < 20, 0.0, amount)
    flow(journal, state, month, "transfer_in", np.maximum(amount, 0.0))
    outward = np.maximum(np.minimum(amount, 0.0), -0.9 * state.current).round(2)
    flow(journal, state, month, "transfer_out", outward)
    growth = state.shift(world.plan, "growth", month) / 3
    growth += state.shift(world.plan, "growth_per_month", month)
    flow(journal, state, month, "campaign_in", (growth * state.average * active).round(2))
    volume = people.income * 18 * (0.6 + draws["share"]) * people.is_pass_through * active
    volume = volume.round(2)
    flow(journal, state, month, "pass_in", volume)
    flow(journal, state, month, "pass_out", -volume)
    if world.clock.is_quarter_end[month]:
        flow(journal, state, month, "interest", (state.current * 0.0002 * state.is_open).round(2))


def _return_spikes(state: State, month: int, journal: Journal) -> None:
    # the money that was borrowed for the last month end goes back
    flow(journal, state, month, "spike_out", -np.minimum(state.spike, np.floor(state.current)))
    state.spike[:] = 0.0


def _income(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal,
    active: np.ndarray,
) -> np.ndarray:  # fmt: skip
    people, clock = world.people, world.clock
    wobble = 0.9 + 0.2 * draws["income"]
    bonus = 1.8 if clock.is_spring[month] else 1.0
    pays = {
        "payroll": state.is_payroll * wobble * bonus,
        "pension": people.is_pension * 1.0,
        "business": people.is_merchant * (0.5 + draws["income"]),
        "harvest": (people.nature == NATURES.index("farmer"))
        * (clock.calendar_month[month] in (6, 10)) * 4.0 * wobble,
    }  # fmt: skip
    paid = sum(pays.values()) > 0
    pays["salary_elsewhere"] = 0.5 * wobble * ~paid * (draws["active"] < 0.3)
    total = np.zeros(people.n)
    for kind, factor in pays.items():
        amount = (people.income * factor * active).round(2)
        flow(journal, state, month, kind, amount)
        total += amount
    return total


def _spend(
    state: State, month: int, draws: dict[str, np.ndarray], journal: Journal, active: np.ndarray,
    income: np.ndarray,
) -> None:  # fmt: skip
    wanted = income * (0.7 + 0.5 * draws["spend"]) + 300 * (draws["active"] < 0.45)
    amount = np.minimum(wanted, 0.8 * np.maximum(state.current, 0.0)) * active
    flow(journal, state, month, "spend", -np.where(amount < 5, 0.0, amount.round(2)))


def _season(world: World, month: int) -> np.ndarray:
    clock = world.clock
    tags = {str(clock.calendar_month[month])}
    for tag, offset in (("before_spring", 1), ("spring", 0), ("after_spring", -1)):
        if 0 <= month + offset < clock.n_months and clock.is_spring[month + offset]:
            tags.add(tag)
    season = world.plan.raw["season"]
    shares = [
        sum(season.get(nature, {}).get(tag, 0.0) for tag in sorted(tags)) for nature in NATURES
    ]
    return np.array(shares)[world.people.nature]


def move_markets(world: World, state: State, draws: dict[str, np.ndarray]) -> None:
    """Funds and gold change their value."""
    floats = np.isin(world.plan.product_values("class"), ["fund", "gold"])[state.contracts.product]
    amount = state.contracts.amount
    state.contracts.amount = np.where(floats, (amount * (1 + draws["market"][0])).round(2), amount)


def close_month(
    world: World, state: State, month: int, draws: dict[str, np.ndarray], journal: Journal,
    left_day: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Window dressing, balances by class, point and month-average assets."""
    people = world.people
    if world.clock.is_quarter_end[month]:
        state.spike = np.floor(people.spike * state.current * state.is_active)
        flow(journal, state, month, "spike_in", state.spike)
    balances = _balances(world, state)
    held = balances.sum(axis=1)
    point = np.where(state.is_open, (held + state.current).round(2), 0.0)
    real = point - state.spike
    weight = 0.35 + 0.3 * draws["average"]
    weight = np.where(left_day > 0, 1 - left_day / 31, weight)
    new = people.open_month == month
    weight = np.where(new, 1 - (people.open_day - world.clock.start[month]) / 31, weight)
    before = np.where(new, 0.0, state.end_assets)
    average = (before * (1 - weight) + real * weight + state.spike * 2 / 30).round(2)
    state.average = np.where(state.is_open, average, 0.0)
    state.end_assets = real
    state.peak = np.maximum(state.peak, state.average)
    return {
        "balances": balances,
        "current": state.current.round(2),
        "point": point,
        "average": state.average,
    }


def _balances(world: World, state: State) -> np.ndarray:
    classes, contracts = len(CLASSES), state.contracts
    column = world.plan.product_class[contracts.product]
    cells = np.bincount(
        contracts.owner * classes + column, contracts.amount, minlength=world.people.n * classes
    )
    return cells.reshape(world.people.n, classes).round(2)
