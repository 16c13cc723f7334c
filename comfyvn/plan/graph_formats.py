"""Graphs as text for other tools: Graphviz, Mermaid, and plain lines."""

from __future__ import annotations

import json

import networkx as nx

_DOT = {
    "rule": 'shape=box, style="rounded,filled", fillcolor="#dfe7fb"',
    "step": 'shape=box, style="rounded,filled", fillcolor="#dfe7fb"',
    "source": 'shape=note, style=filled, fillcolor="#dff2e1"',
    "value": 'shape=note, style="filled,dashed", fillcolor="#f1f1ee"',
    "result": "shape=plaintext",
    "output": 'shape=note, style=filled, fillcolor="#fbead2"',
}
_MERMAID = {
    "rule": ("([", "])"),
    "step": ("([", "])"),
    "source": ("[", "]"),
    "value": ("[", "]"),
    "result": ("(", ")"),
    "output": ("[[", "]]"),
}


def label(data: dict[str, object]) -> str:
    """Return a node's label with how many it stands for."""
    count = data.get("count", 1)
    return f"{data['label']} ({count})" if count != 1 else str(data["label"])


def as_dot(graph: nx.DiGraph[str]) -> str:
    """Return a graph in the DOT language of Graphviz."""
    lines = [
        "digraph build {",
        '  graph [rankdir=LR, fontname="sans-serif"];',
        '  node [fontname="sans-serif", fontsize=11];',
        '  edge [color="#8a8f98", arrowsize=0.7];',
    ]
    for node, data in graph.nodes(data=True):
        lines.append(f"  {_quoted(node)} [label={_quoted(label(data))}, {_DOT[data['kind']]}];")
    lines += [f"  {_quoted(one)} -> {_quoted(two)};" for one, two in graph.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def as_mermaid(graph: nx.DiGraph[str]) -> str:
    """Return a graph as a Mermaid flowchart."""
    lines = ["flowchart LR"]
    ids = {node: f"n{i}" for i, node in enumerate(graph.nodes)}
    for node, data in graph.nodes(data=True):
        start, end = _MERMAID[data["kind"]]
        # Mermaid reads entities in a quoted label, named by `#`, and nothing else.
        text = label(data).replace("#", "#35;").replace('"', "#quot;").replace("`", "#96;")
        lines.append(f'  {ids[node]}{start}"{text}"{end}:::{data["kind"]}')
    lines += [f"  {ids[one]} --> {ids[two]}" for one, two in graph.edges]
    lines += [
        "  classDef rule fill:#dfe7fb,stroke:#5873b8,color:#1d2740",
        "  classDef step fill:#dfe7fb,stroke:#5873b8,color:#1d2740",
        "  classDef source fill:#dff2e1,stroke:#4f8a58,color:#173a1d",
        "  classDef value fill:#f1f1ee,stroke:#8a8a80,color:#33332e",
        "  classDef result fill:#ffffff,stroke:#b9bec8,color:#444a55",
        "  classDef output fill:#fbead2,stroke:#b07b2c,color:#4a3210",
    ]
    return "\n".join(lines) + "\n"


def as_text(graph: nx.DiGraph[str]) -> str:
    """Return a graph as lines for people: each rule or step, what it reads, what it writes."""
    lines = []
    for node, data in graph.nodes(data=True):
        if data["kind"] not in ("rule", "step"):
            continue
        lines.append(label(data))
        for sign, others in (("<", graph.predecessors(node)), (">", graph.successors(node))):
            lines += [f"  {sign} {label(graph.nodes[other])}" for other in others]
    return "\n".join(lines) + "\n"


def dumped(value: object) -> str:
    """Return a JSON value as text."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
