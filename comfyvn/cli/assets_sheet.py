"""`comfyvn assets sheet`: the recording script of an actor."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from comfyvn.cli.common import add_project_options, compile_at, say

NARRATOR = "narrator"
FORMATS = {".txt": "text", ".csv": "csv", ".html": "html", ".htm": "html"}


def add_parser(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the part to the command line."""
    parser = parts.add_parser(
        "sheet",
        help="print the recording script of an actor",
        description="Print what a character says, line by line, with what is said before it, how "
        "it is said, and the name to save the recording under: a recording is used instead of "
        "any made voice as soon as it is there.",
    )
    parser.add_argument(
        "characters",
        nargs="*",
        metavar="CHARACTER",
        help="ids of characters, or `narrator` (default: everybody's lines)",
    )
    add_project_options(parser)
    parser.add_argument("--language", metavar="LANG", help="default: the project's own")
    parser.add_argument("--missing", action="store_true", help="only the lines without a recording")
    parser.add_argument("-o", dest="file", metavar="FILE", type=Path, help="write to a file")
    parser.add_argument(
        "--format",
        choices=("text", "csv", "html"),
        help="default: by the ending of FILE, text without one",
    )


def run(args: argparse.Namespace) -> int:
    """Print; return 0, 1 (the sources have errors), 2 (no such name or format) or 3."""
    from comfyvn.explore.contents import play_order
    from comfyvn.plan.library import files_below
    from comfyvn.plan.recording_script import NOBODY, as_csv, as_html, as_text, recording_script
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.nearest import did_you_mean
    from comfyvn.source.render import plain, print_diagnostics

    ending = args.file.suffix.lower() if args.file is not None else ""
    if args.format is None and ending not in ("", *FORMATS):
        endings = ", ".join(FORMATS)
        print(
            f"cannot write `{plain(ending)}`: name a file that ends in one of {endings}, or say "
            "what to write with --format",
            file=sys.stderr,
        )
        return 2
    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    program = compiled.program
    known = [*loaded.characters, NARRATOR]
    languages = [program["language"], *program.get("translations", {})]
    language = args.language or program["language"]
    for what, name, names in (
        *(("character", each, known) for each in args.characters),
        ("language", language, languages),
    ):
        if name not in names:
            help = did_you_mean(name, names) or f"there are {', '.join(names)}"
            print(f"no {what} `{name}`: {help}", file=sys.stderr)
            return 2
    who = [NOBODY if name == NARRATOR else name for name in args.characters]
    timeline = loaded.timelines.get(loaded.project.timeline or "")
    order = [scene for chapter in timeline.chapters for scene in chapter.scenes] if timeline else []
    order += play_order(program)
    takes = recording_script(program, who, language, files_below(root), order)
    if args.missing:
        takes = [take for take in takes if not take.recorded]
    chosen = args.format or FORMATS.get(ending, "text")
    title = ", ".join(
        [
            loaded.project.title,
            *(loaded.characters[n].name if n in loaded.characters else n for n in args.characters),
        ]
    )
    if chosen == "csv":
        text = as_csv(takes)
    elif chosen == "html":
        text = as_html(takes, title, language)
    else:
        text = as_text(takes)
    if args.file is None:
        sys.stdout.write(text)
        return 0
    try:
        args.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"cannot write {args.file}: {error.strerror}", file=sys.stderr)
        return 3
    lines = f"{len(takes)} line{'' if len(takes) == 1 else 's'}"
    say(args, f"wrote {args.file}: {lines}")
    return 0
