"""JSON-LD: entities as linked data, relations as properties and as claims with evidence.

Where schema.org has a word for a thing it is used; everything else is in the namespace
``urn:zhitu:``. Each relationship stands twice: as a plain property of its head, which is
what most readers want, and as an ``rdf:Statement`` that carries evidence, document and
confidence.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from graph.ontology import LABELS, RELATIONS

if TYPE_CHECKING:
    import networkx as nx

BASE = "urn:zhitu:"

_RELATIONS = {name: {"@id": f"{BASE}{name}", "@type": "@id"} for name in RELATIONS}
_LINKS = {
    name: {"@id": f"{BASE}{name}", "@type": "@id"}
    for name in ("MENTIONED_IN", "IN_DOCUMENT", "ISSUED_BY")
}

CONTEXT: dict[str, Any] = {
    "@vocab": BASE,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "id": f"{BASE}id",
    "name": "schema:name",
    "aliases": {"@id": "schema:alternateName"},
    "lng": "schema:longitude",
    "lat": "schema:latitude",
    "text": "schema:text",
    "Organization": "schema:Organization",
    "Place": "schema:Place",
    "Project": "schema:Project",
    "Brand": "schema:Brand",
    "Person": "schema:Person",
    "Document": "schema:DigitalDocument",
    "subject": {"@id": "rdf:subject", "@type": "@id"},
    "predicate": {"@id": "rdf:predicate", "@type": "@vocab"},
    "object": {"@id": "rdf:object", "@type": "@id"},
    "document": {"@id": f"{BASE}document", "@type": "@id"},
    "sentences": {"@id": f"{BASE}sentences", "@type": "@id"},
    **_RELATIONS,
    **_LINKS,
}


def iri(kind: str, id_: str) -> str:
    """Name a thing in linked data; whatever an id holds is percent-encoded.

    >>> iri("entity", "Project:寺桥水库")
    'urn:zhitu:entity:Project:%E5%AF%BA%E6%A1%A5%E6%B0%B4%E5%BA%93'
    """
    return f"{BASE}{kind}:{quote(id_, safe=':')}"


def write_jsonld(graph: nx.MultiDiGraph, path: Path) -> None:
    """Write one JSON-LD document with all nodes and claims.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `graph.networks.to_networkx`.
    path : Path
    """
    names = {node: iri(_kind(data["type"]), node) for node, data in graph.nodes(data=True)}
    plain: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    claims = []
    for head, tail, data in graph.edges(data=True):
        targets = plain[head][data["type"]]
        if names[tail] not in targets:
            targets.append(names[tail])
        properties = {key: value for key, value in data.items() if key != "type"}
        if properties:
            claims.append(_claim(names, head, tail, data["type"], properties))
    nodes = [
        {
            "@id": names[node],
            "@type": data["type"],
            "id": node,
            **{key: value for key, value in data.items() if key != "type"},
            **plain[node],
        }
        for node, data in graph.nodes(data=True)
    ]
    whole = {"@context": CONTEXT, "@graph": nodes + claims}
    with path.open("w", encoding="utf-8") as stream:
        json.dump(whole, stream, ensure_ascii=False, indent=1)


def _claim(
    names: dict[str, str], head: str, tail: str, type_: str, properties: dict[str, Any]
) -> dict[str, Any]:
    claim = {
        "@type": "rdf:Statement",
        "subject": names[head],
        "predicate": type_,
        "object": names[tail],
        **properties,
    }
    if "document" in claim:
        claim["document"] = iri("document", claim["document"])
    if "sentences" in claim:
        claim["sentences"] = [iri("sentence", one) for one in claim["sentences"]]
    return claim


def _kind(type_: str) -> str:
    return "entity" if type_ in LABELS else type_.lower()
