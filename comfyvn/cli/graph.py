"""`comfyvn graph`: what is made from what, drawn."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, project_at, say
from comfyvn.cli.reasons import duration, not_known, path_of

if TYPE_CHECKING:
    import networkx as nx

FORMATS = ("text", "html", "dot", "mermaid", "json")
_BY_NAME = {
    ".html": "html", ".htm": "html", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid",
    ".json": "json", ".txt": "text",
}  # fmt: skip


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "graph",
        help="draw what is made from what",
        description="Draw the last build as a graph: sources, rules and outputs. As HTML it is a "
        "page of its own, to pan, zoom and search.",
    )
    parser.add_argument(
        "outputs",
        nargs="*",
        metavar="OUTPUT",
        help="only these and what they are made from: files in build/, steps, rules or targets",
    )
    add_project_options(parser)
    parser.add_argument("-o", dest="file", metavar="FILE", type=Path, help="write to a file")
    parser.add_argument("--format", choices=FORMATS, help="default: by the name of FILE, else text")
    parser.add_argument("--steps", action="store_true", help="every step, not only the rules")


def run(args: argparse.Namespace) -> int:
    """Draw; return 0, 1 (no project, nothing built), 2 (no such thing, no such format) or 3."""
    from comfyvn.engine.past import Past
    from comfyvn.plan.meaning import NotKnownError, find
    from comfyvn.plan.rules import read_rules
    from comfyvn.source.diagnostics import Diagnostics

    ending = args.file.suffix.lower() if args.file is not None else ""
    chosen = args.format or _BY_NAME.get(ending, "" if ending else "text")
    if not chosen:
        known = ", ".join(_BY_NAME)
        print(
            f"no format has the ending `{ending}`: take one of {known}, or give --format",
            file=sys.stderr,
        )
        return 2
    root = project_at(args.directory)
    if root is None:
        return 1
    past = Past.load(root)
    if not past.steps:
        print("nothing was built yet: run `comfyvn build`", file=sys.stderr)
        return 1
    rules = read_rules(root, Diagnostics(), keep=False).declared
    targets = {rule.target for rule in rules.values()} - {""}
    wanted: list[str] = []
    for name in args.outputs:
        try:
            wanted += find(past, path_of(name, root), targets).steps
        except NotKnownError as error:
            print(not_known(error, root), file=sys.stderr)
            return 2
    from comfyvn.plan.graph import rule_graph, step_graph

    graph = step_graph(past, wanted) if args.steps else rule_graph(past, rules, wanted)
    heading = f"{root.resolve().name}: {', '.join(args.outputs)}" if wanted else root.resolve().name
    text = _written(graph, chosen, heading)
    if text is None:
        print(
            "there are too many steps for a page: name an OUTPUT, or leave --steps out",
            file=sys.stderr,
        )
        return 2
    if args.file is None:
        sys.stdout.write(text)
        return 0
    try:
        args.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"cannot write {args.file}: {error.strerror}", file=sys.stderr)
        return 3
    say(args, f"wrote {args.file}")
    return 0


def _written(graph: nx.DiGraph[str], chosen: str, heading: str) -> str | None:
    """Return a graph in a format; None if it is too large for it."""
    from comfyvn.plan.graph import as_json, contracted
    from comfyvn.plan.graph_formats import as_dot, as_mermaid, as_text, dumped

    if chosen == "json":
        return dumped(as_json(graph))
    if chosen == "text":
        return as_text(graph)
    if chosen == "dot":
        return as_dot(graph)
    if chosen == "mermaid":
        return as_mermaid(graph)
    from comfyvn.plan.graph_page import MOST, as_html

    small = contracted(graph)
    if len(small) > MOST:
        return None
    found = [data for _, data in small.nodes(data=True) if data["kind"] in ("rule", "step")]
    count = sum(data.get("count", 1) for data in found)
    took = duration(sum(data["seconds"] for data in found))
    rules = f" of {len(found)} rules" if found and found[0]["kind"] == "rule" else ""
    return as_html(small, heading, f"{count} steps{rules}, which last took {took} in all")
