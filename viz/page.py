"""One HTML page with everything in it: the picture, its data, vis-network, our code.

pyvis holds the network and renders; the template, the styles and the scripts are ours.
Nothing that a document says becomes HTML or script: the data stands in a JSON block
whose ``<``, ``>``, ``&`` and line separators are escaped, and the scripts put it into
the page as text. A Content-Security-Policy allows only the page's own scripts, by hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viz import pinyin
from viz.layout import place
from viz.style import LOOKS, RELATION_NAMES, SYMMETRIC, TYPE_NAMES, label_box, radius, wrap
from zhitu.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

SCRIPTS: tuple[str, ...] = (
    "base.js",
    "labels.js",
    "graph.js",
    "search.js",
    "pane.js",
    "filters.js",
    "export.js",
    "picture.js",
)
"""Our scripts in the order in which they run."""
STYLES: tuple[str, ...] = ("base.css", "picture.css")


def write_page(graph: nx.MultiDiGraph, path: str | Path) -> Path:
    """Draw `graph` as one offline HTML file.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `viz.subgraph.subgraph`.
    path : str or Path
        The file to write; its folder must exist.

    Returns
    -------
    Path
        The file written, UTF-8.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    path = Path(path)
    html = render_page(graph)
    try:
        path.write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror}; give another file with --output"
        ) from None
    return path


def render_page(graph: nx.MultiDiGraph) -> str:
    """The page of `write_page` as a string."""
    from jinja2 import Environment, PackageLoader
    from pyvis.network import Network

    data = page_data(graph)
    network = Network(directed=True, cdn_resources="in_line")
    for node in data["nodes"]:
        network.add_node(
            node["id"],
            label=node["label"],
            shape=LOOKS[node["type"]].shape,
            color=LOOKS[node["type"]].light,
            physics=False,
            **{key: node[key] for key in node if key not in ("id", "label")},
        )
    for edge in data["edges"]:
        network.add_edge(
            edge["from"],
            edge["to"],
            label=RELATION_NAMES[edge["type"]],
            **{key: edge[key] for key in edge if key not in ("from", "to")},
        )
    network.toggle_physics(False)
    network.templateEnv = Environment(
        loader=PackageLoader("viz", "templates"), autoescape=True, keep_trailing_newline=True
    )
    network.path = "picture.html"
    scripts = [vis_network(), *(asset(name) for name in SCRIPTS)]
    frame = {key: data[key] for key in data if key not in ("nodes", "edges")}
    network.templateEnv.globals.update(
        page=frame,
        ontology=ontology(),
        scripts=scripts,
        hashes=[script_hash(script) for script in scripts],
        styles=[type_styles(), *(asset(name) for name in STYLES)],
    )
    network.templateEnv.filters["json"] = to_json
    return network.generate_html("picture.html")


def page_data(graph: nx.MultiDiGraph, *, placed: bool = True) -> dict[str, Any]:
    """Everything the page's scripts read, as plain JSON values.

    Parallel relationships of one type between the same two, one a document, are drawn
    as one line; its `claims` keep them apart.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `viz.subgraph.subgraph`.
    placed : bool
        Compute positions; without, all are 0, for pages that place nodes themselves.

    Returns
    -------
    dict
        ``title``, ``notes``, ``documents``, ``nodes`` (with positions), ``edges``.
    """
    seeds = set(graph.graph.get("seeds", ()))
    degrees = {
        n: len({(min(e[:2]), max(e[:2]), e[2]["type"]) for e in _ends(graph, n)}) for n in graph
    }
    labels = {n: wrap(graph.nodes[n]["name"]) for n in graph}
    grown = _grown(labels)
    radii = {n: grown * radius(degrees[n], centre=n in seeds) for n in graph}
    positions = place(graph, labels, radii) if placed else dict.fromkeys(graph, (0.0, 0.0))
    nodes = [
        _node(n, graph.nodes[n], labels[n], radii[n], positions[n], degrees[n], n in seeds)
        for n in sorted(graph, key=lambda n: (n not in seeds, -degrees[n], n))
    ]
    return {
        "title": graph.graph.get("title", "知图"),
        "notes": list(graph.graph.get("notes", ())),
        "documents": graph.graph.get("documents", {}),
        "nodes": nodes,
        "edges": _edges(graph),
    }


