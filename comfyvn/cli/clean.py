"""`comfyvn clean`: remove what was built."""

from __future__ import annotations

import argparse
import json
import sys

from comfyvn.cli.common import add_project_options, knows_targets, project_at, say
from comfyvn.cli.quick import TARGETS
from comfyvn.cli.reasons import size


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "clean",
        help="remove what was built",
        description="Remove the files that builds wrote into build/. Files there that no build "
        "wrote stay. The next build puts everything back from what it keeps in .comfyvn/; with "
        "--all that is removed too, but for your saves.",
    )
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"{' or '.join(TARGETS)} (default: all)"
    )
    add_project_options(parser)
    parser.add_argument(
        "--all", action="store_true", help="remove what builds keep in .comfyvn/ too"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Remove; return 0, 1 (no project), 2 (no such target) or 3 (something cannot be removed)."""
    from comfyvn.plan.clean import clean

    if not knows_targets(args.targets):
        return 2
    if args.all and args.targets:
        print("--all removes the state of all targets: name none", file=sys.stderr)
        return 2
    root = project_at(args.directory)
    if root is None:
        return 1
    targets = () if "all" in args.targets else args.targets
    try:
        done = clean(root, targets, state=args.all, dry=args.dry_run)
    except OSError as error:
        print(f"cannot remove {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    if args.json:
        print(json.dumps({"dry_run": args.dry_run} | done._asdict(), ensure_ascii=False))
    count = len(done.files)
    verb = "would remove" if args.dry_run else "removed"
    what = f"{count} file{'' if count == 1 else 's'} ({size(done.size)})" if count else "nothing"
    say(args, f"{verb} {what} in build" + (" and the state in .comfyvn" if args.all else ""))
    if done.left:
        more = f" and {len(done.left) - 1} more" if len(done.left) > 1 else ""
        say(args, f"left {done.left[0]}{more}, which no build wrote")
    return 0
