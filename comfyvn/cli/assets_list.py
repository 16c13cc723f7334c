"""`comfyvn assets list`: every asset of the story, and what became of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, compile_at
from comfyvn.cli.reasons import size

if TYPE_CHECKING:
    from comfyvn.plan.registry_rows import Row

_STYLES = {
    "hand-made": "green",
    "generated": "cyan",
    "draft": "yellow",
    "stale": "magenta",
    "missing": "red",
    "unused": "dim",
}


def add_parser(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the part to the command line."""
    parser = parts.add_parser(
        "list",
        help="list all, or those that fit",
        description="List every picture, sound and voiced line that the story asks for with its "
        "state, and the files that nothing asks for. The whole list goes to .comfyvn/"
        "assets.parquet, too, for any tool that reads Parquet.",
    )
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="only those whose name, file or text has it"
    )
    add_options(parser)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the list."""
    add_project_options(parser)
    parser.add_argument(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="only these: background, sprite, prop, image, picture, music, ambience, sfx, voice, "
        "voice line, file (one that nothing asks for)",
    )
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        metavar="STATE",
        help="only these: hand-made, generated, draft, stale, missing, unused",
    )
    parser.add_argument("--tag", action="append", default=[], metavar="TAG", help="only with it")
    parser.add_argument("--licence", default="", metavar="SPDX", help="only under it")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """List; return 0, 1 (the sources have errors), 2 (no such kind or state) or 3."""
    from comfyvn.engine.manifest import STATE
    from comfyvn.plan.registry import registry, select, write_parquet
    from comfyvn.plan.registry_rows import KINDS, STATES
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    for what, named, known in (("kind", args.kind, KINDS), ("state", args.state, STATES)):
        if wrong := next((name for name in named if name not in known), None):
            print(f"no {what} `{wrong}`; there are {', '.join(known)}", file=sys.stderr)
            return 2
    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    rows = registry(root, loaded, compiled.program, Diagnostics())
    chosen = list(
        select(
            rows,
            kinds=args.kind,
            states=args.state,
            tags=args.tag,
            licence=args.licence,
            words=args.words,
        )
    )
    if args.json:
        print(json.dumps({"assets": [row._asdict() for row in chosen]}, ensure_ascii=False))
    elif chosen:
        _print(chosen, lines="voice line" in args.kind or bool(args.words))
    else:
        print("nothing fits" if rows else "the story asks for nothing", file=sys.stderr)
    try:
        (root / STATE).mkdir(exist_ok=True)
        write_parquet(rows, root / STATE / "assets.parquet")
    except OSError as error:
        print(f"cannot write .comfyvn/assets.parquet: {error.strerror}", file=sys.stderr)
        return 3
    return 0


def _print(rows: Sequence[Row], *, lines: bool) -> None:
    """Print a table; voiced lines one by one only where they were asked for."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from comfyvn.cli.console import PlainConsole
    from comfyvn.source.render import plain

    console = PlainConsole()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    table.add_column("kind", no_wrap=True)
    table.add_column("name", overflow="fold")
    table.add_column("state", no_wrap=True)
    table.add_column("made by", overflow="fold")
    table.add_column("size", justify="right", no_wrap=True)
    licensed = any(row.licence for row in rows)
    if licensed:
        table.add_column("licence", overflow="fold")
    spoken: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        if row.kind == "voice line" and not lines:
            spoken[row.language, row.state, row.maker] += 1
            continue
        name = f"{row.name}: {row.text}" if row.text else row.name
        table.add_row(
            row.kind,
            Text(plain(name)),
            Text(row.state, _STYLES[row.state]),
            Text(plain(row.maker or row.path)),
            size(row.bytes) if row.bytes else "",
            *((Text(plain(row.licence)),) if licensed else ()),
        )
    for (language, state, maker), count in sorted(spoken.items()):
        table.add_row(
            "voice line",
            f"{count} in {language}",
            Text(state, _STYLES[state]),
            maker,
        )
    if table.row_count:
        console.print(table)
    states = Counter[str](row.state for row in rows)
    console.print(
        f"\n{len(rows)} in all: "
        + ", ".join(f"{states[state]} {state}" for state in _STYLES if states[state]),
    )
