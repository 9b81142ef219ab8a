"""Views of documents: the list, one with its mentions highlighted, two side by side."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from graph.ontology import RELATIONS
from viz.explorer import data
from viz.explorer.pages import SOURCES, STATUS, confidence, required
from viz.explorer.tables import Link, Table, entity_link, url
from viz.style import RELATION_NAMES, TYPE_NAMES

if TYPE_CHECKING:
    from viz.explorer.app import Explorer


def documents(explorer: Explorer, request: Request) -> Response:
    """All documents."""
    text = request.query_params.get("q", "").strip()
    rows = data.documents(explorer.store)
    if text:
        rows = [r for r in rows if any(text in (r[k] or "") for k in ("name", "title", "issuer"))]
    table = Table(
        "文档",
        ("标题", "文件", "文种", "日期", "发文机构"),
        [
            (
                Link(r["title"] or r["name"], url("/document", id=r["id"])),
                r["name"],
                r["kind"],
                r["date"],
                entity_link(r["issuer_id"], r["issuer"], "Organization")
                if r["issuer_id"]
                else None,
            )
            for r in rows
        ],
    )
    return explorer.table_page("documents.html", request, {"documents": table}, text=text)


def document(explorer: Explorer, request: Request) -> Response:
    """One document with its mentions highlighted, its entities and its relations."""
    id_ = required(request, "id")
    properties = data.document(explorer.store, id_)
    mentions = data.dicts(explorer.store, data.MENTIONS_IN, id=id_)
    relations = data.dicts(explorer.store, data.RELATIONS_IN, id=id_, relations=list(RELATIONS))
    counts = Counter((m["id"], m["name"], data.label_of(m["labels"])) for m in mentions)
    name = properties.get("title") or properties["name"]
    tables = {
        "entities": Table(
            f"{name}-实体",
            ("名称", "类型", "提及"),
            [(entity_link(i, n, t), TYPE_NAMES[t], c) for (i, n, t), c in counts.most_common()],
        ),
        "relations": Table(
            f"{name}-关系",
            ("主体", "关系", "客体", "职务", "状态", "可信度", "来源", "证据"),
            [
                (
                    entity_link(r["head_id"], r["head"]),
                    RELATION_NAMES[r["relation"]],
                    entity_link(r["tail_id"], r["tail"]),
                    r["title"],
                    STATUS.get(r["status"]),
                    confidence(r),
                    SOURCES.get(r["source"], r["source"]),
                    r["evidence"],
                )
                for r in relations
            ],
        ),
        "mentions": Table(
            f"{name}-提及",
            ("起", "止", "写作", "实体", "类型", "可信度"),
            [
                (
                    m["start"],
                    m["end"],
                    m["text"],
                    entity_link(m["id"], m["name"]),
                    TYPE_NAMES[data.label_of(m["labels"])],
                    m["confidence"],
                )
                for m in mentions
            ],
        ),
    }
    return explorer.table_page(
        "document.html",
        request,
        tables,
        document=properties,
        title=name,
        paragraphs=data.paragraphs(explorer.store, id_),
    )


def compare(explorer: Explorer, request: Request) -> Response:
    """Two documents side by side: what both mention, what only one does."""
    rows = data.documents(explorer.store)
    first, second = request.query_params.get("first"), request.query_params.get("second")
    if not first or not second:
        return explorer.page(
            "compare.html", request, documents=rows, chosen=None, first=first, second=second
        )
    chosen = [data.document(explorer.store, id_) for id_ in (first, second)]
    shown = {r["id"]: r["shown"] for r in rows}
    names = [shown[d["id"]] for d in chosen]
    entities = data.comparison(explorer.store, first, second)
    both = data.relations_of_both(explorer.store, first, second)
    tables = {
        "entities": Table(
            "比较-实体",
            ("名称", "类型", *names),
            [
                (
                    entity_link(r["id"], r["name"], r["type"]),
                    TYPE_NAMES[r["type"]],
                    r["first"],
                    r["second"],
                )
                for r in entities
            ],
        ),
        "relations": Table(
            "比较-共同关系",
            ("主体", "关系", "客体", "证据"),
            [
                (
                    entity_link(r["head_id"], r["head"]),
                    RELATION_NAMES[r["relation"]],
                    entity_link(r["tail_id"], r["tail"]),
                    r["evidence"],
                )
                for r in both
            ],
        ),
    }
    parts = {
        "both": [r for r in entities if r["first"] and r["second"]],
        "first": [r for r in entities if not r["second"]],
        "second": [r for r in entities if not r["first"]],
    }
    return explorer.table_page(
        "compare.html",
        request,
        tables,
        documents=rows,
        chosen=chosen,
        names=names,
        parts=parts,
        first=first,
        second=second,
    )
