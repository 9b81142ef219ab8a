"""Corrections by hand: the same lines in the same file as the commands write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graph.corrections import (
    OPS,
    Correction,
    append_correction,
    in_force,
    load_corrections,
    read_corrections,
)
from graph.corrections import (
    record as write_down,
)
from graph.ontology import LABELS
from viz.explorer.tables import Table
from viz.explorer.unclear import entity as one
from zhitu.errors import CorrectionError, UsageError

if TYPE_CHECKING:
    from viz.explorer.app import Explorer

OP_NAMES: dict[str, str] = {
    "merge": "合并",
    "rename": "改名",
    "retype": "改类型",
    "forget": "删去",
    "alias": "别名",
    "split": "拆分",
    "undo": "撤销",
}
OFFERED: tuple[str, ...] = ("merge", "rename", "retype", "alias", "forget", "undo")
"""What the explorer writes; splitting needs documents and surfaces, and has its command."""


def corrections(explorer: Explorer, request: Request) -> Response:
    """The corrections in force, forms to add some, and pairs that may be one."""
    path = Path(explorer.settings.corrections)
    everything = read_corrections(path)
    standing = in_force(everything, str(path))
    tables = {
        "corrections": Table(
            "更正",
            ("编号", "更正", "对象", "改为", "文档", "备注", "时间"),
            [
                (c.id, OP_NAMES[c.op], c.entity or c.text, _target(c), c.document, c.note, c.at)
                for c in standing
            ],
        )
    }
    pairs = _pairs(explorer) if "duplicates" in request.query_params else None
    if pairs is not None:
        tables["duplicates"] = Table(
            "可能重复",
            ("甲", "乙", "理由", "相似度"),
            [(p.one.id, p.other.id, p.reason, round(p.score, 2)) for p in pairs],
        )
    return explorer.table_page(
        "corrections.html",
        request,
        tables,
        standing=standing,
        op_names=OP_NAMES,
        pairs=pairs,
        target=_target,
        file=str(path),
        given=request.query_params,
    )


def _target(correction: Correction) -> str:
    if correction.op == "alias":
        return correction.entity or ""
    return correction.into or correction.name or correction.type or ""


def _pairs(explorer: Explorer) -> list[Any]:
    from graph.duplicates import duplicates, read_entities

    return list(duplicates(read_entities(explorer.store)))[:100]


def record(explorer: Explorer, request: Request, body: dict[str, Any]) -> Response:
    """Write one correction down. JSON in, JSON out; the form token was checked before."""
    if not isinstance(body, dict) or body.get("op") not in OFFERED:
        raise UsageError(f"op must be one of {', '.join(OFFERED)}")
    given = {key: value.strip() for key, value in body.items() if isinstance(value, str)}
    path = Path(explorer.settings.corrections)
    with explorer.writing:
        if given["op"] == "undo":
            return _undo(path, given.get("of", ""))
        made, ids = _correction(explorer, given)
        text = made.text if made.op == "alias" else None
        written, documents = write_down(explorer.store, path, made, ids, text=text)
    return JSONResponse(
        {"id": written.id, "said": written.describe(), "documents": sorted(documents.values())}
    )


def _undo(path: Path, of: str) -> Response:
    chosen = next((c for c in load_corrections(path) if c.id == of), None)
    if chosen is None:
        raise CorrectionError(f"{path}: no correction in force has the id {of!r}")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    append_correction(path, Correction("undo", of=chosen.id, at=now))
    return JSONResponse({"id": chosen.id, "said": f"已撤销 {chosen.describe()}", "documents": []})


def _correction(explorer: Explorer, given: dict[str, str]) -> tuple[Correction, list[str]]:
    """The correction that a form asks for, its entities resolved to ids."""
    op = given["op"]
    for key in OPS[op][0]:
        if not given.get(key):
            raise UsageError(f"{OP_NAMES[op]}：缺少 {key}")
    entity = one(explorer.store, given["entity"])
    note = given.get("note") or None
    if op == "merge":
        into = one(explorer.store, given["into"])
        if into == entity:
            raise UsageError(f"{given['entity']} 和 {given['into']} 已是同一个实体")
        return Correction("merge", entity, into, note=note), [entity]
    if op == "rename":
        return Correction("rename", entity, name=given["name"], note=note), [entity]
    if op == "retype":
        if given["type"] not in LABELS:
            raise UsageError(f"type {given['type']!r}; known: {', '.join(LABELS)}")
        return Correction("retype", entity, type=given["type"], note=note), [entity]
    if op == "alias":
        return Correction("alias", entity, text=given["text"], note=note), [entity]
    return Correction("forget", entity, note=note), [entity]
