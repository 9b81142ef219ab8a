"""A real Chromium for the tests of pages, and what a page must never do."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Watched:
    """A page with all that it said and asked for."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def check(self, *hosts: str) -> None:
        """Fail if the page complained, opened a dialogue or asked anyone but `hosts`."""
        assert self.messages == []
        assert self.dialogs == []
        outside = [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("file", "data", "blob")
            and urlsplit(url).netloc not in hosts
        ]
        assert outside == []


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless; fails with what to install if there is none."""
    path = next(
        (p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p)), None
    )
    if path is None:
        pytest.fail(
            "no Chromium: install it (Debian, Ubuntu: apt-get install chromium)", pytrace=False
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(path), args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def watched(browser: Browser, **settings: object) -> Iterator[Watched]:
    """A page in a fresh context, watched."""
    settings = {"viewport": {"width": 1440, "height": 900}, **settings}
    context = browser.new_context(**settings)
    page = context.new_page()
    # Generous, for machines that run other things too; what must be quick is measured.
    page.set_default_timeout(90_000)
    seen = Watched(page)
    page.on("console", lambda message: seen.messages.append(message.text))
    page.on("pageerror", lambda error: seen.messages.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))

    def dismiss(dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    yield seen
    context.close()


def until(page: Page, script: str, arg: object = None, *, seconds: float = 60) -> None:
    """Wait until `script` gives something true; Playwright's own waiting needs ``eval``,
    which the pages' policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {script}")
        page.wait_for_timeout(30)
