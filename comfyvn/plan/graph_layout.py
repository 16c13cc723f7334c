"""Where the nodes of a graph stand: in layers, from left to right or down, with few crossings.

After K. Sugiyama, S. Tagawa, M. Toda, "Methods for Visual Understanding of Hierarchical System
Structures" (1981): layers by longest paths, order by barycentres, then places near the neighbours.
"""

from __future__ import annotations

from typing import NamedTuple

import networkx as nx

_SWEEPS = 12
_GAP = 16.0
_BETWEEN = 58.0
_BELOW = 34.0
_LETTER = 6.7
"""Width of a letter at 13 px, on average."""
HEIGHT = 30.0


class Box(NamedTuple):
    """Where a node stands: its left upper corner and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float


class Layout(NamedTuple):
    """Boxes by node, a path (of SVG) for each edge, and the size of all."""

    boxes: dict[str, Box]
    paths: dict[tuple[str, str], str]
    width: float
    height: float


def lay_out(graph: nx.DiGraph[str], labels: dict[str, str]) -> Layout:
    """Place the nodes of a graph that has some.

    Rules can wait for one another where their steps do not; an edge of each such circle leads back.
    """
    order = _ordered(graph, _layers(_onward(graph)))
    widths = {node: max(len(labels[node]), 4) * _LETTER + 32 for node in graph}
    boxes: dict[str, Box] = {}
    left = 0.0
    places = _places(graph, order, HEIGHT + _GAP)
    for layer in order:
        width = max(widths[node] for node in layer)
        for node in layer:
            boxes[node] = Box(left, places[node], widths[node], HEIGHT)
        left += width + _BETWEEN
    top = min(box.y for box in boxes.values())
    boxes = {node: box._replace(y=box.y - top) for node, box in boxes.items()}
    height = max(box.y + box.height for box in boxes.values())
    paths = {(one, two): _path(boxes[one], boxes[two]) for one, two in graph.edges}
    return Layout(boxes, paths, left - _BETWEEN, height)


def lay_out_down(graph: nx.DiGraph[str], width: float, height: float) -> Layout:
    """Place the nodes of a graph that has some, in layers from above, all in boxes of one size.

    Of a circle, the edge that leads back to what stands first in the graph counts for no layer.
    """
    order = _ordered(graph, _layers(_onward(graph)))
    places = _places(graph, order, width + _GAP)
    left = min(places.values())
    boxes = {
        node: Box(places[node] - left, row * (height + _BELOW), width, height)
        for row, layer in enumerate(order)
        for node in layer
    }
    paths = {(one, two): _path_down(boxes[one], boxes[two]) for one, two in graph.edges}
    most = max(box.x for box in boxes.values()) + width
    beside = [
        _beside(boxes[one], boxes[two])
        for one, two in graph.edges
        if boxes[two].y <= boxes[one].y + height
    ]
    most = max(most, *beside) if beside else most
    return Layout(boxes, paths, most, len(order) * (height + _BELOW) - _BELOW)


def _onward(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Return a graph without the edges that close circles."""
    onward = graph.copy()
    while not nx.is_directed_acyclic_graph(onward):
        onward.remove_edge(*nx.find_cycle(onward)[-1][:2])
    return onward


def _layers(graph: nx.DiGraph[str]) -> dict[str, int]:
    """Return each node's layer; what nothing leads to stands just before what reads it."""
    layer: dict[str, int] = {}
    topological = list(nx.topological_sort(graph))
    for node in topological:
        layer[node] = max((layer[other] + 1 for other in graph.predecessors(node)), default=0)
    for node in reversed(topological):
        after = [layer[other] for other in graph.successors(node)]
        if after and not graph.in_degree(node):
            layer[node] = min(after) - 1
    return layer


def _ordered(graph: nx.DiGraph[str], layers: dict[str, int]) -> list[list[str]]:
    """Order the nodes of each layer by where their neighbours are."""
    count = max(layers.values()) + 1
    order: list[list[str]] = [[] for _ in range(count)]
    for node in graph:
        order[layers[node]].append(node)
    place = {node: i / max(len(layer), 1) for layer in order for i, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for layer in order if forward else reversed(order):
            near = graph.predecessors if forward else graph.successors

            def centre(node: str, near: object = near) -> float:
                found = [place[other] for other in near(node)]  # type: ignore[operator]
                return sum(found) / len(found) if found else place[node]

            layer.sort(key=centre)
            place.update({node: (i + 0.5) / len(layer) for i, node in enumerate(layer)})
    return [layer for layer in order if layer]


def _places(graph: nx.DiGraph[str], order: list[list[str]], pitch: float) -> dict[str, float]:
    """Return how far along its layer each node stands: near its neighbours, in its order."""
    tallest = max(map(len, order)) * pitch
    place = {
        node: (tallest - len(layer) * pitch) / 2 + i * pitch
        for layer in order
        for i, node in enumerate(layer)
    }
    for sweep in range(_SWEEPS):
        for layer in order if sweep % 2 == 0 else reversed(order):
            wanted = []
            for node in layer:
                near = [place[other] for other in nx.all_neighbors(graph, node)]
                wanted.append(sum(near) / len(near) if near else place[node])
            _settle(layer, wanted, place, pitch)
    return place


def _settle(layer: list[str], wanted: list[float], place: dict[str, float], pitch: float) -> None:
    """Put nodes as near to where they want to be as their distance allows.

    Nodes that would overlap stand together, about the mean of what they want.
    """
    blocks: list[tuple[float, int]] = []  # The sum of the wanted tops of the first node; how many.
    for i, want in enumerate(wanted):
        total, count = want - i * pitch, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    at = 0
    for total, count in blocks:
        for _ in range(count):
            place[layer[at]] = total / count + at * pitch
            at += 1


def _path(one: Box, two: Box) -> str:
    """Return a curve from the right of one box to the left of another."""
    x1, y1 = one.x + one.width, one.y + one.height / 2
    x2, y2 = two.x, two.y + two.height / 2
    bend = max((x2 - x1) / 2, 40.0)
    return f"M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1:.0f} {x2 - bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"


def _path_down(one: Box, two: Box) -> str:
    """Return a curve from below one box to above another; one that leads up goes round beside."""
    x1, y1 = one.x + one.width / 2, one.y + one.height
    x2, y2 = two.x + two.width / 2, two.y
    if y2 > y1:
        down, up = y1 + max((y2 - y1) / 2, 20.0), y2 - max((y2 - y1) / 2, 20.0)
        return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {down:.0f} {x2:.0f} {up:.0f} {x2:.0f} {y2:.0f}"
    x1, y1 = one.x + one.width, one.y + one.height / 2
    x2, y2 = two.x + two.width, two.y + two.height / 2
    out = _beside(one, two)
    return f"M{x1:.0f} {y1:.0f}C{out:.0f} {y1:.0f} {out:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"


def _beside(one: Box, two: Box) -> float:
    """Return how far to the right a curve goes that leads up or nowhere down."""
    return max(one.x, two.x) + one.width + 30 + min(abs(one.y - two.y) / 20, 90)
