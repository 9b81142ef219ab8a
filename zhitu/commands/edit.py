"""``zhitu merge, split, rename, retype, alias, forget, undo, explain, duplicates``.

The editing commands write one line each to the corrections file; the next build replays it
on the documents that it concerns. The graph itself is changed by builds alone, so that what
a person decided is never lost.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.ontology import LABELS
from zhitu.commands.common import StoreOption, console, open_store
from zhitu.errors import CorrectionError, QueryError, UsageError
from zhitu.settings import load_settings

if TYPE_CHECKING:
    from graph.corrections import Correction
    from graph.store import Store

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name, alias or id of an entity.")]
FileOption = Annotated[
    Path | None,
    typer.Option("--corrections", help="Corrections file  \\[default: corrections.jsonl]"),
]
NoteOption = Annotated[str | None, typer.Option("--note", help="Why, for other people.")]


class Format(StrEnum):
    """Forms of output."""

    text = "text"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    for command in (merge, split, rename, retype, alias, forget, undo, explain, duplicates):
        app.command()(command)


def merge(
    name: Name,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The entity that it is.")],
    note: NoteOption = None,
    corrections: FileOption = None,
    store: StoreOption = None,
) -> None:
    """Say that two entities are one; the second stays.

    Example: zhitu merge 赵清献公 赵抃 --note 谥号
    """
    from graph.corrections import Correction

    with open_store(store) as graph:
        one, other = _entity(graph, name), _entity(graph, into)
        if one[0] == other[0]:
            raise UsageError(f"{name} and {into} are one already: {one[1]}")
        _check_type(one, other)
        _write(graph, corrections, Correction("merge", one[0], other[0], note=note), [one[0]])


def split(
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="Name of what is split off.")],
    document: Annotated[
        str | None, typer.Option("--document", help="Only its mentions in this document.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="Only where it is called so.")] = None,
    note: NoteOption = None,
    corrections: FileOption = None,
    store: StoreOption = None,
) -> None:
    """Say that some mentions of an entity are another thing.

    Example: zhitu split 常山 常山（河北山名） --document 曲阳县政府工作报告.txt
    """
    from cypher.find import resolve_document
    from graph.corrections import Correction

    if document is None and text is None:
        raise UsageError("say which mentions: --document NAME, --text SURFACE, or both")
    with open_store(store) as graph:
        entity = _entity(graph, name)
        where = resolve_document(graph, document) if document else None
        made = Correction("split", entity[0], name=new, document=where, text=text, note=note)
        _write(graph, corrections, made, [entity[0]])


def rename(
    name: Name,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The name to show.")],
    note: NoteOption = None,
    corrections: FileOption = None,
    store: StoreOption = None,
) -> None:
    """Show an entity under another name.

    Example: zhitu rename 大搬快聚 大搬快聚富民安居工程
    """
    from graph.corrections import Correction

    with open_store(store) as graph:
        entity = _entity(graph, name)
        made = Correction("rename", entity[0], name=new, note=note)
        _write(graph, corrections, made, [entity[0]])


def retype(
    name: Name,
    type: Annotated[str, typer.Argument(metavar="TYPE", help="|".join(LABELS))],
    note: NoteOption = None,
    corrections: FileOption = None,
    store: StoreOption = None,
) -> None:
    """Say that an entity is of another type.

    Example: zhitu retype 农民诗基地 Place
    """
    from cypher.model import entity_label
    from graph.corrections import Correction

    label = entity_label(type)
    with open_store(store) as graph:
        entity = _entity(graph, name)
        if entity[2] == label:
            raise UsageError(f"{entity[1]} is of type {label} already")
        made = Correction("retype", entity[0], type=label, note=note)
        _write(graph, corrections, made, [entity[0]])


def alias(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A surface, as documents write it.")],
    name: Name,
    note: NoteOption = None,
    corrections: FileOption = None,
    store: StoreOption = None,
) -> None:
    """Say that a surface always means an entity, in documents to come too.

    Example: zhitu alias 赵清献公 赵抃
    """
    from graph.corrections import Correction

    with open_store(store) as graph:
        entity = _entity(graph, name)
        made = Correction("alias", entity[0], text=text, type=None, note=note)
        _write(graph, corrections, made, [entity[0]], text=text)


def forget(
    name: Name,
    document: Annotated[
        str | None, typer.Option("--document", help="Only in this document.")
    ] = None,
    note: NoteOption = None,
    corrections: FileOption = None,
    store: StoreOption = None,
) -> None:
    """Say that something is no entity: its mentions and relations go.

    Example: zhitu forget 指挥棒
    """
    from cypher.find import resolve_document
    from graph.corrections import Correction

    with open_store(store) as graph:
        entity = _entity(graph, name)
        where = resolve_document(graph, document) if document else None
        made = Correction("forget", entity[0], document=where, note=note)
        _write(graph, corrections, made, [entity[0]])


def undo(
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Of a correction; the last if left out.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the corrections in force.")] = False,
    corrections: FileOption = None,
) -> None:
    """Take a correction back.

    Example: zhitu undo 3f9a1c02 --corrections 衢州.jsonl
    """
    from graph.corrections import Correction, append_correction, load_corrections

    path = _path(corrections)
    standing = load_corrections(path)
    if list_:
        for one in standing:
            print(one.describe() + (f"  # {one.note}" if one.note else ""))
        return
    if not standing:
        raise CorrectionError(f"{path}: no correction is in force, nothing to undo")
    chosen = next((c for c in reversed(standing) if id in (None, c.id)), None)
    if chosen is None:
        raise CorrectionError(f"{path}: no correction has the id {id!r}; see zhitu undo --list")
    append_correction(path, Correction("undo", of=chosen.id, at=_now()))
    console.print(
        f"taken back: {chosen.describe()}; build again to see it", markup=False, soft_wrap=True
    )


def explain(
    name: Name,
    format: Annotated[Format, typer.Option("--format", "-f")] = Format.text,
    store: StoreOption = None,
) -> None:
    """Say why the mentions of an entity are one thing, and what was close but kept apart.

    Example: zhitu explain 区政协
    """
    from cypher.find import lookup, unknown_name
    from graph.explained import describe
    from graph.explained import explain as gather

    with open_store(store) as graph:
        ids = _ids(graph, name) or [row[0] for row in lookup(graph, name)]
        if not ids:
            raise unknown_name(graph, name)
        found = [gather(graph, id_) for id_ in ids]
    if format is Format.json:
        rows = [dataclasses.asdict(one) for one in found]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    print("\n\n".join(describe(one) for one in found))


def duplicates(
    type: Annotated[
        str | None, typer.Option("--type", help="Only of this type: " + "|".join(LABELS))
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1)] = 50,
    format: Annotated[str, typer.Option("--format", "-f", help="table, csv or json")] = "table",
    store: StoreOption = None,
) -> None:
    """List pairs of entities that may be one, with reasons; a person decides, with merge.

    Example: zhitu duplicates --type Brand --store file:衢州.db
    """
    from cypher.model import entity_label
    from cypher.output import write_result
    from graph.duplicates import duplicates as pairs_of
    from graph.duplicates import read_entities
    from graph.store import Result

    if format not in ("table", "csv", "json"):
        raise UsageError(f"--format {format}: table, csv or json")
    label = entity_label(type) if type else None
    with open_store(store) as graph:
        pairs = pairs_of(read_entities(graph))
    chosen = [p for p in pairs if label in (None, p.one.type, p.other.type)]
    rows = [(p.one.id, p.other.id, p.reason, round(p.score, 2)) for p in chosen[:limit]]
    columns = ("one", "other", "reason", "score")
    write_result(Result(columns, rows, truncated=len(chosen) > limit), format)
    if len(chosen) > limit:
        console.print(f"{limit} of {len(chosen)} pairs; more with --limit")
    if not chosen:
        console.print("no two entities look alike")


def _entity(store: Store, name: str) -> tuple[str, str, str]:
    """(id, name, type) of the one entity that `name` means.

    Raises
    ------
    QueryError
        If there is none, or several.
    """
    from cypher.find import lookup, unknown_name

    by_id = store.read(
        "MATCH (e:Entity {id: $id}) RETURN e.id AS id, e.name AS name, labels(e) AS labels",
        {"id": name},
    ).rows
    if by_id:
        id_, full, labels = by_id[0]
        return id_, full, next(x for x in LABELS if x in labels)
    found = lookup(store, name)
    if not found:
        raise unknown_name(store, name)
    if len(found) > 1:
        ids = ", ".join(row[0] for row in found)
        raise QueryError(f"{name!r} may be several entities: {ids}; give one of these ids")
    return found[0]


def _ids(store: Store, id_: str) -> list[str]:
    rows = store.read("MATCH (e:Entity {id: $id}) RETURN e.id AS id", {"id": id_}).rows
    return [row[0] for row in rows]


def _check_type(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    if one[2] != other[2]:
        console.print(
            f"note: {one[1]} is of type {one[2]} and becomes {other[2]}",
            markup=False,
            soft_wrap=True,
        )


def _path(given: Path | None) -> Path:
    return given or Path(load_settings().corrections)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(
    store: Store, path: Path | None, made: Correction, ids: list[str], *, text: str | None = None
) -> None:
    """Add the documents that it concerns, and write it down."""
    from graph.corrections import record

    path = _path(path)
    made, documents = record(store, path, made, ids, text=text)
    console.print(f"{path}: {made.describe()}", markup=False, soft_wrap=True)
    names = "、".join(sorted(documents.values())[:5]) + ("…" if len(documents) > 5 else "")
    console.print(
        f"the next `zhitu build` of {names or 'any document'} shows it "
        f"({len(documents)} to be built anew); `zhitu undo` takes it back",
        markup=False,
        soft_wrap=True,
    )
