"""`comfyvn stats`: what the ledger of builds tells."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from comfyvn.cli.bar import bar
from comfyvn.cli.common import add_project_options, positive, project_at
from comfyvn.cli.reasons import ago, duration, size

if TYPE_CHECKING:
    from rich.table import Table

    from comfyvn.engine.statistics import Statistics

_GROWTH = 8
_WIDE = 76
"""Columns of a terminal below which tables leave something out."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "stats",
        help="say where the time of builds goes, what was reused and how the project grows",
        description="Read the ledger that every build is entered in: time by rule, how much was "
        "reused, the slowest steps, how the project grew. It is in .comfyvn/ledger/, as Parquet.",
    )
    add_project_options(parser)
    parser.add_argument(
        "--most", type=positive, default=8, metavar="N", help="how many rules and steps to name"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, with all rules")


def run(args: argparse.Namespace) -> int:
    """Print; return 0, 1 (no project, or it was never built) or 3 (the ledger is unreadable)."""
    from comfyvn.engine.manifest import STATE
    from comfyvn.engine.statistics import statistics

    root = project_at(args.directory)
    if root is None:
        return 1
    try:
        found = statistics(root / STATE, args.most)
    except OSError as error:
        print(f"{error.filename} {error.strerror}", file=sys.stderr)
        return 3
    if args.json:
        print(json.dumps(found._asdict(), ensure_ascii=False))
    elif found.builds["all"]:
        _print(found, args.most)
    for what in found.left_out:
        print(f"left out: {what}", file=sys.stderr)
    if not found.builds["all"]:
        print("there is nothing to tell yet: run `comfyvn build`", file=sys.stderr)
        return 1
    return 0


def _print(found: Statistics, most: int) -> None:
    from comfyvn.cli.console import ENDLESS, PlainConsole

    console = PlainConsole()
    narrow, cut = console.width < _WIDE, console.width < ENDLESS
    builds = found.builds
    parts = [f"{builds['null']} with nothing to do"]
    parts += [f"{builds['sources']} with errors"] if builds["sources"] else []
    parts += [f"{builds['failed']} with a failed step"] if builds["failed"] else []
    plural = "s" if builds["all"] > 1 else ""
    console.print(
        f"[bold]{builds['all']} build{plural}[/bold] ({', '.join(parts)}), "
        f"{duration(builds['seconds'])} in all; the last was {ago(time.time() - builds['last'])}"
    )
    if found.rules:
        console.print()
        console.print(_rules(found.rules, most, narrow=narrow, cut=cut))
    if found.slowest:
        console.print()
        console.print(_slowest(found.slowest, narrow=narrow, cut=cut))
    if found.growth:
        console.print()
        console.print(_growth(found.growth, narrow=narrow))


def _table(title: str) -> Table:
    from rich import box
    from rich.table import Table

    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        header_style="dim",
        show_edge=False,
    )


def _rules(rules: list[dict[str, Any]], most: int, *, narrow: bool, cut: bool) -> Table:
    table = _table("Time by rule")
    widest = 22 if cut else None
    table.add_column("rule", overflow="ellipsis", no_wrap=not narrow, max_width=widest)
    for name in ("time", "", "ran", "reused", "wrote"):
        table.add_column(name, justify="left" if not name else "right", no_wrap=True)
    total = sum(each["seconds"] for each in rules) or 1.0
    width = 4 if narrow else 12
    longest = max(each["seconds"] for each in rules) or 1.0
    for each in rules[:most]:
        share = f"{bar(each['seconds'] / longest, width):<{width}} {each['seconds'] / total:>4.0%}"
        hits = "" if each["hits"] is None else f"{each['hits']:.0%}"
        table.add_row(
            each["rule"], duration(each["seconds"]), share, str(each["ran"]), hits,
            size(each["bytes"]),
        )  # fmt: skip
    rest = rules[most:]
    if rest:
        took = sum(each["seconds"] for each in rest)
        ran = sum(each["ran"] for each in rest)
        steps = sum(each["steps"] for each in rest)
        table.add_row(
            f"{len(rest)} more", duration(took), f"{'':<{width}} {took / total:>4.0%}", str(ran),
            f"{1 - ran / steps:.0%}" if steps else "", size(sum(each["bytes"] for each in rest)),
            style="dim",
        )  # fmt: skip
    return table


def _slowest(slowest: list[dict[str, Any]], *, narrow: bool, cut: bool) -> Table:
    table = _table("Slowest steps")
    widest = 48 if cut else None
    table.add_column("step", overflow="ellipsis", no_wrap=not narrow, max_width=widest)
    for name in ("time", "runs", "wrote"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in slowest:
        table.add_row(
            each["step"], duration(each["seconds"]), str(each["runs"]), size(each["bytes"])
        )
    return table


def _growth(growth: list[dict[str, Any]], *, narrow: bool) -> Table:
    table = _table("Growth")
    table.add_column("build", no_wrap=True)
    for name in ("time", "ran", *(() if narrow else ("sources", "", "targets", ""))):
        table.add_column(name, justify="right", no_wrap=True)
    for each in _some(growth):
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(each["at"]))
        table.add_row(
            when,
            duration(each["seconds"]),
            f"{each['ran']} of {each['steps']}",
            *(
                ()
                if narrow
                else (
                    str(each["sources"]),
                    size(each["source_bytes"]),
                    str(each["files"]),
                    size(each["bytes"]),
                )
            ),
        )
    return table


def _some(growth: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a few builds, evenly apart, the first and the last among them."""
    if len(growth) <= _GROWTH:
        return growth
    return [growth[round(i * (len(growth) - 1) / (_GROWTH - 1))] for i in range(_GROWTH)]
