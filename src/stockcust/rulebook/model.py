"""The rulebook: all parts together, and what follows from several of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import yaml

from stockcust.errors import CallError, Problem, RulebookError
from stockcust.rulebook.base import Band, Basis, GroupId, Model, Table, Text, TierId
from stockcust.rulebook.capacity import Workload, workload
from stockcust.rulebook.checks import check
from stockcust.rulebook.churn import Churn
from stockcust.rulebook.compliance import Compliance
from stockcust.rulebook.content import set_places
from stockcust.rulebook.conventions import Conventions
from stockcust.rulebook.dimensions import Dimension
from stockcust.rulebook.familiarity import Familiarity, FrequencyLevels
from stockcust.rulebook.groups import BandRule, Grid, Group, OwnerRule, Plan, PlanBand, ToolRule
from stockcust.rulebook.hold_out import HoldOut
from stockcust.rulebook.levels import Cadences, frequency_levels
from stockcust.rulebook.man import Man
from stockcust.rulebook.places import did_you_mean, unknown_words
from stockcust.rulebook.pools import PoolId, PoolRule
from stockcust.rulebook.purposes import Purposes, Strategy
from stockcust.rulebook.report import Process, Report
from stockcust.rulebook.service import Service
from stockcust.rulebook.shape import validate
from stockcust.rulebook.status import Status
from stockcust.rulebook.stickiness import Stickiness
from stockcust.rulebook.tiers import Tiers
from stockcust.rulebook.vocabulary import (
    Channel,
    ChannelRule,
    NeedTag,
    ProductClass,
    ProductClassRule,
)


class Rulebook(Model):
    """A bank's rules, validated and frozen. Made by `load_rulebook`."""

    version: Text
    conventions: Conventions
    channels: Table[Channel, ChannelRule]
    product_classes: Table[ProductClass, ProductClassRule]
    need_tags: Table[str, NeedTag]
    tools: Table[str, ToolRule]
    owners: Table[str, OwnerRule]
    tiers: Tiers
    familiarity: Familiarity
    bands: Table[Band, BandRule]
    grid: Grid
    groups: Table[GroupId, Group]
    groups_basis: Basis
    unknown_plans: Table[PlanBand, Plan]
    dimensions: Table[str, Dimension]
    man: Man
    status: Status
    stickiness: Stickiness
    service: Service
    strategies: Table[str, Strategy]
    purposes: Purposes
    pools: Table[PoolId, PoolRule]
    churn: Churn
    compliance: Compliance
    hold_out: HoldOut
    process: Process
    report: Report

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Rulebook:
        """Return the rulebook of a complete content.

        Parameters
        ----------
        content
            Plain mappings, lists and values, as a rulebook file holds them.

        Raises
        ------
        RulebookError
            With everything that is wrong.
        """
        problems = [
            Problem("unknown key", name, did_you_mean(name, cls.model_fields))
            for name in content
            if name not in cls.model_fields
        ]
        sections: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            if name not in content:
                problems.append(Problem("is missing", name, "add it"))
                continue
            value, found = validate(field.rebuild_annotation(), content[name], name)
            problems += found
            if value is not None:
                sections[name] = value
        problems += check(sections)
        if problems:
            raise RulebookError(*problems)
        return cls.model_construct(**sections)

    def __repr__(self) -> str:
        presets = ", ".join(f"{part}={name}" for part, name in self.active_presets.items())
        return f"Rulebook(version={self.version}, hash={self.hash[:12]}, {presets})"

    __str__ = __repr__

    @cached_property
    def hash(self) -> str:
        """The sha256 of the effective content: equal rules have equal hashes."""
        content = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def active_presets(self) -> dict[str, str]:
        """The chosen preset of each part that has several."""
        return {
            "tiers": self.tiers.active_preset,
            "man": self.man.coefficient_preset,
            "dormant": self.status.dormant.preset,
            "churn": self.churn.definition,
        }

    @property
    def saleable_classes(self) -> tuple[ProductClass, ...]:
        """The classes of products that are sold to customers."""
        return tuple(name for name, rule in self.product_classes.items() if rule.is_saleable)

    @cached_property
    def tier_bands(self) -> Mapping[TierId, Band]:
        """The asset band of each tier."""
        return {tier: name for name, band in self.bands.items() for tier in band.tiers}

    @cached_property
    def frequency_levels(self) -> Mapping[Band, FrequencyLevels]:
        """The contact-frequency levels in force, by asset band (contacts per window)."""
        return frequency_levels(Cadences(self.familiarity, self.bands, self.grid, self.groups))

    def workload(self, n_customers: Mapping[GroupId, int], n_managers: int) -> Workload:
        """Return the hours a month that all cadences ask of managers, and those they have.

        Parameters
        ----------
        n_customers
            Customers by group; groups left out have none.
        n_managers
            Managers who share them.
        """
        return workload(self.man.capacity, self.groups, self.owners, n_customers, n_managers)

    def content(self) -> dict[str, Any]:
        """Return all settings as plain mappings, lists and values."""
        return self.model_dump(mode="json")

    def to_yaml(self, *sections: str) -> str:
        """Return the settings in force as YAML.

        Parameters
        ----------
        sections
            Names such as "tiers"; none: all.
        """
        content = self.content()
        unknown = list(unknown_words("sections", sections, content))
        if unknown:
            raise CallError(*unknown)
        chosen = {name: content[name] for name in sections or content}
        return yaml.safe_dump(chosen, allow_unicode=True, sort_keys=False, width=100)

    def with_changes(self, changes: Mapping[str, Any]) -> Rulebook:
        """Return a new rulebook with values set at dotted places, checked like a file.

        Parameters
        ----------
        changes
            For example {"tiers.presets.standard.items.T2.max_cny": 80000}; None removes.

        Raises
        ------
        RulebookError
            With everything that is wrong afterwards.
        """
        return Rulebook.from_content(set_places(self.content(), changes))
