"""`comfyvn assets page`: the pictures and sounds of a story on a page, to look at."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, compile_at, say
from comfyvn.cli.reasons import size

if TYPE_CHECKING:
    from pathlib import Path

    from comfyvn.plan.registry_rows import Row


def add_parser(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the part to the command line."""
    parser = parts.add_parser(
        "page",
        help="write a page that shows all of them",
        description="Write .comfyvn/assets/index.html: a thumbnail or a waveform of every picture "
        "and sound, with its state. Nothing is built; what was not made yet has none.",
    )
    add_project_options(parser)
    parser.add_argument("--open", action="store_true", help="open it in the browser")


def run(args: argparse.Namespace) -> int:
    """Write the page; return 0, 1 (the sources have errors) or 3 (it cannot be written)."""
    from comfyvn.engine.manifest import STATE
    from comfyvn.plan.previews import make_previews
    from comfyvn.plan.registry import registry
    from comfyvn.plan.registry_rows import Past
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import plain, print_diagnostics

    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    rows = [
        row
        for row in registry(root, loaded, compiled.program, Diagnostics())
        if row.kind != "voice line"
    ]
    folder = root / STATE / "assets"
    past = Past(root)

    def read(row: Row) -> bytes | None:
        return (root / row.path).read_bytes() if row.path else past.store.get(row.digest)

    try:
        problems = make_previews(rows, read, folder / "previews")
        page = folder / "index.html"
        page.write_text(_page(loaded.project.title, rows, folder), encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"cannot write {error.filename or folder}: {error.strerror}", file=sys.stderr)
        return 3
    finally:
        past.close()
    for name, problem in problems.items():
        print(plain(f"{name}: no preview: {problem}"), file=sys.stderr)
    say(args, f"wrote {page}")
    if args.open:
        webbrowser.open(page.resolve().as_uri())
    return 0


def _page(title: str, rows: list[Row], folder: Path) -> str:
    import jinja2

    from comfyvn.data import data_folder
    from comfyvn.plan.previews import is_picture, preview_name
    from comfyvn.plan.registry_rows import STATES

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(data_folder("templates/assets")),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    shown = [
        row._asdict()
        | {
            "preview": name if (folder / "previews" / name).is_file() and name else "",
            "picture": is_picture(row),
            "size": size(row.bytes),
        }
        for row in rows
        for name in (preview_name(row),)
    ]
    return environment.get_template("page.html").render(title=title, rows=shown, states=STATES)
