"""Photograph a page for the documentation, in headless Chromium.

python docs/photograph.py zhitu.html docs/images/zhitu.png
python docs/photograph.py http://127.0.0.1:8760/map docs/images/map.png --dark
python docs/photograph.py zhitu.html docs/images/evidence.png --choose 民生议事堂
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
CHOOSE = """(name) => {
    const node = [...zhitu.graph.nodes.values()].find((n) => n.name.includes(name));
    zhitu.graph.select(node.id);
}"""


def photograph(page: str, picture: Path, *, dark: bool, choose: str | None) -> None:
    """Write a PNG of 1440 by 900 pixels of what `page` (a file or an address) shows."""
    address = page if "://" in page else Path(page).resolve().as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        tab = browser.new_page(
            viewport={"width": 1440, "height": 900}, color_scheme="dark" if dark else "light"
        )
        tab.goto(address)
        tab.wait_for_timeout(1500)
        if choose:
            tab.evaluate(CHOOSE, choose)
            tab.wait_for_timeout(800)
        picture.parent.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=picture)
        browser.close()
    # A third of the size. Maximum coverage keeps colours of few pixels, as in the legend, which
    # median cut gave those of their neighbours.
    palette = Image.open(picture).convert("RGB").quantize(method=Image.Quantize.MAXCOVERAGE)
    palette.save(picture, optimize=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--choose", metavar="NAME")
    given = parser.parse_args()
    photograph(given.page, given.picture, dark=given.dark, choose=given.choose)
