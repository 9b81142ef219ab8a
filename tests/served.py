"""The explorer in a process of its own, and what tests ask of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

HOSTILE = "</script><img src=x onerror=window.hacked=1>"


@dataclass
class Served:
    """A running explorer."""

    address: str
    corrections: Path

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def url(self, path: str, **parameters: str) -> str:
        query = urlencode(parameters, quote_via=quote)
        return self.address.split("?")[0].rstrip("/") + path + (f"?{query}" if query else "")

    def get(self, path: str, headers: dict[str, str] | None = None, **parameters: str):
        return ask(self.url(path, **parameters), headers)


def ask(url: str, headers: dict[str, str] | None = None, body: dict | None = None):
    """(status, headers, text) of a request; no redirect is followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers or {})
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=90) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("utf-8")


@contextlib.contextmanager
def serving(database: Path, folder: Path, *options: str) -> Iterator[Served]:
    corrections = folder / "corrections.jsonl"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "zhitu",
            "serve",
            "--store",
            f"file:{database}",
            "--port",
            "0",
            *options,
        ],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "ZHITU_CORRECTIONS": str(corrections), "COLUMNS": "300"},
    )
    try:
        line = process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + process.stderr.read()
        yield Served(found[0], corrections)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""
        process.stderr.close()