def _grown(labels: Mapping[str, str]) -> float:
    """How much larger nodes are drawn in a large picture, which is seen from further off."""
    area = sum((width + 14) * (height + 30) for width, height in map(label_box, labels.values()))
    return min(2.5, max(1.0, math.sqrt(2 * area) / 1000))


def _ends(graph: nx.MultiDiGraph, node: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [*graph.out_edges(node, data=True), *graph.in_edges(node, data=True)]


def _node(
    node: str,
    data: dict[str, Any],
    label: str,
    size: float,
    position: tuple[float, float],
    degree: int,
    centre: bool,
) -> dict[str, Any]:
    names = [data["name"], *data.get("aliases", ())]
    kept = ("code", "level", "path", "lng", "lat", "reason", "ties")
    return {
        "id": node,
        "label": label,
        "name": data["name"],
        "type": data["type"],
        "aliases": list(data.get("aliases", ())),
        "keys": [[name.lower(), *pinyin.keys(name)] for name in names],
        "x": position[0],
        "y": position[1],
        "size": round(size, 1),
        "degree": degree,
        "centre": centre,
        **{key: data[key] for key in kept if data.get(key) not in (None, "")},
    }


def _edges(graph: nx.MultiDiGraph) -> list[dict[str, Any]]:
    lines: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    # Sorted, so that the page does not depend on the order in which the store answers.
    for head, tail, data in sorted(graph.edges(data=True), key=_edge_order):
        name = data["type"]
        if name in SYMMETRIC and (tail, head, name) in lines:
            head, tail = tail, head
        lines.setdefault((head, tail, name), []).append(data)
    edges = []
    kept = ("document", "source", "confidence", "title", "status", "rule", "evidence")
    for number, ((head, tail, name), claims) in enumerate(sorted(lines.items())):
        edges.append(
            {
                "id": f"e{number}",
                "from": head,
                "to": tail,
                "type": name,
                "claims": [
                    {key: c[key] for key in kept if c.get(key) not in (None, "")} for c in claims
                ],
            }
        )
    return edges


def _edge_order(edge: tuple[str, str, dict[str, Any]]) -> tuple[str, ...]:
    head, tail, data = edge
    rest = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return head, tail, data["type"], str(data.get("document")), rest


def ontology() -> dict[str, Any]:
    """Names and looks of types and relations, for the scripts."""
    return {
        "types": [
            {"label": label, "zh": TYPE_NAMES[label], "shape": look.shape}
            for label, look in LOOKS.items()
        ],
        "relations": [
            {"name": name, "zh": zh, "symmetric": name in SYMMETRIC}
            for name, zh in RELATION_NAMES.items()
        ],
    }


def to_json(value: Any) -> Any:
    """JSON that may stand inside a ``<script>`` element, whatever the names hold.

    Examples
    --------
    >>> print(to_json({"name": "</script><b>\\u2028"}))
    {"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u2028"}
    """
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(re.sub("[<>&\u2028\u2029\ud800-\udfff]", _escape, text))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


@lru_cache
def asset(name: str) -> str:
    """One of our own scripts or styles."""
    return resources.files("viz").joinpath("static", name).read_text(encoding="utf-8")


@lru_cache
def vis_network() -> str:
    """vis-network as pyvis carries it, without any address in it.

    Its licence header and two messages name web addresses, and it creates SVG elements
    by their namespace; neither is ever fetched, but with them taken apart the page can
    be searched for addresses and none is found.
    """
    folder = resources.files("pyvis").joinpath("templates", "lib", "vis-9.1.2")
    script = folder.joinpath("vis-network.min.js").read_text(encoding="utf-8")
    namespace = '["http:","","www.w3.org","2000","svg"].join("/")'
    script = script.replace('"http://www.w3.org/2000/svg"', namespace)
    return re.sub(r"https?://(?=[a-z])", "", script)


def script_hash(script: str) -> str:
    """The hash by which a Content-Security-Policy lets one inline script run."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def type_styles() -> str:
    """CSS variables for the colours of the types, light and dark."""

    def rules(mode: str) -> str:
        return "".join(f"--type-{label}:{getattr(look, mode)};" for label, look in LOOKS.items())

    return (
        f":root{{{rules('light')}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{rules('dark')}}}}}\n"
        f":root[data-theme=dark]{{{rules('dark')}}}\n"
        + "".join(f".t-{label}{{fill:var(--type-{label})}}\n" for label in LOOKS)
    )
