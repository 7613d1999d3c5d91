"""The network is computed once for the same files, rules and day, and never half."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from report_fakes import FACTS, FakeNetwork, network_of

from stockcust.errors import CallError
from stockcust.report.prepare import FROZEN, Frozen, Sources, freeze


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    data = tmp_path / "data"
    data.mkdir()
    (data / "customers.csv").write_text("a")
    (data / "aum.csv").write_text("b")
    return Sources(data)


class Phase:
    """A network phase that counts how often it computes."""

    def __init__(self) -> None:
        self.n_computed = 0
        self.fails = False

    def compute(self, sources: Sources):
        self.n_computed += 1
        return (_Broken(network_of(B1="东").branches) if self.fails else network_of(B1="东")), FACTS

    def freeze(self, sources: Sources, out: Path) -> Frozen:
        return freeze(sources, out, compute=self.compute, reopen=lambda folder: network_of(B1="东"))


class _Broken(FakeNetwork):
    def save(self, folder: Path) -> None:
        super().save(folder)
        raise OSError(28, "No space left on device")


@pytest.fixture
def phase() -> Phase:
    return Phase()


def test_the_same_files_are_computed_once(sources, phase, tmp_path):
    first = phase.freeze(sources, tmp_path / "out")
    second = phase.freeze(sources, tmp_path / "out")
    assert phase.n_computed == 1
    assert (second.results, second.facts) == (first.results, FACTS)
    assert (second.results / "branches.json").is_file()


@pytest.mark.parametrize("change", ["content", "new file", "name", "day", "mapping", "rulebook"])
def test_whatever_differs_is_computed_again_and_replaces_the_old(sources, phase, tmp_path, change):
    first = phase.freeze(sources, tmp_path / "out")
    other = tmp_path / "other.yaml"
    other.write_text("x: 1")
    match change:
        case "content":
            (sources.data / "aum.csv").write_text("c")
        case "new file":
            (sources.data / "more.csv").write_text("")
        case "name":
            (sources.data / "aum.csv").rename(sources.data / "aum2.csv")
        case "day":
            sources = replace(sources, as_of="2026-05-31")
        case _:
            sources = replace(sources, **{change: other})
    second = phase.freeze(sources, tmp_path / "out")
    assert phase.n_computed == 2
    assert second.results != first.results
    assert not first.results.exists()


def test_results_that_could_not_be_written_whole_are_no_results(sources, phase, tmp_path):
    phase.fails = True
    with pytest.raises(OSError, match="No space"):
        phase.freeze(sources, tmp_path / "out")
    phase.fails = False
    frozen = phase.freeze(sources, tmp_path / "out")
    assert phase.n_computed == 2
    assert len(list((tmp_path / "out" / FROZEN).iterdir())) == 1
    assert frozen.facts == FACTS


def test_paths_that_lead_nowhere_are_all_named(tmp_path, phase):
    nowhere = Sources(tmp_path / "no", rulebook=tmp_path / "r.yaml", mapping=tmp_path / "m.yaml")
    with pytest.raises(CallError) as caught:
        phase.freeze(nowhere, tmp_path / "out")
    assert len(caught.value.problems) == 3
    assert not (tmp_path / "out").exists()
