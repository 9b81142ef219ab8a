"""Tables: what a page shows and what its CSV holds are the same object."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from viz.style import RELATION_NAMES, TYPE_NAMES

WORDS: dict[str, str] = {
    **RELATION_NAMES,
    **TYPE_NAMES,
    **{"done": "已做", "planned": "计划", "text": "文中", "gazetteer": "行政区划表"},
}
"""Values that stand for something, as people read them."""

COLUMNS: dict[str, str] = {
    "actor": "行动者", "body": "机构", "brand": "品牌", "confidence": "可信度", "date": "日期",
    "direction": "方向", "document": "文档", "documents": "文档数", "done_in": "完成于",
    "end": "止", "entities": "实体数", "entity": "实体", "evidence": "证据",
    "evidence_one": "证据一", "evidence_two": "证据二", "finished": "已完成", "first": "第一",
    "head": "主体", "implementer": "实施者", "implementers": "实施者", "in_first": "在第一篇",
    "in_second": "在第二篇", "issuer": "发文机构", "kind": "文种", "lat": "纬度", "level": "级别",
    "lng": "经度", "member": "成员", "mentions": "提及", "name": "名称", "names": "名称",
    "operator": "运营者", "organisation": "机构", "other": "对方", "parent": "上级",
    "partner": "合作方", "person": "人物", "place": "地点", "places": "地点数",
    "planned_in": "计划于", "project": "项目", "projects": "项目数", "recognised": "受表彰者",
    "recognised_by": "表彰者", "relation": "关系", "relations": "关系", "rule": "规则",
    "second": "第二", "section": "章节", "sentence": "句子", "sentences": "句数",
    "shared": "共有", "source": "来源", "start": "起", "status": "状态", "steps": "步数",
    "tail": "客体", "title": "职务或标题", "type": "类型", "visited": "到访处", "visitor": "来访者",
    "with_one": "与第一", "with_two": "与第二", "written": "写作",
}  # fmt: skip
"""Columns of the query library, as people read them."""


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere; in CSV only its text stands."""

    text: str
    url: str
    type: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Table:
    """Rows with a name for the CSV file; `truncated` says that there were more.

    On the page the words of the ontology and of the query library's columns stand in
    Chinese (`WORDS`); the CSV keeps them, for programs.
    """

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    truncated: bool = False


def entity_link(id_: str, name: str, type_: str = "") -> Link:
    """A link to an entity's page.

    >>> entity_link("Place:柯城", "柯城").url
    '/entity?id=Place%3A%E6%9F%AF%E5%9F%8E'
    """
    return Link(name, url("/entity", id=id_), type_)


def url(path: str, **parameters: Any) -> str:
    """A path with its query; None is left out, sequences are repeated.

    >>> url("/graph", id=["a b", "c"], hops=2, type=None)
    '/graph?id=a%20b&id=c&hops=2'
    """
    given = {key: value for key, value in parameters.items() if value not in (None, "", [], ())}
    query = urlencode(given, doseq=True, quote_via=quote)
    return f"{path}?{query}" if query else path


def csv_response(table: Table) -> Response:
    """The table as a CSV file: UTF-8 with a byte order mark, so that Excel reads Chinese.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([[_cell(value) for value in row] for row in table.rows])
    name = quote(f"{table.name}.csv")
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )


def _cell(value: Any) -> Any:
    """
    >>> _cell("=1+1"), _cell(-2.5), _cell("-2.5"), _cell(None)
    ("'=1+1", -2.5, '-2.5', '')
    """
    if value is None or isinstance(value, int | float):
        return "" if value is None else value
    text = str(value)
    return "'" + text if text[:1] in "=+-@\t\r" and text and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
