"""Who may ask the explorer, and who may write: tokens, hosts, policies."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from graph.corrections import load_corrections
from tests.browser import watched
from tests.served import Served, ask, serving


def test_every_answer_carries_a_policy_without_outside_addresses(served):
    for path in ("/", "/static/base.js", "/api/suggest?q=x", "/nowhere"):
        policy = ask(served.url("") + path)[1]["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy
        assert "http" not in policy and "unsafe" not in policy and "*" not in policy


def form_token(served: Served, headers: dict[str, str] | None = None) -> str:
    return re.search(r'name="zhitu-form" content="([^"]+)"', served.get("/", headers)[2])[1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"x-zhitu-form": None}, 403),
        ({"x-zhitu-form": "wrong"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"host": "evil.example"}, 400),
    ],
)
def test_no_write_without_the_pages_own_token(served, change, status):
    good = {"content-type": "application/json", "x-zhitu-form": form_token(served),
            "origin": served.url(""), "sec-fetch-site": "same-origin"}  # fmt: skip
    headers = {k: v for k, v in {**good, **change}.items() if v is not None}
    body = {"op": "forget", "entity": "C919"}
    before = load_corrections(served.corrections)
    assert ask(served.url("/api/corrections"), headers, body)[0] == status
    assert load_corrections(served.corrections) == before
    for body in ({"op": "drop"}, [], "x", None):
        status, _, text = ask(served.url("/api/corrections"), good, body)
        assert status in (400, 405) and "Traceback" not in text


def test_other_hosts_names_are_refused(served):
    assert served.get("/", {"host": "evil.example"})[0] == 400


def test_bound_elsewhere_a_token_is_asked_for(database, tmp_path, browser, served):
    with serving(database, tmp_path, "--host", "0.0.0.0") as other:
        token = urlsplit(other.address).query.removeprefix("token=")
        local = other.address.replace("0.0.0.0", "127.0.0.1")
        base = local.split("?")[0]
        assert len(token) > 20
        assert ask(base)[0] == 401
        assert ask(base + "documents?token=wrong")[0] == 401
        status, headers, _ = ask(base + f"documents?q=x&token={token}")
        assert status == 303 and headers["location"] == "/documents?q=x"
        assert "HttpOnly" in headers["set-cookie"] and "SameSite=Strict" in headers["set-cookie"]
        with watched(browser) as seen:
            seen.page.goto(local)
            assert seen.page.inner_text("h1") == "知图"
            assert "token" not in seen.page.url
            seen.check(urlsplit(local).netloc)
