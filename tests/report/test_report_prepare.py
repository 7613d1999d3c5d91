"""Files are read once and the network computed once for the same files, rules and day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from report_fakes import FACTS, FakeNetwork, network_of

import stockcust as sc
from stockcust.errors import CallError
from stockcust.report.freeze import FROZEN, Frozen, Phases, freeze
from stockcust.report.prepare import PREPARED, Sources


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    data = tmp_path / "data"
    data.mkdir()
    (data / "customers.csv").write_text("a")
    (data / "aum.csv").write_text("b")
    return Sources(data)


class Run:
    """Phases that count how often they are gone through."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.n_computed = 0
        self.fails = False

    def prepare(self, sources: Sources, out: Path, key: str) -> Path:
        self.keys.add(key)
        return out

    def compute(self, bank: Path, sources: Sources):
        self.n_computed += 1
        return (_Broken(network_of(B1="东").branches) if self.fails else network_of(B1="东")), FACTS

    def freeze(self, sources: Sources, out: Path) -> Frozen:
        phases = Phases(self.prepare, self.compute, lambda folder: network_of(B1="东"))
        return freeze(sources, out, phases)


class _Broken(FakeNetwork):
    def save(self, folder: Path) -> None:
        super().save(folder)
        raise OSError(28, "No space left on device")


@pytest.fixture
def run() -> Run:
    return Run()


def test_the_same_files_are_computed_once(sources, run, tmp_path):
    first = run.freeze(sources, tmp_path / "out")
    second = run.freeze(sources, tmp_path / "out")
    assert run.n_computed == 1
    assert (second.results, second.facts) == (first.results, FACTS)
    assert (second.results / "branches.json").is_file()


@pytest.mark.parametrize(
    ("change", "n_banks"),
    [
        ("content", 2),
        ("new file", 2),
        ("name", 2),
        ("mapping", 2),
        ("secret", 2),
        ("day", 1),
        ("rulebook", 1),
    ],
)
def test_what_differs_is_computed_again_and_only_other_files_are_read_again(
    sources, run, tmp_path, monkeypatch, change, n_banks
):
    first = run.freeze(sources, tmp_path / "out")
    other = tmp_path / "other.yaml"
    other.write_text("x: 1")
    match change:
        case "content":
            (sources.data / "aum.csv").write_text("c")
        case "new file":
            (sources.data / "more.csv").write_text("")
        case "name":
            (sources.data / "aum.csv").rename(sources.data / "aum2.csv")
        case "secret":
            monkeypatch.setattr("stockcust.privacy.installation_key", lambda: b"another secret")
        case "day":
            sources = replace(sources, as_of="2026-05-31")
        case _:
            sources = replace(sources, **{change: other})
    second = run.freeze(sources, tmp_path / "out")
    assert (run.n_computed, len(run.keys)) == (2, n_banks)
    assert second.results != first.results
    assert not first.results.exists()


def test_results_that_could_not_be_written_whole_are_no_results(sources, run, tmp_path):
    run.fails = True
    with pytest.raises(OSError, match="No space"):
        run.freeze(sources, tmp_path / "out")
    assert not list((tmp_path / "out" / FROZEN).iterdir())
    run.fails = False
    frozen = run.freeze(sources, tmp_path / "out")
    assert run.n_computed == 2
    assert frozen.facts == FACTS


def test_paths_that_lead_nowhere_are_all_named(tmp_path, run):
    nowhere = Sources(tmp_path / "no", rulebook=tmp_path / "r.yaml", mapping=tmp_path / "m.yaml")
    with pytest.raises(CallError) as caught:
        run.freeze(nowhere, tmp_path / "out")
    assert len(caught.value.problems) == 3
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def out(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a real bank has been prepared and frozen."""
    folder = tmp_path_factory.mktemp("out")
    freeze(Sources(bank), folder)
    return folder


def test_what_reports_read_belongs_to_its_owner_and_is_hidden(out):
    assert {path.name for path in out.iterdir()} == {PREPARED, FROZEN}
    kept = [path for home in out.iterdir() for path in home.rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o600}


def test_the_prepared_bank_gives_the_results_of_the_files_themselves(bank, out):
    frozen = freeze(Sources(bank), out)
    direct = sc.compute_network(sc.read_bank(bank), None, sc.load_rulebook())
    for name, frame in direct.frames.items():
        pd.testing.assert_frame_equal(frozen.network.frames[name], frame)
    assert frozen.network.input_hash(None) == direct.input_hash()
    assert frozen.facts.data_hash == direct.data_hash
    n_kept = {table: rows["n_kept"] for table, rows in frozen.facts.rows.items()}
    assert n_kept["customers"] > 0 and n_kept["aum_monthly"] > 0


def test_another_day_reads_no_file_again(bank, out, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("the files were read again")

    monkeypatch.setattr("stockcust.tables.read._validated", refuse)
    earlier = freeze(Sources(bank, as_of="2026-05-31"), out)
    assert earlier.facts.as_of == "2026-05-31"
    assert len(list((out / FROZEN).iterdir())) == 1
