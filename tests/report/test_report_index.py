"""The index works from a folder, on a phone, in two languages, without any other file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from report_fakes import network_of

import needs
from stockcust.report.index import Entry, index_html

NETWORK = network_of(B1="城东", B2="城西", B3="城南")
ENTRIES = (
    Entry(None, "__network", "missing"),
    Entry("B1", "B1", "missing"),
    Entry("B2", "B2", "failed", "<b>no</b>"),
    Entry("B3", "B3", "missing"),
)


def write_index(home: Path, lang: str = "zh") -> BeautifulSoup:
    html = index_html(
        ENTRIES, NETWORK.branches, home=home, as_of="2026-06-30", lang=lang, footer="f"
    )
    (home / "index.html").write_text(html, encoding="utf-8")
    return BeautifulSoup(html, "html.parser")


def test_every_branch_has_a_line_with_its_figures(tmp_path):
    rows = write_index(tmp_path).table.tbody.find_all("tr")
    assert [[cell.get_text(" ", strip=True) for cell in row.find_all("td")] for row in rows] == [
        ["B1", "城东", "100", "123.46", "23.46", "未生成", "—"],
        ["B2", "城西", "200", "246.91", "—", "失败 <b>no</b>", "—"],
        ["B3", "城南", "300", "370.37", "—", "未生成", "—"],
    ]


@pytest.mark.parametrize(
    ("lang", "title", "counts"),
    [
        ("zh", "存量客户经营报告", "共3家机构：报告可用0家，失败1家，待更新或未生成2家"),
        ("en", "Existing-customer reports", "3 branches: 0 with an up-to-date report, 1 failed"),
    ],
)
def test_it_speaks_both_languages(tmp_path, lang, title, counts):
    page = write_index(tmp_path, lang)
    assert page.h1.get_text() == title
    assert counts in page.get_text()


def test_figures_that_the_network_does_not_have_have_no_column(tmp_path):
    html = index_html(
        ENTRIES[1:],
        NETWORK.branches[["branch_id", "branch_name"]],
        home=tmp_path,
        as_of="2026-06-30",
        lang="zh",
        footer="",
    )
    heads = [th.get_text() for th in BeautifulSoup(html, "html.parser").find_all("th")]
    assert heads == ["机构号", "机构名称", "状态", "报告"]


def test_only_its_own_script_may_run(tmp_path):
    page = write_index(tmp_path)
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]+=*'", policy)
    assert not page.find_all("script", src=True)
    assert not page.find_all(lambda tag: any(name.startswith("on") for name in tag.attrs))


@needs.chromium
@pytest.mark.browser
def test_in_a_browser_it_sorts_searches_and_fits_a_phone(tmp_path):
    from playwright.sync_api import sync_playwright

    write_index(tmp_path)
    said: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=needs.CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "index.html").as_uri())

        def shown() -> list[str]:
            return page.locator("tbody tr:visible td:first-child").all_inner_texts()

        page.get_by_role("button", name="客户数").click()
        assert shown() == ["B1", "B2", "B3"]
        page.get_by_role("button", name="客户数").click()
        assert shown() == ["B3", "B2", "B1"]
        page.get_by_role("button", name="较上月").click()
        assert shown()[0] == "B1"  # what is not known comes last, whichever way
        page.get_by_role("button", name="较上月").click()
        assert shown()[0] == "B1"
        page.get_by_role("searchbox").fill("城西")
        assert shown() == ["B2"]
        page.set_viewport_size({"width": 390, "height": 800})
        page.get_by_role("searchbox").fill("")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        browser.close()
    assert said == []
