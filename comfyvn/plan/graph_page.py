"""A graph as a page to look at: one HTML file that asks nothing of any network."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

import networkx as nx

from comfyvn.data import data_folder
from comfyvn.plan.graph_formats import label
from comfyvn.plan.graph_layout import Box, lay_out

MOST = 4000
"""Nodes that a browser can still move smoothly."""
_LONG = 32
"""Letters of a label from which on its middle is left out."""
_KINDS = {
    "rule": "Rule",
    "step": "Step",
    "source": "Source",
    "value": "Given by the build",
    "result": "Result, kept in .comfyvn",
    "output": "Output",
}
_LEGEND = {
    "rule": "what runs",
    "step": "what runs",
    "source": "sources",
    "value": "given by the build",
    "result": "results",
    "output": "outputs",
}


def as_html(graph: nx.DiGraph[str], heading: str, summary: str) -> str:
    """Return the page.

    Args:
        graph: a graph of rules or steps, not empty.
        heading: what it is of.
        summary: a line about it.
    """
    labels = {node: _short(label(data)) for node, data in graph.nodes(data=True)}
    layout = lay_out(graph, labels)
    index = {node: i for i, node in enumerate(graph)}
    total = max(sum(data.get("seconds", 0.0) for _, data in graph.nodes(data=True)), 1e-9)
    svg = [f'<path class="edge" d="{layout.paths[edge]}"/>' for edge in graph.edges]
    svg += [_drawn(data, layout.boxes[node], total) for node, data in graph.nodes(data=True)]
    nodes = [_told(data, layout.boxes[node]) for node, data in graph.nodes(data=True)]
    edges = [
        [index[one], index[two], [graph_label(each) for each in data.get("through", ())]]
        for one, two, data in graph.edges(data=True)
    ]
    kinds = dict.fromkeys(data["kind"] for _, data in graph.nodes(data=True))
    legend = [
        f'<span class="{kind}"><i></i>{_LEGEND[kind]}</span>' for kind in _LEGEND if kind in kinds
    ]
    legend.append('<span class="heat"><i></i>share of the time</span>')
    # `</` would end the script that holds the data.
    data = json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False).replace("</", "<\\/")
    parts = {
        "title": escape(f"{heading}: what is made from what"),
        "heading": escape(heading),
        "summary": escape(summary),
        "svg": "\n".join(svg),
        "legend": "".join(legend),
        "data": data,
        "width": f"{layout.width:.0f}",
        "height": f"{layout.height:.0f}",
    }
    page = (data_folder("templates/graph") / "page.html").read_text(encoding="utf-8")
    return re.sub(r"@([a-z]+)@", lambda found: parts[found[1]], page)


def graph_label(name: str) -> str:
    """Return how an artifact is called on the page: a result without its sign."""
    return name.removeprefix("@")


def _short(text: str) -> str:
    """Return a label as it is drawn; the panel beside has it whole."""
    text = text.removeprefix("build/")
    return text if len(text) <= _LONG else f"{text[: _LONG // 2 - 1]}…{text[-_LONG // 2 :]}"


def _drawn(data: dict[str, Any], box: Box, total: float) -> str:
    corner = 15 if data["kind"] in ("rule", "step") else 6
    text = escape(_short(str(data["label"])))
    count = data.get("count", 1)
    more = f' <tspan class="count">{count}</tspan>' if count != 1 else ""
    share = data.get("seconds", 0.0) / total
    heat = ""
    if share >= 0.002:
        width = max((box.width - 24) * share, 4)
        heat = (
            f'<rect class="heat" x="12" y="{box.height - 5:.0f}" width="{width:.0f}" '
            f'height="2.6" rx="1.3"/>'
        )
    return (
        f'<g class="node {data["kind"]}" transform="translate({box.x:.0f} {box.y:.0f})" '
        f'tabindex="0" role="button"><rect class="body" width="{box.width:.0f}" '
        f'height="{box.height:.0f}" rx="{corner}"/>'
        f'<text x="13" y="{box.height / 2 + 4.5:.1f}">{text}{more}</text>{heat}</g>'
    )


def _told(data: dict[str, Any], box: Box) -> dict[str, Any]:
    """Return what the page says of a node."""
    is_step = data["kind"] in ("rule", "step")
    facts = []
    if is_step:
        if data["kind"] == "rule":
            facts.append(["steps", str(data["count"])])
        facts.append(["last took", _seconds(data["seconds"])])
        facts.append(["wrote", _bytes(data["bytes"])])
    elif data.get("count", 1) != 1:
        facts.append(["there are", str(data["count"])])
    names = data.get("steps", data.get("names", []))
    names = [name for name in names if name != data["label"]]
    parts = [data["label"], *names, _KINDS[data["kind"]]]
    says = re.sub(r"\{\d\}", "…", data.get("message", ""))
    return {
        "label": data["label"],
        "kindName": _KINDS[data["kind"]] + (f" of {data['target']}" if data.get("target") else ""),
        "says": says[:1].upper() + says[1:],
        "step": is_step,
        "facts": facts,
        "names": names,
        "count": data.get("count", 1),
        "text": " ".join(parts).lower(),
        "box": box._asdict(),
    }


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _bytes(size: float) -> str:
    return f"{size / 1000:.1f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"
