"""Positions of nodes: computed here, once, the same for the same graph.

Forces place the nodes (networkx, fixed seed); then the boxes of node and label are
pushed apart until none overlaps. Leaves that hang on one hub by the same relation are
drawn to each other, so that a hub's projects, brands and people form groups.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

import networkx as nx
import numpy as np

from viz.style import label_box

_SEED = 20260101
_GAP = (14.0, 12.0)
"""Room kept free between two boxes, across and down, in layout units."""
_DENSE = 700
"""Up to so many nodes the forces between all pairs are computed."""


def boxes(labels: Mapping[str, str], radii: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Box of every node with its label below, relative to the node's centre.

    Returns
    -------
    dict of str to numpy.ndarray, shape (4,)
        Left, top, right, bottom in layout units.
    """
    result = {}
    for node, label in labels.items():
        width, height = label_box(label)
        r = radii[node]
        half = max(width / 2, r)
        result[node] = np.array([-half, -r, half, r + 4 + height])
    return result


def place(
    graph: nx.Graph, labels: Mapping[str, str], radii: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    """Place every node of `graph` so that no node or label covers another.

    Parameters
    ----------
    graph : networkx.Graph or MultiDiGraph
        Edge attribute `type` groups the leaves of a hub.
    labels : mapping of str to str
        Label by node, lines already broken.
    radii : mapping of str to float
        Radius by node in layout units.

    Returns
    -------
    dict of str to tuple of float
        Centre of each node, in layout units, whole numbers.
    """
    if not len(graph):
        return {}
    simple = _simple(graph)
    box = boxes(labels, radii)
    parts = [
        _component(simple.subgraph(sorted(nodes)), box)
        for nodes in sorted(nx.connected_components(simple), key=lambda c: (-len(c), min(c)))
    ]
    positions = _pack(parts, box)
    return {node: (float(round(x)), float(round(y))) for node, (x, y) in positions.items()}


def _simple(graph: nx.Graph) -> nx.Graph:
    """One undirected edge a pair, in sorted order: the layout must not depend on loading order."""
    simple = nx.Graph()
    simple.add_nodes_from(sorted(graph))
    types: dict[tuple[str, str], set[str]] = defaultdict(set)
    for head, tail, data in graph.edges(data=True):
        if head != tail:
            types[min(head, tail), max(head, tail)].add(data.get("type", ""))
    for (head, tail), names in sorted(types.items()):
        simple.add_edge(head, tail, type=min(names))
    return simple


def _component(graph: nx.Graph, box: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    nodes = sorted(graph)
    if len(nodes) == 1:
        return {nodes[0]: np.zeros(2)}
    forced = _with_groups(graph)
    start = _rings(forced)
    count = len(forced)
    found = nx.spring_layout(
        forced,
        pos=start,
        k=1.6 / math.sqrt(count),
        iterations=150 if count <= _DENSE else 30,
        seed=_SEED,
        method="force",
    )
    points = np.array([found[node] for node in nodes])
    sizes = np.array([box[node] for node in nodes])
    return dict(zip(nodes, _spread(points, sizes), strict=True))


def _with_groups(graph: nx.Graph) -> nx.Graph:
    """Add an unseen node for each group of three or more leaves of a hub by one relation."""
    leaves: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node in graph:
        if graph.degree(node) == 1:
            hub = next(iter(graph[node]))
            leaves[hub, graph[node][hub]["type"]].append(node)
    forced = nx.Graph()
    forced.add_nodes_from(graph)
    forced.add_edges_from(graph.edges, weight=1.0)
    for (hub, relation), members in sorted(leaves.items()):
        if len(members) < 3:
            continue
        group = f"\0{hub}\0{relation}"
        forced.add_edge(hub, group, weight=1.0)
        for member in members:
            forced[hub][member]["weight"] = 0.6
            forced.add_edge(group, member, weight=1.2)
    return forced


def _rings(graph: nx.Graph) -> dict[str, np.ndarray]:
    """Start from the hub outwards, each branch in its own sector: fewer crossings than chance."""
    root = max(sorted(graph), key=graph.degree)
    tree = nx.bfs_tree(graph, root, sort_neighbors=sorted)
    weight = dict.fromkeys(tree, 1)
    for node in reversed(list(nx.topological_sort(tree))):
        for parent in tree.predecessors(node):
            weight[parent] += weight[node]
    position = {root: np.zeros(2)}
    sectors = {root: (0.0, 2 * math.pi, 0)}
    for node in nx.topological_sort(tree):
        begin, width, depth = sectors[node]
        total = weight[node] - 1 or 1
        for child in tree.successors(node):
            share = width * weight[child] / total
            sectors[child] = (begin, share, depth + 1)
            angle = begin + share / 2
            position[child] = 0.4 * (depth + 1) * np.array([math.cos(angle), math.sin(angle)])
            begin += share
    return position


def _spread(points: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Scale the forces' picture to the boxes' area, then push overlapping boxes apart."""
    area = float(np.sum((sizes[:, 2] - sizes[:, 0] + 20) * (sizes[:, 3] - sizes[:, 1] + 20)))
    points = points - points.mean(axis=0)
    extent = np.ptp(points, axis=0)
    spread = math.sqrt(3.2 * area / max(1e-9, float(extent[0] * extent[1])))
    spread = min(spread, 3 * math.sqrt(3.2 * area) / max(1e-9, float(extent.max())))
    points = points * spread * np.array([1.2, 1 / 1.2])
    return _push(points, sizes)


def _push(points: np.ndarray, sizes: np.ndarray, rounds: int = 400) -> np.ndarray:
    """Move overlapping boxes apart along the shorter way, a little at a time.

    After many rounds the picture grows by two percent a round, which always ends it.
    """
    from scipy.spatial import cKDTree

    points = points.copy()
    half = (sizes[:, 2:] - sizes[:, :2]) / 2 + np.array(_GAP) / 2
    offset = (sizes[:, 2:] + sizes[:, :2]) / 2
    largest = 2 * half.max(axis=0)
    for turn in range(rounds):
        centres = points + offset
        pairs = cKDTree(centres / largest).query_pairs(1.0, p=np.inf, output_type="ndarray")
        if not len(pairs):
            break
        one, two = pairs[:, 0], pairs[:, 1]
        apart = centres[two] - centres[one]
        overlap = half[one] + half[two] - np.abs(apart)
        hit = (overlap > 0.5).all(axis=1)
        if not hit.any():
            break
        one, two, apart, overlap = one[hit], two[hit], apart[hit], overlap[hit]
        axis = np.argmin(overlap, axis=1)
        row = np.arange(len(one))
        sign = np.where(apart[row, axis] >= 0, 1.0, -1.0)
        move = np.zeros_like(apart)
        move[row, axis] = sign * (overlap[row, axis] / 2 + 0.3)
        total = np.zeros_like(points)
        count = np.zeros(len(points))
        np.add.at(total, two, move)
        np.add.at(total, one, -move)
        np.add.at(count, one, 1)
        np.add.at(count, two, 1)
        points += total / np.maximum(1, np.sqrt(count))[:, None]
        if turn > 100:
            points *= 1.02
    return points


def _pack(
    parts: list[dict[str, np.ndarray]], box: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Set the components side by side: the largest first, the small ones in rows below it."""
    frames = []
    for part in parts:
        low = np.min([p + box[n][:2] for n, p in part.items()], axis=0)
        high = np.max([p + box[n][2:] for n, p in part.items()], axis=0)
        frames.append((part, low, high - low))
    total = sum(float((size[0] + 60) * (size[1] + 60)) for _, _, size in frames)
    width = max(float(frames[0][2][0]), math.sqrt(1.6 * total))
    positions: dict[str, np.ndarray] = {}
    corner, row = np.zeros(2), 0.0
    for part, low, size in frames:
        if corner[0] and corner[0] + size[0] > width:
            corner, row = np.array([0.0, corner[1] + row + 60]), 0.0
        for node, point in part.items():
            positions[node] = point - low + corner
        corner = corner + np.array([size[0] + 60, 0.0])
        row = max(row, float(size[1]))
    middle = np.mean(list(positions.values()), axis=0)
    return {node: point - middle for node, point in positions.items()}
