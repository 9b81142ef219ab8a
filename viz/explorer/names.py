"""Names by pinyin: an index over the whole graph, made in the background."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from viz import pinyin
from viz.explorer.data import NAMES

if TYPE_CHECKING:
    from graph.store import Store

MOST = 50_000
"""Entities indexed at most: about half a minute's work."""


@dataclass(frozen=True)
class Named:
    """One name or alias of an entity with its search keys."""

    id: str
    name: str
    full: str
    initials: str


class NameIndex:
    """Finds entities by full pinyin or initials. Built in a thread, on first use."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._names: list[Named] = []
        self._ready = threading.Event()

    def start(self) -> None:
        """Begin to index, if that has not begun."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._build, daemon=True)
                self._thread.start()

    def forget(self) -> None:
        """Index anew at the next search: the graph has changed."""
        with self._lock:
            self._thread = None
            self._ready.clear()

    def _build(self) -> None:
        rows = self.store.read(NAMES, {"limit": MOST}).rows
        self._names = [
            Named(id_, name, *pinyin.keys(called))
            for id_, name, aliases in rows
            for called in dict.fromkeys([name, *(aliases or ())])
        ]
        self._ready.set()

    def find(self, text: str, limit: int, *, wait: float = 5.0) -> list[tuple[str, str]] | None:
        """Ids and names for a text in letters, best first; None while the index is not ready."""
        query = re.sub(r"[\s'’]", "", text).lower()
        self.start()
        if not self._ready.wait(wait):
            return None
        scored: dict[str, tuple[int, str]] = {}
        for named in self._names:
            score = _score(named, query)
            if score > scored.get(named.id, (0, ""))[0]:
                scored[named.id] = (score, named.name)
        best = sorted(scored.items(), key=lambda item: (-item[1][0], len(item[1][1]), item[0]))
        return [(id_, name) for id_, (_, name) in best[:limit]]


def is_pinyin(text: str) -> bool:
    """Whether a search text is letters only.

    >>> is_pinyin("chang shan"), is_pinyin("常山")
    (True, False)
    """
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9'’\s]*", text.strip()))


def _score(named: Named, query: str) -> int:
    """The page's rules (search.js): whole before beginning before inside."""
    if query in (named.full, named.initials):
        return 70
    if named.initials.startswith(query):
        return 55
    if named.full.startswith(query):
        return 50
    if len(query) > 1 and query in named.initials:
        return 40
    return 30 if len(query) > 2 and query in named.full else 0
