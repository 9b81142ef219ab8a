"""Names that mean nothing in the graph, or several things: said in Chinese, with a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

from viz.explorer import data
from viz.explorer.tables import Link, url
from viz.style import TYPE_NAMES
from viz.subgraph import resolve
from zhitu.errors import QueryError

if TYPE_CHECKING:
    from graph.store import Store

SHOWN = 20
"""Choices listed at most."""


@dataclass(frozen=True)
class Choice:
    """What may be meant: what to give instead, how it is shown, and its page."""

    value: str
    shown: str
    address: str
    type: str = ""


class Unclear(QueryError):
    """What was given means nothing in the graph, or several things."""

    def __init__(self, said: str, given: str, choices: Sequence[Choice]) -> None:
        left = len(choices) - SHOWN
        super().__init__(f"{said}（只列前 {SHOWN} 个）" if left > 0 else said)
        self.given = given
        self.choices = tuple(choices[:SHOWN])

    def links(self, request: Request) -> list[Link]:
        """The same request with each of the choices in place of what was given."""
        asked = request.query_params.multi_items()
        values = [value.strip() for _, value in asked]
        at = values.index(self.given)
        links = []
        for choice in self.choices:
            again: dict[str, list[str]] = {}
            for i, (key, _) in enumerate(asked):
                if key not in ("format", "table"):
                    again.setdefault(key, []).append(choice.value if i == at else values[i])
            links.append(Link(choice.shown, url(request.url.path, **again), choice.type))
        return links


def entities(store: Store, name: str) -> list[str]:
    """Ids of the entities called so, all of one name.

    Raises
    ------
    Unclear
        If there are none (the nearest are the choices), or of different names.
    """
    from cypher.find import find, lookup

    try:
        return resolve(store, name)
    except QueryError:
        found = lookup(store, name)
        if found:
            said = f"“{name}”可能指 {len(found)} 个实体，请选一个："
            raise Unclear(said, name, [entity_choice(*row) for row in found]) from None
        near = [(f.id, f.name, f.type) for f in find(store, name, limit=5)]
        rest = "最相近的：" if near else "可以先搜索名称、别名或拼音。"
        said = f"没有叫“{name}”的实体；{rest}"
        raise Unclear(said, name, [entity_choice(*row) for row in near]) from None


def entity(store: Store, name: str) -> str:
    """The id of the one entity called so.

    Raises
    ------
    Unclear
        As `entities`, and if there are several, of whatever names.
    """
    ids = entities(store, name)
    if len(ids) == 1:
        return ids[0]
    things = [(id_, data.entity(store, id_)) for id_ in ids]
    said = f"“{name}”可能指 {len(ids)} 个实体，请填其中一个的编号："
    raise Unclear(said, name, [entity_choice(i, i, thing["type"]) for i, thing in things])


def entity_choice(id_: str, name: str, type_: str) -> Choice:
    """An entity to choose: its canonical name says which is meant."""
    shown = f"{name}（{TYPE_NAMES.get(type_, '')}）"
    return Choice(name, shown, url("/entity", id=id_), type_)


def document(store: Store, text: str) -> str:
    """The id of the document whose name, title or id this is, or holds it.

    Raises
    ------
    Unclear
        If none fits (all are the choices), or several do.
    """
    from cypher.find import resolve_document

    try:
        return resolve_document(store, text)
    except QueryError:
        rows = data.documents(store)
        fits = [r for r in rows if text in r["name"] or text in (r["title"] or "")]
        said = (
            f"“{text}”可能指 {len(fits)} 篇文档，请选一篇："
            if fits
            else f"没有文档的标题或文件名含“{text}”。可选的："
        )
        choices = [Choice(r["id"], r["shown"], url("/document", id=r["id"])) for r in fits or rows]
        raise Unclear(said, text, choices) from None
