"""A file is there whole or not at all, and the last good report survives every failure."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stockcust.errors import CallError
from stockcust.report import files
from stockcust.report.files import made_once, only_run, whole_file, write_json, write_whole
from stockcust.report.ledger import (
    FAILED,
    RECORD,
    REPORT,
    Record,
    is_current,
    package_versions,
    publish,
    read_record,
)

RUN = Record("B1", "done", "n.ipynb", {"lang": "zh"}, "hash", "fork", "t0", "t1")


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def result(folder: Path, name: str = REPORT, text: str = "a page") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("call", ["write_text", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, call):
    write_whole(tmp_path / "a.txt", "old")
    monkeypatch.setattr(Path, call, full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a.txt", "new")
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == {"a.txt"}


def test_a_writer_that_is_interrupted_leaves_the_old_file(tmp_path):
    write_whole(tmp_path / "a.txt", "old")
    with pytest.raises(KeyboardInterrupt), whole_file(tmp_path / "a.txt") as written:
        written.write_text("half")
        raise KeyboardInterrupt
    assert (tmp_path / "a.txt").read_text() == "old"
    assert names(tmp_path) == {"a.txt"}


def test_a_writer_that_is_killed_leaves_the_old_file(tmp_path):
    write_whole(tmp_path / "a.txt", "old")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from stockcust.report.files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as written:\n"
        "    written.write_text('half')\n    os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.txt")], check=False)
    assert ended.returncode != 0
    assert (tmp_path / "a.txt").read_text() == "old"


def test_files_can_be_read_by_others_as_the_umask_says(tmp_path):
    write_whole(tmp_path / "a.txt", "x")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644 & ~mask


def test_chinese_is_written_as_it_is_and_nan_not_at_all(tmp_path):
    write_json(tmp_path / "a.json", {"name": "城东"})
    assert "城东" in (tmp_path / "a.json").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"name": "城东"}


def test_a_second_run_in_the_same_folder_is_refused_and_the_folder_free_afterwards(tmp_path):
    with (
        only_run(tmp_path),
        pytest.raises(CallError, match="another run is writing here"),
        only_run(tmp_path),
    ):
        pass
    with only_run(tmp_path):
        pass


def test_a_good_run_is_published_with_its_record(tmp_path):
    publish(tmp_path / "B1", result(tmp_path / "work"), RUN)
    assert names(tmp_path / "B1") == {REPORT, RECORD}
    record = read_record(tmp_path / "B1")
    assert (record.status, record.good.inputs, record.good.finished) == ("done", "hash", "t1")
    assert is_current(tmp_path / "B1", "hash")
    assert not is_current(tmp_path / "B1", "other")


def test_a_failed_run_keeps_the_last_good_report_and_says_so(tmp_path):
    folder, work = tmp_path / "B1", tmp_path / "work"
    publish(folder, result(work, text="good"), RUN)
    failed = replace(RUN, status="failed", inputs="new", finished="t2", error="ValueError: no")
    publish(folder, result(work, FAILED), failed)
    assert (folder / REPORT).read_text() == "good"
    assert (folder / FAILED).is_file()
    record = read_record(folder)
    assert (record.status, record.error) == ("failed", "ValueError: no")
    assert (record.good.inputs, record.good.finished) == ("hash", "t1")
    assert is_current(folder, "hash")
    assert not is_current(folder, "new")


def test_the_next_good_run_takes_the_failed_notebook_away(tmp_path):
    folder, work = tmp_path / "B1", tmp_path / "work"
    publish(folder, result(work, FAILED), replace(RUN, status="failed", error="no"))
    assert read_record(folder).good is None
    publish(folder, result(work), RUN)
    assert names(folder) == {REPORT, RECORD}


def test_a_report_that_was_harmed_or_lost_is_not_current(tmp_path):
    folder = tmp_path / "B1"
    publish(folder, result(tmp_path / "work"), RUN)
    (folder / REPORT).write_text("half a pa")
    assert not is_current(folder, "hash")
    (folder / REPORT).unlink()
    assert not is_current(folder, "hash")


def test_a_folder_is_made_once_and_replaces_older_ones(tmp_path):
    def make(folder):
        made.append(folder)
        (folder / "inner").mkdir()
        (folder / "inner" / "file").write_text("a")

    made, home = [], tmp_path / "home"
    assert made_once(home / "old", make) == home / "old"
    assert made_once(home / "new", make) == made_once(home / "new", make) == home / "new"
    assert len(made) == 2
    assert names(home) == {"new"}
    assert (home / "new" / "inner" / "file").read_text() == "a"
    modes = [path.stat().st_mode & 0o777 for path in (home / "new", *(home / "new").rglob("*"))]
    assert sorted(modes) == [0o600, 0o700, 0o700]


def test_a_folder_that_cannot_be_filled_leaves_the_older_one(tmp_path):
    def make(folder):
        (folder / "file").write_text("half")
        raise OSError(28, "No space left on device")

    made_once(tmp_path / "old", lambda folder: None)
    with pytest.raises(OSError, match="No space left"):
        made_once(tmp_path / "new", make)
    assert names(tmp_path) == {"old"}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"good": null}', '{"good": 7}', "\x00"])
def test_a_record_that_cannot_be_understood_is_none(tmp_path, text):
    (tmp_path / RECORD).write_text(text)
    assert read_record(tmp_path) is None
    assert not is_current(tmp_path, "hash")


def test_a_full_disk_while_publishing_leaves_the_last_good_report(tmp_path, monkeypatch):
    folder, work = tmp_path / "B1", tmp_path / "work"
    publish(folder, result(work, text="good"), RUN)
    monkeypatch.setattr(files, "move_whole", full_disk)
    monkeypatch.setattr("stockcust.report.ledger.move_whole", full_disk)
    with pytest.raises(OSError, match="No space left"):
        publish(folder, result(work, text="new"), replace(RUN, inputs="new"))
    assert (folder / REPORT).read_text() == "good"
    assert is_current(folder, "hash")


def test_the_versions_that_matter_are_recorded():
    versions = package_versions()
    assert {"stockcust", "python", "pandas", "papermill", "matplotlib"} <= versions.keys()
    assert all(versions.values())
