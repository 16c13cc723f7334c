"""What the commands that read a project share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.quick import TARGETS

if TYPE_CHECKING:
    from comfyvn.model.load import LoadedProject
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.story.compile import Compiled


def add_project_options(parser: argparse.ArgumentParser) -> None:
    """Add `-C` and `-q`, which every command that works on a project has."""
    parser.add_argument(
        "-C",
        dest="directory",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="the project (default: the one that holds the current folder)",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="say nothing but what is wrong")


def project_at(directory: Path) -> Path | None:
    """Return the folder of the project that holds `directory`; if there is none, say so."""
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    root = find_at(directory, out)
    print_diagnostics(out, directory)
    return root


def find_at(directory: Path, out: Diagnostics) -> Path | None:
    """Return the folder of the project that holds `directory`; if there is none, report so."""
    from comfyvn.model.find import PROJECT_FILE, find_project, report_no_project
    from comfyvn.source.diagnostics import Span

    if not directory.is_dir():
        what = "is a file, not a folder" if directory.exists() else "does not exist"
        out.error(
            "VN0150",
            f"the folder `{directory}` {what}",
            Span.whole_file(PROJECT_FILE),
            help="name a folder in a project with -C",
        )
        return None
    root = find_project(directory)
    if root is None:
        report_no_project(directory.absolute(), out)
    return root


def knows_targets(named: Iterable[str]) -> bool:
    """Whether all that is named is a target, or `all`; if not, say what there is."""
    known = (*TARGETS, "all")
    unknown = next((name for name in named if name not in known), None)
    if unknown is None:
        return True
    print(f"no target `{unknown}`; there are {', '.join(TARGETS)} and all", file=sys.stderr)
    return False


def positive(text: str) -> int:
    """Return a number above 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is no number above 0")
    return int(text)


def compile_at(
    directory: Path, out: Diagnostics
) -> tuple[Path, LoadedProject | None, Compiled | None]:
    """Load and compile the project that holds `directory`; return its folder too.

    What is wrong goes to `out`; then there may still be a project, a Program, or neither.
    """
    from comfyvn.model.load import load_project
    from comfyvn.source.lock import read_lock
    from comfyvn.story.compile import compile_project

    root = find_at(directory, out)
    if root is None:
        return directory, None, None
    loaded = load_project(root, out)
    if loaded is None:
        return root, None, None
    return root, loaded, compile_project(loaded, read_lock(root, out), out)


def say(args: argparse.Namespace, text: str) -> None:
    """Print progress for people, on standard error, unless they asked for quiet."""
    if not args.quiet:
        print(text, file=sys.stderr)
