"""A run makes what is missing, keeps what is good, isolates what fails and lists all of it."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from report_fakes import FACTS, FORK, network_of, record_of

import needs
from stockcust.report import render as module
from stockcust.report.freeze import Frozen
from stockcust.report.launch import Ended
from stockcust.report.plan import Plan
from stockcust.report.render import RunSummary, render
from stockcust.report.worker import Order


class Engine:
    """Makes a page of each order at once; ``goes_wrong`` says what else happens, by branch."""

    def __init__(self) -> None:
        self.made: list[str | None] = []
        self.goes_wrong: dict[str, Callable[[Order, Ended], None]] = {}

    def carry_out(self, orders: list[Order], ended: Ended, **_: object) -> None:
        for order in orders:
            branch = order.parameters.get("branch_id")
            self.made.append(branch)
            self.goes_wrong.get(str(branch), self.good)(order, ended)

    def good(self, order: Order, ended: Ended) -> None:
        (Path(order.work) / "report.html").write_text(f"page {len(self.made)}", encoding="utf-8")
        outcome = {"error": None, "seconds": {"compute": 0.1}, "warnings": ["careful"]}
        (Path(order.work) / "outcome.json").write_text(json.dumps(outcome))
        ended(order, 0)

    def fails(self, order: Order, ended: Ended) -> None:
        (Path(order.work) / "run.failed.ipynb").write_text("{}")
        (Path(order.work) / "outcome.json").write_text('{"error": "cell 4: ValueError: no"}')
        ended(order, 0)

    def is_killed(self, order: Order, ended: Ended) -> None:
        (Path(order.work) / "log.txt").write_text("one\nMemoryError\n\n")
        ended(order, -9)

    def is_late(self, order: Order, ended: Ended) -> None:
        ended(order, None)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    monkeypatch.setattr(module, "carry_out", engine.carry_out)
    return engine


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., RunSummary]:
    """Render into the test's folder."""

    def run_here(frozen: Frozen, plan: Plan, **options: object) -> RunSummary:
        return render(frozen, plan, tmp_path / "out", replace(FORK, **options))

    return run_here


def lines(summary: RunSummary) -> dict[str, dict[str, str]]:
    """The index as a reader sees it: by branch id, each column's text and the link."""
    page = BeautifulSoup(summary.index.read_text(encoding="utf-8"), "html.parser")
    found = {}
    for row in page.table.tbody.find_all("tr"):
        cells = {cell["data-label"]: cell.get_text(" ", strip=True) for cell in row.find_all("td")}
        cells["link"] = row.a["href"] if row.a else ""
        found[cells["机构号"]] = cells
    return found


def test_a_failing_branch_is_isolated_listed_and_mended(frozen, plan_of, write, run, engine):
    engine.goes_wrong["B2"] = engine.fails
    first = run(frozen, plan_of(frozen, write()))
    home, reason = first.folder, "cell 4: ValueError: no"
    assert (first.done, first.failed, first.exit_code) == (("(network)", "B1"), {"B2": reason}, 3)
    assert (record_of(home, "B2")["status"], record_of(home, "B2")["error"]) == ("failed", reason)
    assert (home / "B2" / "run.failed.ipynb").is_file()
    assert not (home / "B2" / "report.html").exists()
    assert (lines(first)["B2"]["状态"], lines(first)["B2"]["link"]) == (f"失败 {reason}", "")
    assert lines(first)["B1"]["link"] == "B1/report.html"

    second = run(frozen, plan_of(frozen, write()))
    assert (second.unchanged, list(second.failed)) == (("(network)", "B1"), ["B2"])
    assert engine.made == [None, "B1", "B2", "B2"]

    engine.goes_wrong.clear()
    third = run(frozen, plan_of(frozen, write()))
    assert (third.done, third.unchanged, third.exit_code) == (("B2",), ("(network)", "B1"), 0)
    assert not (home / "B2" / "run.failed.ipynb").exists()
    assert {p.name for p in home.iterdir()} == {"index.html", "B1", "B2", "__network"}


def test_after_a_failure_the_last_good_report_stays_and_the_index_says_so(
    frozen, plan_of, write, run, engine
):
    good = (run(frozen, plan_of(frozen, write("1"))).folder / "B2" / "report.html").read_text()
    engine.goes_wrong["B2"] = engine.fails
    summary = run(frozen, plan_of(frozen, write("2")))
    assert list(summary.failed) == ["B2"]
    assert (summary.folder / "B2" / "report.html").read_text() == good
    listed = lines(summary)["B2"]
    assert (listed["link"], listed["报告"]) == ("B2/report.html", "此前的报告")
    assert lines(run(frozen, plan_of(frozen, write("2"), branches=["B1"])))["B2"] == listed


