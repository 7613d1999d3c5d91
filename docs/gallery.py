"""Make the sample's reports in both languages and photograph them for the README.

Usage: python docs/gallery.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "gallery"
SCROLL = "id => document.getElementById(id).scrollIntoView({behavior: 'instant'})"
A4, PHONE = (820, 1160), (390, 1160)
# name of the picture: language, page, window, heading at its top
SHOTS = {
    "summary_zh": ("zh", "0101", A4, ""),
    "quadrants_zh": ("zh", "0101", A4, "s3"),
    "groups_en": ("en", "0101", A4, "s4"),
    "phone_zh": ("zh", "0101", PHONE, "s3"),
    "overview_en": ("en", "__network", A4, "s2"),
    "index_zh": ("zh", "", A4, ""),
}


def main() -> None:
    """Photograph every page of `SHOTS`."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None:
        sys.exit("the gallery needs Chromium on the PATH")
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = {lang: _report(Path(folder) / lang, lang) for lang in ("zh", "en")}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (lang, branch, window, place) in SHOTS.items():
            path = pages[lang] / (f"{branch}/report.html" if branch else "index.html")
            page = browser.new_page(viewport={"width": window[0], "height": window[1]})
            page.goto(path.as_uri())
            if place:
                page.evaluate(SCROLL, place)
            page.screenshot(path=HERE / f"{name}.png")
            _reduce(HERE / f"{name}.png")
        browser.close()


def _report(out: Path, lang: str) -> Path:
    """The folder with the pages of the day."""
    command = [sys.executable, "-m", "stockcust.cli", "report", str(ROOT / "data" / "sample")]
    subprocess.run([*command, "--out", str(out), "--lang", lang], check=True)
    return next(path.parent for path in out.glob("*/index.html"))


def _reduce(path: Path) -> None:
    Image.open(path).convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
