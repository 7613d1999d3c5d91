"""The title of a report and the headings of its sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stockcust.present.html import Html, escaped
from stockcust.present.texts import Texts

if TYPE_CHECKING:
    from stockcust.network import Network
    from stockcust.rulebook.base import Lang


def title(network: Network, *, lang: Lang = "zh") -> Html:
    """Name the branch or the network, the day, what it compares with, and the rules in force.

    Parameters
    ----------
    network : the results of a report.
    lang : language of the words.
    """
    t = Texts(lang)
    lines = [_period(network, t), _customers(network, t), *_fallback(network, t)]
    lines.append(_rules(network, t))
    said = "".join(f"<p>{escaped(line)}</p>" for line in lines)
    return Html(f"<h1>{escaped(_name(network, t))}</h1>{said}", "title")


def heading(section: str, *, lang: Lang = "zh") -> Html:
    """Name a section.

    Parameters
    ----------
    section : key of its heading, such as ``"quality"``.
    lang : language of the words.

    Raises
    ------
    CallError : there is no such section.
    """
    said = Texts(lang)(f"headings.section.{section}")
    return Html(f"<h2>{escaped(said)}</h2>", f"heading {section}")


def _name(network: Network, t: Texts) -> str:
    if network.branch_id is None:
        return t("headings.network")
    branches = network.branches.set_index("branch_id")
    name = branches["branch_name"][network.branch_id]
    return t("headings.branch", name=name, id=network.branch_id)


def _period(network: Network, t: Texts) -> str:
    day = t("basis.as_of", day=t.date(network.as_of))
    if network.baseline is None:
        return t.join([day, t("headings.no_baseline")])
    return t.join([day, t("headings.baseline", day=t.date(network.baseline))])


def _customers(network: Network, t: Texts) -> str:
    """Relationships and people: a customer may be one of several branches."""
    ids = network.segments["customer_id"]
    return t("headings.relationships", n=t.count(len(ids)), distinct=t.count(ids.nunique()))


def _fallback(network: Network, t: Texts) -> Iterator[str]:
    """Say so where month-end balances stand in for month averages."""
    is_fallback = network.segments["is_aum_fallback"].astype("boolean").fillna(False)
    if is_fallback.any():
        everybody = is_fallback[network.segments["aum_cny"].notna()].all()
        yield t(
            "headings.fallback_all" if everybody else "headings.fallback",
            n=t.count(is_fallback.sum()),
        )


def _rules(network: Network, t: Texts) -> str:
    rules = network.rules
    tiers = rules.tiers.presets[rules.tiers.active_preset].label[t.lang]
    man = rules.man.coefficient_presets[rules.man.coefficient_preset].label[t.lang]
    version, digest = rules.version, rules.hash[:12]
    presets = t("headings.presets", version=version, hash=digest, tiers=tiers, man=man)
    return t.join([presets, t("headings.data", hash=network.data_hash[:12])])
