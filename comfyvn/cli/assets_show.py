"""`comfyvn assets show`: all that is known of one asset, and where its words come from."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from comfyvn.cli.asset_name import pick
from comfyvn.cli.common import add_project_options, compile_at
from comfyvn.cli.reasons import size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comfyvn.plan.prompt import Piece
    from comfyvn.plan.registry_rows import Row


def add_parser(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the part to the command line."""
    parser = parts.add_parser(
        "show",
        help="tell all of one: state, file, brief; of a prompt, where each word comes from",
        description="Tell what answers an asset that the story asks for: its state, what makes it, "
        "its file and licence, what it is made from, and for a rendered picture its prompt with "
        "the place in the sources that each part of it comes from, for a line its words, who says "
        "them, the voice and the pinned take.",
    )
    parser.add_argument(
        "words", nargs="+", metavar="NAME", help="its name, or words of it: `kit grin oilskins`"
    )
    add_project_options(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Show; return 0, 1 (the sources have errors) or 2 (no such asset, or several)."""
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1

    from comfyvn.model.globals import globals_of
    from comfyvn.plan.casting import LINE
    from comfyvn.plan.prompt import compose
    from comfyvn.plan.registry import found_in, registry
    from comfyvn.plan.requests import asset_requests, gallery, skeletons
    from comfyvn.plan.voice_takes import Voices
    from comfyvn.plan.workflows import workflow_file
    from comfyvn.source.lock import read_lock

    found = found_in(root, loaded, compiled.program, Diagnostics())
    rows = {f"{row.kind} {row.name}": row for row in registry(root, loaded, compiled.program, out)}
    name = pick(args.words, list(rows))
    if name is None:
        return 2
    row = rows[name]
    told: dict[str, Any] = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in row._asdict().items()
    }
    told["brief"] = found.briefs.get(row.key)
    told |= {"take": None, "workflow": None, "prompt": None, "negative": None}
    if row.kind == LINE:
        pins = read_lock(root, Diagnostics()).pins
        told |= Voices(root, loaded, compiled.program, pins).told(row.name)
    if (rendering := found.rendered.get(row.key)) is not None:
        requests = asset_requests(compiled.program)
        request = next(each for each in requests if found.answers.get(each) == row.key)
        alt = dict(gallery(skeletons(compiled.program))).get(request.subject, "")
        said = globals_of(loaded)
        prompt = compose(said, request, alt if request.kind == "picture" else "")
        told["take"] = rendering.take
        told["workflow"] = workflow_file(rendering.workflow, rendering.needs)
        told["prompt"] = [piece._asdict() for piece in prompt.positive]
        told["negative"] = [piece._asdict() for piece in prompt.negative]
        if not args.json:
            _print(name, row, told)
            _print_pieces("prompt", prompt.positive)
            _print_pieces("negative prompt", prompt.negative)
            return 0
    if args.json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _print(name, row, told)
    return 0


def _print(name: str, row: Row, told: dict[str, Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from comfyvn.cli.console import PlainConsole
    from comfyvn.source.render import plain

    table = Table.grid(padding=(0, 2))
    facts = {
        "words": told.get("words", ""),
        "language": row.language,
        "speaker": told.get("speaker", ""),
        "manner": told.get("manner", ""),
        "voice": readable(told["voice"]) if told.get("voice") else "",
        "state": row.state,
        "made by": row.maker,
        "file": row.path,
        "size": size(row.bytes) if row.bytes else "",
        "licence": row.licence,
        "author": row.author,
        "source": row.source,
        "tags": ", ".join(row.tags),
        "take": told["take"],
    }
    brief = told["brief"] or {}
    if told["workflow"] is not None:
        facts["workflow"] = told["workflow"]
        brief = {key: value for key, value in brief["inputs"].items() if key not in _IN_THE_TABLES}
    for key, value in brief.items():
        facts.setdefault(key, readable(value))
    for key, value in facts.items():
        if value not in ("", None):
            table.add_row(key, escape(plain(str(value), keep="\n")))
    console = PlainConsole()
    console.print(escape(plain(name)), style="bold")
    console.print(table)


def readable(value: Any) -> str:
    """Return a part of a brief as lines for people, without what is empty."""
    if not isinstance(value, dict):
        return _phrase(value)
    said = {key: _phrase(each) for key, each in value.items()}
    return "\n".join(f"{key}: {each}" for key, each in said.items() if each)


def _phrase(value: Any) -> str:
    """Return a value within a line."""
    if isinstance(value, dict):
        said = {key: _phrase(each) for key, each in value.items()}
        return ", ".join(f"{key} {each}" for key, each in said.items() if each)
    if isinstance(value, (list, tuple)):
        return ", ".join(_phrase(each) for each in value)
    return "" if value is None else str(value)


_IN_THE_TABLES = ("prompt", "negative")


def _print_pieces(title: str, pieces: Sequence[Piece]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from comfyvn.cli.console import PlainConsole

    table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column("words", overflow="fold")
    table.add_column("from", style="cyan", overflow="fold")
    for piece in pieces:
        table.add_row(escape(piece.words), escape(piece.origin))
    console = PlainConsole()
    console.print()
    console.print(table)