def test_the_record_says_how_and_from_what_a_report_was_made(frozen, plan_of, write, run, engine):
    summary = run(frozen, plan_of(frozen, write()))
    record = record_of(summary.folder, "B1")
    results = str(frozen.results)
    assert record["parameters"] == {"results": results, "lang": "zh", "branch_id": "B1"}
    assert (record["engine"], record["seconds"]) == ("fork", {"compute": 0.1})
    assert record["warnings"] == ["careful"]
    assert record["started"] <= record["finished"]
    origin = record["run"]
    assert (origin["as_of"], origin["data_hash"]) == (FACTS.as_of, FACTS.data_hash)
    assert (origin["rulebook_version"], origin["rulebook_hash"]) == ("1.0", FACTS.rulebook_hash)
    assert origin["rows"] == FACTS.rows
    assert origin["packages"].keys() >= {"stockcust", "pandas"}
    assert origin["user"]


def test_only_what_changed_is_made_again_and_the_rest_is_told_to_be_out_of_date(
    frozen, plan_of, write, run, engine
):
    run(frozen, plan_of(frozen, write()))
    engine.made.clear()
    frozen.network.branches.loc[1, "aum_cny"] = 5.0
    one = run(frozen, plan_of(frozen, write(), branches=["B1"]))
    assert (one.unchanged, engine.made) == (("B1",), [])
    assert lines(one)["B2"]["状态"] == "输入已变，待更新"
    assert lines(one)["B2"]["link"] == "B2/report.html"
    every = run(frozen, plan_of(frozen, write()))
    assert (every.done, every.unchanged) == (("(network)", "B2"), ("B1",))


def test_fresh_makes_again_what_is_up_to_date(frozen, plan_of, write, run, engine):
    plan = plan_of(frozen, write(), branches=["B1"])
    run(frozen, plan)
    assert run(frozen, plan, is_fresh=True).done == ("B1",)


def test_a_branch_that_was_never_made_is_listed_as_such(frozen, plan_of, write, run, engine):
    listed = lines(run(frozen, plan_of(frozen, write(), branches=["B1"])))["B2"]
    assert (listed["状态"], listed["link"]) == ("未生成", "")


def test_a_worker_that_dies_or_had_to_be_killed_is_told_of(frozen, plan_of, write, run, engine):
    engine.goes_wrong = {"B1": engine.is_killed, "B2": engine.is_late}
    assert run(frozen, plan_of(frozen, write())).failed == {
        "B1": "the process died (signal 9): MemoryError",
        "B2": "killed: not done within 30 seconds",
    }


def test_a_report_that_cannot_be_put_in_its_place_is_a_failure_and_stops_no_other(
    frozen, plan_of, write, run, engine, monkeypatch
):
    publish = module.publish

    def full_for_b1(folder, work, record):
        if record.branch_id == "B1":
            raise OSError(28, "No space left on device")
        return publish(folder, work, record)

    monkeypatch.setattr(module, "publish", full_for_b1)
    summary = run(frozen, plan_of(frozen, write()))
    assert summary.failed == {"B1": "could not be written: [Errno 28] No space left on device"}
    assert summary.done == ("(network)", "B2")


def test_what_a_killed_run_left_is_cleared(frozen, plan_of, write, run, engine):
    left = run(frozen, plan_of(frozen, write())).folder / ".work" / "0"
    left.mkdir(parents=True)
    (left / "outcome.json").write_text('{"error": null}')
    engine.goes_wrong["B1"] = engine.is_killed
    summary = run(frozen, plan_of(frozen, write(), branches=["B1"]), is_fresh=True)
    assert list(summary.failed) == ["B1"]
    assert ".work" not in os.listdir(summary.folder)


@needs.fork
def test_ids_and_names_from_the_data_stay_inside_the_folder_and_are_only_text(
    frozen, plan_of, write, run, tmp_path
):
    hostile = {
        "../../escape": "<script>alert(1)</script>",
        "城东 支行": '"><img src=x onerror=alert(1)>',
        "a'b\"c": "{{ 7 * 7 }}",
        "B1": "城东",
        "b1": "小写",
    }
    frozen = replace(frozen, network=network_of(**hostile, B2="坏"))
    summary = run(frozen, plan_of(frozen, write("assert branch_id != 'B2'\nbranch_id")))
    assert (list(summary.failed), summary.exit_code) == (["B2"], 3)
    assert set(summary.done) == {"(network)", *hostile}
    listed = lines(summary)
    for branch, name in hostile.items():
        assert listed[branch]["机构名称"] == name
        target = summary.folder / unquote(listed[branch]["link"])
        assert target.resolve().is_relative_to(summary.folder.resolve())
        page = BeautifulSoup(target.read_text(encoding="utf-8"), "html.parser")
        assert ast.literal_eval(page.main.pre.get_text()) == branch
        assert page.title.get_text() == f"{name} 2026-06-30"
    assert not (tmp_path / "escape").exists()
    assert len(BeautifulSoup(summary.index.read_text("utf-8"), "html.parser")("script")) == 1
