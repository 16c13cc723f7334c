"""What is made from what, as a graph to look at: of rules, or of all steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx

from comfyvn.engine.past import Past
from comfyvn.engine.pattern import matches
from comfyvn.plan.rules import Declared
from comfyvn.plan.template import loose

_FEW = 12
"""How many names of what a node stands for are told."""
Kind = str
"""`rule` or `step`; of artifacts `source`, `value` (given by the builder), `result`, `output`."""


def step_graph(past: Past, wanted: Sequence[str] = ()) -> nx.DiGraph[str]:
    """Return the graph of steps and artifacts.

    Nodes have `kind` and `label`; steps `rule`, `seconds` (of the last run), `bytes` and `target`
    too. Edges go from what is read to the step, and from the step to what it wrote.

    Args:
        past: what builds left.
        wanted: steps; only they and what they are made from. Without any, all.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for step in past.above(wanted) if wanted else past.steps:
        node = f"step {step}"
        result = past.made[step].result
        graph.add_node(
            node,
            kind="step",
            label=step,
            rule=past.steps[step].rule,
            seconds=result.seconds,
            bytes=sum(size for _, _, size in result.outputs),
        )
        for name in past.inputs(step):
            if name not in graph:
                graph.add_node(name, kind=_kind(past, name), label=name)
            graph.add_edge(name, node)
        for name in past.outputs(step):
            if name not in graph:
                graph.add_node(name, kind=_kind(past, name), label=name)
            graph.add_edge(node, name)
    return graph


def _kind(past: Past, name: str) -> Kind:
    if name in past.producer:
        return "result" if name[0] == "@" else "output"
    return "value" if name[0] == "@" else "source"


def rule_graph(
    past: Past, rules: Mapping[str, Declared], wanted: Sequence[str] = ()
) -> nx.DiGraph[str]:
    """Return the graph of rules and of artifacts alike, as `scenes/**/*.md`.

    Nodes have `kind`, `label` and `count`; rules `seconds`, `bytes`, `stage`, `target` and `steps`
    (the first few names) too; artifacts `names` (the first few).

    Args:
        past: what builds left.
        rules: all rules, by name.
        wanted: steps; only they and what they are made from. Without any, all.
    """
    steps = past.above(wanted) if wanted else list(past.steps)
    graph: nx.DiGraph[str] = nx.DiGraph()
    groups: dict[str, str] = {}
    for step in steps:
        for name in past.outputs(step):
            groups[name] = _written_as(rules.get(past.steps[step].rule), name)
    given = {name for step in steps for name in past.inputs(step) if name not in groups}
    groups |= _alike(given)
    names: dict[str, set[str]] = {}
    for step in steps:
        rule = past.steps[step].rule
        node = f"rule {rule}"
        result = past.made[step].result
        if node not in graph:
            declared = rules.get(rule)
            graph.add_node(
                node, kind="rule", label=rule, count=0, seconds=0.0, bytes=0, steps=[],
                stage=declared.stage if declared else "back",
                target=declared.target if declared else "",
                message=past.rules[rule].message,
            )  # fmt: skip
        data = graph.nodes[node]
        data["count"] += 1
        data["seconds"] = round(data["seconds"] + result.seconds, 6)
        data["bytes"] += sum(size for _, _, size in result.outputs)
        if len(data["steps"]) < _FEW:
            data["steps"].append(step)
        edges = [(name, True) for name in past.inputs(step)]
        edges += [(name, False) for name in past.outputs(step)]
        for name, read in edges:
            group = groups[name]
            if group not in graph:
                graph.add_node(group, kind=_kind(past, name), label=group, count=0, names=[])
            names.setdefault(group, set()).add(name)
            graph.add_edge(*((group, node) if read else (node, group)))
    for group, found in names.items():
        graph.nodes[group]["count"] = len(found)
        graph.nodes[group]["names"] = sorted(found)[:_FEW]
    return graph


def _written_as(rule: Declared | None, name: str) -> str:
    """Return an output as its rule declares it, `*` for what tells the steps apart."""
    for text in rule.outputs if rule is not None else ():
        pattern = loose(text)
        if matches(pattern, name):
            return re.sub(r"\*[-#]\*", "*", pattern)
    return name


def _alike(names: Iterable[str]) -> dict[str, str]:
    """Return for each source or value the pattern under which many like it are shown."""
    groups: dict[str, list[str]] = {}
    for name in names:
        head, slash, last = name.partition("/")
        suffix = "" if name[0] == "@" or "." not in last else f".{last.rpartition('.')[2]}"
        groups.setdefault(f"{head}/**/*{suffix}" if slash else name, []).append(name)
    found: dict[str, str] = {}
    for group, members in groups.items():
        flat = all(name.count("/") == 1 for name in members)
        shown = group.replace("**/*", "*") if flat or group[0] == "@" else group
        found |= {name: members[0] if len(members) == 1 else shown for name in members}
    return found


def contracted(graph: nx.DiGraph[str]) -> nx.DiGraph[str]:
    """Return a graph without results: their makers lead to their readers, `through` them."""
    small: nx.DiGraph[str] = nx.DiGraph()
    small.add_nodes_from(
        (node, data) for node, data in graph.nodes(data=True) if data["kind"] != "result"
    )
    for one, two in graph.edges:
        if one in small and two in small:
            small.add_edge(one, two, through=[])
    for node, data in graph.nodes(data=True):
        if data["kind"] == "result":
            for maker in graph.predecessors(node):
                for reader in graph.successors(node):
                    if maker == reader:
                        continue
                    if not small.has_edge(maker, reader):
                        small.add_edge(maker, reader, through=[])
                    small.edges[maker, reader]["through"].append(node)
    return small


def as_json(graph: nx.DiGraph[str]) -> dict[str, Any]:
    """Return a graph as a JSON object that `networkx.node_link_graph` reads.

    Its own writer calls the edges `links` in some versions and `edges` in others.
    """
    nodes = [{"id": node, **data} for node, data in graph.nodes(data=True)]
    edges = [{"source": one, "target": two, **data} for one, two, data in graph.edges(data=True)]
    return {"directed": True, "multigraph": False, "graph": {}, "nodes": nodes, "edges": edges}
