"""Who may ask, and what a page may do: hosts, the token, writes, and security headers.

The explorer shows a researcher's own graph on the researcher's own machine. Other
machines are let in only with a token; other sites' pages, which a browser would let send
requests here, are told apart by the Host and Origin headers and cannot know the form
token without which nothing is written.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "zhitu-token"
FORM_TOKEN_HEADER = "x-zhitu-form"
SAFE_METHODS = frozenset({"GET", "HEAD"})

HEADERS: tuple[tuple[str, str], ...] = (
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
)


@dataclass(frozen=True)
class Access:
    """Who may ask.

    Parameters
    ----------
    host : str
        The address that the explorer is bound to.
    token : str or None
        What others must bring; None when bound to this machine only.
    form_token : str
        What every write must carry; only the explorer's own pages hold it.
    """

    host: str
    token: str | None = None
    form_token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


def is_local(host: str) -> bool:
    """Whether an address means this machine only.

    >>> is_local("127.0.0.1"), is_local("localhost"), is_local("::1"), is_local("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def make_access(host: str) -> Access:
    """Local addresses need no token; others get a new one."""
    return Access(host, None if is_local(host) else secrets.token_urlsafe(24))


class Guard:
    """ASGI middleware that lets through only what `Access` allows."""

    def __init__(self, app: Callable[..., Awaitable[None]], access: Access) -> None:
        self.app = app
        self.access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, let in with a cookie, or pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if refusal := self._refusal(scope, headers):
            status, reason = refusal
            await _answer(send, status, reason)
            return
        if self.access.token and (query := self._token_in_query(scope)) is not None:
            # The token moves from the address, which people copy, into a cookie.
            location = scope["path"] + (f"?{urlencode(query)}" if query else "")
            cookie = f"{COOKIE}={self.access.token}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(send, 303, "", [("location", location), ("set-cookie", cookie)])
            return
        await self.app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: Mapping[str, str]) -> tuple[int, str] | None:
        host = _host_name(headers.get("host", ""))
        if is_local(self.access.host) and not is_local(host):
            return 400, f"this explorer answers at {self.access.host} only, not as {host!r}"
        if self.access.token and not self._has_token(scope, headers):
            return 401, "a token is needed: open the address that `zhitu serve` printed"
        if scope["method"] in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope['scheme']}://{headers.get('host', '')}":
            return 403, "writing is allowed from the explorer's own pages only"
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, "writing is allowed from the explorer's own pages only"
        given = headers.get(FORM_TOKEN_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.access.form_token.encode()):
            return 403, "the form token is missing or old: reload the page and try again"
        return None

    def _has_token(self, scope: Scope, headers: Mapping[str, str]) -> bool:
        wanted = (self.access.token or "").encode()
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            cookie = None
        given = [cookie.value] if cookie else []
        given += [v for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k == "token"]
        return any(hmac.compare_digest(value.encode(), wanted) for value in given)

    def _token_in_query(self, scope: Scope) -> list[tuple[str, str]] | None:
        """The query without the token, if the token is in it."""
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        rest = [(key, value) for key, value in pairs if key != "token"]
        return rest if len(rest) < len(pairs) else None


def _host_name(host: str) -> str:
    """Host without its port; brackets of an IPv6 address go.

    >>> _host_name("127.0.0.1:8000"), _host_name("[::1]:8000"), _host_name("localhost")
    ('127.0.0.1', '::1', 'localhost')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


async def _answer(
    send: Send, status: int, text: str, headers: list[tuple[str, str]] | None = None
) -> None:
    body = text.encode("utf-8")
    pairs = [("content-type", "text/plain; charset=utf-8"), *HEADERS, *(headers or [])]
    raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in pairs]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send) -> Send:
    extra = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in HEADERS]

    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return wrapped
