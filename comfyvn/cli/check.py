"""`comfyvn check`: everything that is wrong with a project; no source is written."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, find_at, say
from comfyvn.source.files import read_file

if TYPE_CHECKING:
    from comfyvn.engine.ran import Failure
    from comfyvn.source.diagnostics import Diagnostics

FORMATS = ("text", "json", "sarif", "github")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "check",
        help="say everything that is wrong with a project",
        description="Read, resolve and check all sources of a project in one run, its rules, "
        "and that its sounds have files. Without --fix no source is written; new lines get "
        "provisional ids. What was found out is kept in .comfyvn/check, so that the next check is "
        "quick.",
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
    parser.add_argument(
        "--fix", action="store_true", help="make the changes that findings offer, and check again"
    )


def run(args: argparse.Namespace) -> int:
    """Check; return 0, 1 (errors; under --strict: or warnings) or 3 (a step failed)."""
    from datetime import date

    from comfyvn.advisory.check import holds_until, judged
    from comfyvn.cli.failures import print_failures
    from comfyvn.engine.findings import as_json
    from comfyvn.plan.check import Checker
    from comfyvn.plan.machine import machine
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    failures: tuple[Failure, ...] = ()
    root = find_at(args.directory, out)
    if root is not None:
        try:
            today, here = date.today(), machine(os.environ)
            with Checker(root) as checker:
                checked = checker.check()
                found = judged(checked, today)
                if args.fix and _fix(args, root, found.findings):
                    checked = checker.check()
                    found = judged(checked, today)
                if here is not None:
                    days = {"since": str(today), "until": str(holds_until(checked, today))}
                    checker.sum_up({"findings": list(map(as_json, found.findings)), **days, **here})
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            print(f"cannot check: {where}{error.strerror or error}", file=sys.stderr)
            return 3
        out, failures = found.findings, checked.failures
        if args.locked and checked.stale and not out.has_errors:
            _report_stale_lock(root, checked.lock, out)
    if args.quiet:
        out[:] = [item for item in out if item.severity != "note"]
    print_diagnostics(out, root or args.directory, args.format, sys.stdout)
    failed = print_failures(failures, root or args.directory)
    if not out and not failures and args.format == "text" and not args.quiet:
        print("no findings")
    stopping = ("error", "warning") if args.strict else ("error",)
    if failed:
        return 3
    return 1 if any(item.severity in stopping for item in out) else 0


def _fix(args: argparse.Namespace, root: Path, found: Diagnostics) -> bool:
    """Make the changes that findings offer; return whether there were any."""
    from comfyvn.advisory.mend import edits_of, mended
    from comfyvn.engine.objects import update_file
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.text import read_source

    changed = edits_of(found)
    for path, edits in changed.items():
        data = read_file(root / path)
        new = mended(read_source(data, path, Diagnostics()), edits)
        if b"\r\n" in data:
            new = new.replace("\n", "\r\n")
        update_file(root / path, new.encode())
        say(args, f"changed {path}")
    return bool(changed)


def _report_stale_lock(root: Path, wanted: str, out: Diagnostics) -> None:
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.lock import Lock, read_lock, report_changes

    report_changes(read_lock(root, Diagnostics()), Lock.read(wanted, Diagnostics()), out)
