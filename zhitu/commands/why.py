"""``zhitu why``: every sentence that says a relation, its document and position."""

from __future__ import annotations

import dataclasses
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from zhitu.commands.common import StoreOption, open_store
from zhitu.settings import load_settings

if TYPE_CHECKING:
    from cypher.evidence import Evidence

_STATUS = {"done": "已完成", "planned": "计划中"}
_SOURCE = {"gazetteer": "地名表（文中未写明）", "name": "名称包含（文中未写明）"}


class Format(StrEnum):
    """Forms that evidence can be printed in."""

    text = "text"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(why)


def why(
    head: Annotated[str, typer.Argument(help="Name or alias of the head.")],
    type: Annotated[str, typer.Argument(metavar="TYPE", help="IMPLEMENTS or 实施, …")],
    tail: Annotated[str, typer.Argument(help="Name or alias of the tail.")],
    format: Annotated[Format, typer.Option("--format", "-f")] = Format.text,
    store: StoreOption = None,
) -> None:
    """Show every sentence that says a relation, with its document and position.

    Example: zhitu why 柯城区政协 OPERATES 请你来协商

    Example: zhitu why 柯城区政协 运营 请你来协商 --format json
    """
    from cypher.evidence import evidence

    settings = load_settings(store=store)
    with open_store(settings=settings) as graph:
        found = evidence(graph, head, type, tail, timeout=settings.query_timeout)
    if format is Format.json:
        print(json.dumps([dataclasses.asdict(e) for e in found], ensure_ascii=False, indent=1))
        return
    for number, one in enumerate(found, 1):
        print(describe(one, number))


def describe(evidence: Evidence, number: int) -> str:
    """Write one piece of evidence for people, in Chinese.

    Examples
    --------
    >>> from cypher.evidence import Evidence
    >>> print(describe(Evidence("甲县人民政府", "IMPLEMENTS", "沧澜引水工程", "报告.txt", "d1",
    ...     "text", "实施沧澜引水工程。", 10, 19, None, {"沧澜引水工程": "沧澜引水工程"},
    ...     0.93, "issuer-runs-project", "planned", None), 1))
    1. 报告.txt  字符 10–19
       实施沧澜引水工程。
       甲县人民政府：句中未写明，指发文机关
       计划中 · 置信度 0.93 · 依据 issuer-runs-project
    """
    if evidence.sentence is None:
        source = _SOURCE.get(evidence.source, evidence.source)
        return f"{number}. {evidence.document}\n   依据：{source}"
    where = f"{number}. {evidence.document}  字符 {evidence.start}–{evidence.end}"
    lines = [where + (f"  {evidence.section}" if evidence.section else "")]
    lines.append(f"   {evidence.sentence}")
    for end in (evidence.head, evidence.tail):
        said = evidence.said.get(end)
        if said is None:
            lines.append(f"   {end}：句中未写明，指发文机关")
        elif said != end:
            lines.append(f"   {end}：句中写作“{said}”")
    notes = [_STATUS.get(evidence.status or "")]
    notes.append(f"职务 {evidence.title}" if evidence.title else None)
    if evidence.confidence is not None:
        notes.append(f"置信度 {evidence.confidence:.2f}")
    notes.append(f"依据 {evidence.rule}" if evidence.rule else None)
    lines.append("   " + " · ".join(note for note in notes if note))
    return "\n".join(lines)
