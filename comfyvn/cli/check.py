"""`comfyvn check`: everything that is wrong with a project, and nothing written."""

from __future__ import annotations

import argparse
import sys

from comfyvn.cli.common import add_project_options, examine, report_stale_lock

FORMATS = ("text", "json", "sarif", "github")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "check",
        help="say everything that is wrong with a project",
        description="Read, resolve and check all sources of a project in one run, its rules, "
        "and that its sounds have files. Nothing is written; new lines get provisional ids.",
    )
    add_project_options(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--format", choices=FORMATS, default="text")
    how.add_argument(
        "--json", dest="format", action="store_const", const="json", help="short for --format json"
    )
    parser.add_argument("--strict", action="store_true", help="let warnings fail too, as in CI")
    parser.add_argument(
        "--locked", action="store_true", help="fail if vn.lock is not up to date, as in CI"
    )


def run(args: argparse.Namespace) -> int:
    """Check; return 0, or 1 when there are errors (under --strict: or warnings)."""
    from comfyvn.model.find import PROJECT_FILE
    from comfyvn.plan.rules import read_rules
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    root, _, compiled = examine(args.directory, out)
    if (root / PROJECT_FILE).is_file():
        read_rules(root, out, keep=False)
    if args.locked:
        report_stale_lock(root, compiled, out)
    if args.quiet:
        out[:] = [item for item in out if item.severity != "note"]
    print_diagnostics(out, root, args.format, sys.stdout)
    if not out and args.format == "text" and not args.quiet:
        print("no findings")
    stopping = ("error", "warning") if args.strict else ("error",)
    return 1 if any(item.severity in stopping for item in out) else 0
