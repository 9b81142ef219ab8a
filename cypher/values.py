"""Values of results as plain data and as text.

Nodes, relationships and paths are the neo4j driver's own objects on both stores; nothing
of the store's internal ids gets out, only the stable `id` property.
"""

from __future__ import annotations

import json
import math
from typing import Any


def plain(value: Any) -> Any:
    """Turn a result's value into what JSON can hold.

    Nodes become ``{"labels", "properties"}``; relationships ``{"type", "start", "end",
    "properties"}`` where the ends are the `id` property of the nodes (None where the store
    did not send the nodes along); paths ``{"nodes", "relationships"}``; temporal values ISO
    8601 text; points ``{"srid", "coordinates"}``; not-a-number and infinities None.

    Examples
    --------
    >>> from neo4j.time import Date
    >>> plain({"日期": Date(2024, 1, 31), "比": float("nan"), "名": ["柯城"]})
    {'日期': '2024-01-31', '比': None, '名': ['柯城']}
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex()
    if hasattr(value, "iso_format"):  # before lists: a duration is a tuple as well
        return value.iso_format()
    from neo4j.graph import Node, Path, Relationship
    from neo4j.spatial import Point

    if isinstance(value, Node):
        return {"labels": sorted(value.labels), "properties": plain(dict(value.items()))}
    if isinstance(value, Relationship):
        return {
            "type": value.type,
            "start": _id(value.start_node),
            "end": _id(value.end_node),
            "properties": plain(dict(value.items())),
        }
    if isinstance(value, Path):
        return {
            "nodes": [plain(node) for node in value.nodes],
            "relationships": [plain(r) for r in value.relationships],
        }
    if isinstance(value, Point):
        return {"srid": value.srid, "coordinates": list(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value.isoformat()


def text(value: Any) -> str:
    """Write a value for a cell of a table or of CSV.

    Examples
    --------
    >>> text(["区政协", "柯城区政协"]), text(None), text(0.5), text({"甲": 1})
    ('区政协、柯城区政协', '', '0.5', '{"甲": 1}')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, list | tuple) and not hasattr(value, "iso_format"):
        return "、".join(text(item) for item in value)
    if hasattr(value, "relationships"):
        return _path_text(value)
    if hasattr(value, "labels"):
        return name_of(value)
    if hasattr(value, "start_node"):
        return _relationship_text(value)
    result = plain(value)
    return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)


def name_of(node: Any) -> str:
    """Call a node by its name, else its title, text or id."""
    for key in ("name", "title", "text", "id"):
        if node.get(key):
            return str(node[key])
    return f"({':'.join(sorted(node.labels))})"


def _id(node: Any) -> str | None:
    return None if node is None else node.get("id")


def _relationship_text(relationship: Any) -> str:
    evidence = relationship.get("evidence")
    return f"[{relationship.type}]" + (f" “{evidence}”" if evidence else "")


def _path_text(path: Any) -> str:
    words = [name_of(path.nodes[0])]
    for before, relationship, after in zip(
        path.nodes, path.relationships, path.nodes[1:], strict=False
    ):
        forward = relationship.start_node.element_id == before.element_id
        left, right = ("", ">") if forward else ("<", "")
        words.append(f"{left}-[{relationship.type}]-{right}")
        words.append(name_of(after))
    return " ".join(words)
