"""An analyst opens a notebook in JupyterLab, runs it, and picks another branch."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import needs

ROOT = Path(__file__).parents[2]
pytestmark = [needs.chromium, pytest.mark.browser]
CELL = """
import stockcust as sc
from stockcust import present as show

network = sc.find_results({results!r})
show.pick_branch(network, lambda b: show.plot_quadrants(b.segments, network.rules))
"""


@pytest.fixture
def lab(tmp_path):
    """A JupyterLab over a folder with one notebook that holds the picker."""
    import stockcust as sc

    results = sc.find_results(data=str(ROOT / "data" / "sample")).save(tmp_path / "results")
    notebook = new_notebook(
        cells=[new_code_cell(CELL.format(results=str(results)))],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    (tmp_path / "work").mkdir()
    nbformat.write(notebook, tmp_path / "work" / "picker.ipynb")
    settings = tmp_path / "config" / "labconfig"
    settings.mkdir(parents=True)
    off = '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}'
    (settings / "page_config.json").write_text(off)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}",
        f"--IdentityProvider.token={token}", "--expose-app-in-browser", "--allow-root",
        f"--ServerApp.root_dir={tmp_path / 'work'}",
    ]  # fmt: skip
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={token}")
            yield f"http://127.0.0.1:{port}/lab/tree/picker.ipynb?token={token}"
        finally:
            server.send_signal(signal.SIGINT)
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def _wait_for(address: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(address)


def test_picking_another_branch_draws_its_picture(lab):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=needs.CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1300, "height": 1100})
        page.goto(lab)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        # the status bar says idle before the session is ready
        page.wait_for_timeout(2_500)
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
        picker = page.locator(".jp-OutputArea select").first
        picker.wait_for(timeout=120_000)
        picture = page.locator(".jp-OutputArea img").first
        picture.wait_for(timeout=60_000)
        first = picture.get_attribute("src")
        options = picker.locator("option").all_inner_texts()
        picker.select_option(index=2)
        page.wait_for_function(
            "old => { const i = document.querySelector('.jp-OutputArea img');"
            " return i && i.src !== old; }",
            arg=first,
            timeout=60_000,
        )
        assert len(options) == len(set(options)) >= 3
        browser.close()
