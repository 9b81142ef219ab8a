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
_GAP = (10.0, 9.0)
"""Room kept free between two boxes, across and down, in layout units."""
_ASPECT = 1.05
"""Width by height of the frame that a picture shall fill."""
_EVENNESS = 0.5
"""How far coordinates are moved towards their ranks: 0 not at all, 1 wholly."""
_HUB = 8
"""From so many neighbours on a node gets room around it for the names of its relations."""
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
    found = _forced(graph) if len(nodes) <= _DENSE else _forced_core(graph)
    points = np.array([found[node] for node in nodes])
    sizes = np.array([_roomy(box[node], graph.degree(node)) for node in nodes])
    return dict(zip(nodes, _spread(points, sizes), strict=True))


def _forced(graph: nx.Graph) -> dict[str, np.ndarray]:
    """Positions by forces between all pairs."""
    forced = _with_groups(graph)
    count = len(forced)
    return nx.spring_layout(
        forced,
        pos=_rings(forced),
        k=1.6 / math.sqrt(count),
        iterations=int(min(150, max(20, 2e7 / count**2))),
        seed=_SEED,
        method="force",
    )


def _forced_core(graph: nx.Graph) -> dict[str, np.ndarray]:
    """The same for large pictures: leaves are set around their hubs afterwards."""
    core = graph.subgraph(sorted(n for n in graph if graph.degree(n) > 1))
    found = _forced(nx.Graph(core)) if len(core) else {max(graph): np.zeros(2)}
    step = 0.25 / math.sqrt(len(graph))
    turn = math.pi * (3 - math.sqrt(5))
    around: dict[str, int] = defaultdict(int)
    for node in sorted(graph, key=lambda n: (sorted(d["type"] for d in graph[n].values()), n)):
        if node in found:
            continue
        hub = next(iter(graph[node]))
        around[hub] += 1
        reach, angle = step * math.sqrt(around[hub] + 1), turn * around[hub]
        found[node] = found[hub] + reach * np.array([math.cos(angle), math.sin(angle)])
    return found


def _roomy(box: np.ndarray, degree: int) -> np.ndarray:
    if degree < _HUB:
        return box
    room = min(60.0, 16.0 + degree)
    return box + np.array([-room, -room, room, room])


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
    """Scale the forces' picture to the boxes' area, push boxes apart, then close the gaps."""
    points = _even(_level(points))
    area = float(np.prod(sizes[:, 2:] - sizes[:, :2] + np.array(_GAP), axis=1).sum())
    target = math.sqrt(2.2 * area) * np.array([math.sqrt(_ASPECT), 1 / math.sqrt(_ASPECT)])
    extent = np.maximum(np.ptp(points, axis=0), 1e-9)
    scale = target / extent
    # Filling the frame must not pull a thin picture out of shape.
    scale = np.minimum(scale, 1.6 * scale.min())
    points, _ = _push(points * scale, sizes, rounds=300, grow=True)
    return _close(points, sizes)


def _close(points: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Draw the picture together, by turns across and down, as long as nothing overlaps."""
    rounds = 80 if len(points) <= _DENSE else 15
    for factor in (0.88, 0.94, 0.97):
        stuck = 0
        for _turn in range(24):
            width, height = _extent(points, sizes)
            across = width > _ASPECT * height
            if stuck:
                across = not across
            squeeze = np.array([factor, 1.0] if across else [1.0, factor])
            price = (1.0, 0.45) if across else (0.35, 1.0)
            closer, clear = _push(points * squeeze, sizes, rounds=rounds, price=price)
            if clear and _frame(closer, sizes) < _frame(points, sizes):
                points, stuck = closer, 0
            elif stuck:
                break
            else:
                stuck = 1
    return points


def _frame(points: np.ndarray, sizes: np.ndarray) -> float:
    """Height of the smallest frame of the wanted aspect around the picture, and a little
    of its area, so that closing up in the shorter direction counts as well."""
    width, height = _extent(points, sizes)
    return max(width / _ASPECT, height) + 0.1 * math.sqrt(width * height)


def _even(points: np.ndarray) -> np.ndarray:
    """Give the crowded middle more room and draw stragglers in, on each axis.

    Each coordinate becomes the mean of itself and of its rank, so order is kept.
    """
    count = len(points)
    if count < 4:
        return points
    ranks = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    even = (ranks / (count - 1) - 0.5) * np.ptp(points, axis=0)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2
    return (1 - _EVENNESS) * (points - middle) + _EVENNESS * even


def _level(points: np.ndarray) -> np.ndarray:
    """Turn the picture so that its longest way lies across: screens are wider than high."""
    points = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(points.T @ points)
    along = vectors[:, -1] * (1 if vectors[0, -1] >= 0 else -1)
    turn = np.array([[along[0], along[1]], [-along[1], along[0]]])
    return points @ turn.T


def _extent(points: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    return (points + sizes[:, 2:]).max(axis=0) - (points + sizes[:, :2]).min(axis=0)


def _push(
    points: np.ndarray,
    sizes: np.ndarray,
    *,
    rounds: int,
    grow: bool = False,
    price: tuple[float, float] = (0.75, 1.0),
) -> tuple[np.ndarray, bool]:
    """Move overlapping boxes apart along the cheaper way, a little at a time.

    `price` is what a unit across and down costs: labels are wide and low, so going by
    length alone would pile them up. With `grow` the picture grows by two percent a round
    after some rounds, which always ends it.

    Returns
    -------
    tuple
        The new points, and whether no two boxes overlap.
    """
    from scipy.spatial import cKDTree

    points = points.copy()
    half = (sizes[:, 2:] - sizes[:, :2]) / 2 + np.array(_GAP) / 2
    offset = (sizes[:, 2:] + sizes[:, :2]) / 2
    largest = 2 * half.max(axis=0)
    for turn in range(rounds):
        centres = points + offset
        pairs = cKDTree(centres / largest).query_pairs(1.0, p=np.inf, output_type="ndarray")
        one, two = pairs[:, 0], pairs[:, 1]
        apart = centres[two] - centres[one]
        overlap = half[one] + half[two] - np.abs(apart)
        hit = (overlap > 0.5).all(axis=1)
        if not hit.any():
            return points, True
        one, two, apart, overlap = one[hit], two[hit], apart[hit], overlap[hit]
        axis = np.argmin(overlap * np.array(price), axis=1)
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
        if grow and turn > 60:
            points *= 1.02
    return points, False


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
    width = max(float(frames[0][2][0]), math.sqrt(_ASPECT * total))
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
