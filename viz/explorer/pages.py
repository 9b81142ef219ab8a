"""Views that are text and tables: home, search, entity, map."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graph.ontology import RELATIONS
from viz.explorer import china, data
from viz.explorer.names import is_pinyin
from viz.explorer.tables import Link, Table, entity_link, url
from viz.style import RELATION_NAMES, TYPE_NAMES
from viz.subgraph import document_name, known_documents
from zhitu.errors import UsageError

if TYPE_CHECKING:
    from viz.explorer.app import Explorer

STATUS = {"done": "已做", "planned": "计划"}
SOURCES = {"text": "文中", "gazetteer": "行政区划表", "name": "由名称可知"}


def home(explorer: Explorer, request: Request) -> Response:
    """Counts, the latest documents, where to go."""
    explorer.names.start()
    rows = data.documents(explorer.store)
    issuers = Counter((r["issuer_id"], r["issuer"]) for r in rows if r["issuer_id"])
    return explorer.page(
        "home.html",
        request,
        counts=data.overview(explorer.store),
        documents=rows[:12],
        issuers=[(id_, name, n) for (id_, name), n in issuers.most_common()],
    )


def found(explorer: Explorer, text: str, limit: int) -> list[dict[str, Any]]:
    """Entities for a search text: names and aliases, or pinyin."""
    from cypher.find import find

    rows = [
        {"id": f.id, "name": f.name, "type": f.type, "aliases": f.aliases}
        for f in find(explorer.store, text, limit=limit, timeout=explorer.settings.query_timeout)
    ]
    if is_pinyin(text):
        known = {row["id"] for row in rows}
        for id_, _ in explorer.names.find(text, limit) or ():
            if id_ not in known and len(rows) < limit:
                rows.append(data.entity(explorer.store, id_))
    return rows


def search(explorer: Explorer, request: Request) -> Response:
    """Entities by name, alias or pinyin."""
    text = request.query_params.get("q", "").strip()
    rows = found(explorer, text, 100) if text else []
    known = known_documents(explorer.store)
    mentions: dict[str, Counter[str]] = {r["id"]: Counter() for r in rows}
    for id_, document, n in explorer.store.read(data.MENTIONED_IN, {"ids": [*mentions]}).rows:
        mentions[id_][document] = n
    table = Table(
        f"搜索-{text}",
        ("名称", "类型", "别名", "提及", "文档"),
        [
            (
                entity_link(r["id"], r["name"], r["type"]),
                TYPE_NAMES.get(r["type"], ""),
                "、".join(r["aliases"]),
                mentions[r["id"]].total(),
                "、".join(document_name(known, d) for d, _ in mentions[r["id"]].most_common(3)),
            )
            for r in rows
        ],
    )
    return explorer.table_page("search.html", request, {"entities": table}, text=text)


def suggest(explorer: Explorer, request: Request) -> Response:
    """Names for a search box, as JSON."""
    text = request.query_params.get("q", "").strip()
    rows = found(explorer, text, 12) if text else []
    return JSONResponse(
        [{"id": r["id"], "name": r["name"], "type": TYPE_NAMES.get(r["type"], "")} for r in rows]
    )


def entity(explorer: Explorer, request: Request) -> Response:
    """One entity: names, relations with evidence, every mention."""
    id_ = required(request, "id")
    thing = data.entity(explorer.store, id_)
    limit = explorer.settings.query_limit
    relations = data.dicts(explorer.store, data.RELATIONS_OF, id=id_, relations=list(RELATIONS))
    mentions = data.dicts(explorer.store, data.MENTIONS_OF, id=id_)
    known = known_documents(explorer.store)
    for r in (*relations, *mentions):
        r["document"] = document_name(known, r["document_id"])
    tables = {
        "relations": Table(
            f"{thing['name']}-关系",
            (
                "方向",
                "关系",
                "实体",
                "类型",
                "职务",
                "状态",
                "可信度",
                "来源",
                "文档",
                "日期",
                "证据",
            ),
            [
                (
                    "→" if r["out"] else "←",
                    RELATION_NAMES[r["relation"]],
                    entity_link(r["other_id"], r["other"], data.label_of(r["labels"])),
                    TYPE_NAMES[data.label_of(r["labels"])],
                    r["title"],
                    STATUS.get(r["status"]),
                    confidence(r),
                    SOURCES.get(r["source"], r["source"]),
                    Link(r["document"], url("/document", id=r["document_id"])),
                    r["date"],
                    r["evidence"],
                )
                for r in relations[:limit]
            ],
            len(relations) > limit,
        ),
        "mentions": Table(
            f"{thing['name']}-提及",
            ("写作", "句子", "文档", "日期", "起", "止"),
            [
                (
                    r["text"],
                    r["sentence"],
                    Link(
                        r["document"],
                        url("/document", id=r["document_id"]) + f"#{r['sentence_id']}",
                    ),
                    r["date"],
                    r["start"],
                    r["end"],
                )
                for r in mentions[:limit]
            ],
            len(mentions) > limit,
        ),
    }
    surfaces = Counter(r["text"] for r in mentions).most_common()
    reasons = list(dict.fromkeys(r["reason"] for r in mentions if r["reason"]))[:3]
    marked = [
        (
            data.cut(
                r["sentence"], [{**r, "id": id_, "name": thing["name"], "labels": [thing["type"]]}]
            ),
            r,
        )
        for r in mentions[:limit]
        if r["begin"] is not None
    ]
    posts = [r for r in relations if r["relation"] == "HOLDS_POSITION"]
    return explorer.table_page(
        "entity.html",
        request,
        tables,
        entity=thing,
        surfaces=surfaces,
        reasons=reasons,
        marked=marked,
        posts=posts,
    )


def confidence(row: dict[str, Any]) -> float | None:
    """Confidence of an extracted relation, to two places; links have none."""
    return (
        None
        if row["confidence"] is None or row["source"] != "text"
        else round(row["confidence"], 2)
    )


def map_(explorer: Explorer, request: Request) -> Response:
    """The linked places on a map drawn from the gazetteer's points."""
    rows = [
        r for r in data.dicts(explorer.store, data.PLACES) if china.in_china(r["lng"], r["lat"])
    ]
    things = dict(explorer.store.read(data.AT_PLACES).rows)
    levels = {"province": "省", "city": "市", "county": "县", "township": "乡镇", "village": "村"}
    table = Table(
        "地点",
        ("名称", "级别", "经度", "纬度", "提及", "所在实体"),
        [
            (
                entity_link(r["id"], r["name"], "Place"),
                levels.get(r["level"], r["level"]),
                r["lng"],
                r["lat"],
                r["mentions"],
                things.get(r["id"], 0),
            )
            for r in rows
        ],
    )
    points = [
        {
            "id": r["id"],
            "name": r["name"],
            "mentions": r["mentions"],
            "things": things.get(r["id"], 0),
            "at": china.project(r["lng"], r["lat"]),
            "size": round(min(9.0, 2.2 + r["mentions"] ** 0.5), 1),
        }
        for r in rows
    ]
    dots = "".join(f"M{x} {y}h0" for x, y in china.background())
    return explorer.table_page(
        "map.html",
        request,
        {"places": table},
        points=points,
        dots=dots,
        provinces=china.provinces(),
        frame=china.frame(),
    )


def required(request: Request, name: str) -> str:
    """A parameter that must be given."""
    value = request.query_params.get(name, "").strip()
    if not value:
        raise UsageError(f"{request.url.path} 缺少参数 {name}")
    return value
