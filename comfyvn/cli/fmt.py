"""`comfyvn fmt`: sources in canonical form, and `vn.lock` brought up to date."""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, compile_at, say
from comfyvn.source.files import read_file

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "fmt",
        help="put sources into canonical form and update vn.lock",
        description="Write scenes and YAML in canonical form: markers, spacing, order of keys. "
        "No word of the story and no comment changes; a file with errors is left as it is.",
    )
    add_project_options(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if anything would"
    )
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")


def run(args: argparse.Namespace) -> int:
    """Format; return 0, 1 (errors, or --check would change a file) or 3 (it cannot write)."""
    try:
        return _run(args)
    except OSError as error:
        print(f"cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return 3


def _run(args: argparse.Namespace) -> int:
    from comfyvn.engine.objects import update_file
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    root, loaded, _ = compile_at(args.directory, out)
    if loaded is None:
        print_diagnostics(out, root)
        return 1
    changed, refused = _formatted(loaded)
    dry = args.check or args.diff
    for path, (before, after) in changed.items():
        if args.diff:
            sys.stdout.writelines(_difference(path, before, after))
        elif not dry:
            update_file(root / path, after.encode())
        say(args, f"{'would change' if dry else 'changed'} {path}")
    after_out = Diagnostics()
    _, _, compiled = compile_at(root, after_out)
    stale = False
    if compiled is not None and not after_out.has_errors:
        stale = _text(root / "vn.lock") != compiled.lock.write()
        if stale and not dry:
            update_file(root / "vn.lock", compiled.lock.write().encode())
        if stale:
            say(args, f"{'would change' if dry else 'changed'} vn.lock")
    if after_out.has_errors:
        print_diagnostics(after_out, root)
    for path in refused:
        print(f"{path}: left as it is", file=sys.stderr)
    if refused or after_out.has_errors:
        return 1
    return 1 if args.check and (changed or stale) else 0


def _formatted(loaded: LoadedProject) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return the text before and after of each file that is not in canonical form, and the paths
    of files that could not be formatted."""
    from comfyvn.model.header import Header
    from comfyvn.model.listing import is_sidecar
    from comfyvn.plan.library import files_below
    from comfyvn.source.format import format_scene
    from comfyvn.source.format_yaml import format_yaml
    from comfyvn.story.compiler.names import spoken_names

    speakers = spoken_names(loaded.characters)
    keys = list(Header.model_fields)
    made: dict[str, str | None] = {}
    for scene, source in loaded.scene_sources.items():
        made[source.path] = format_scene(source.text, source.path, scene, speakers, keys)
    for path in (*loaded.nodes, *filter(is_sidecar, files_below(loaded.root))):
        text = _text(loaded.root / path)
        if text is not None:
            text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        made[path] = None if text is None else format_yaml(text, path)
    changed: dict[str, tuple[str, str]] = {}
    refused = []
    for path, after in sorted(made.items()):
        before = _text(loaded.root / path)
        if after is None or before is None:
            refused.append(path)
        elif after != before:
            changed[path] = (before, after)
    return changed, refused


def _text(path: Path) -> str | None:
    """Return what a file holds, as it stands; None if it cannot be read, or is not UTF-8."""
    try:
        return read_file(path).decode()
    except (OSError, UnicodeDecodeError):
        return None


def _difference(path: str, before: str, after: str) -> list[str]:
    return list(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), path, path
        )
    )
