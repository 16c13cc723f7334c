"""`comfyvn build`: sources to targets."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, examine, report_stale_lock, say

if TYPE_CHECKING:
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.story.compile import Compiled

TARGETS = {"renpy": "comfyvn.targets.renpy", "web": "comfyvn.targets.web"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "build",
        help="build a project's targets",
        description="Check a project and build its targets into build/<target>/. A build with "
        "errors writes nothing; what is already built stays.",
    )
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help=f"{', '.join(TARGETS)} or all (default: the targets that vn.yaml names)",
    )
    add_project_options(parser)
    parser.add_argument("--profile", choices=["draft", "release"], default="draft")
    parser.add_argument(
        "--locked", action="store_true", help="fail if vn.lock would change, as in CI"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object for each target at the end"
    )


def run(args: argparse.Namespace) -> int:
    """Build; return 0, 1 (the sources say no), 2 (no such target) or 3 (a folder says no)."""
    from comfyvn.plan.profiles import apply_profile
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.lock import LOCK_FILE
    from comfyvn.source.render import print_diagnostics
    from comfyvn.targets.files import write_atomic

    unknown = [name for name in args.targets if name not in TARGETS and name != "all"]
    if unknown:
        print(f"no target `{unknown[0]}`; there are {', '.join(TARGETS)} and all", file=sys.stderr)
        return 2
    out = Diagnostics()
    root, loaded, compiled = examine(args.directory, out)
    out[:] = apply_profile(out, args.profile)
    if args.locked:
        report_stale_lock(root, compiled, out)
    named = args.targets or (loaded.project.targets if loaded else TARGETS)
    wanted = list(TARGETS) if "all" in named else list(dict.fromkeys(named))
    results: list[dict[str, object]] = []
    code = 0
    if loaded is not None and compiled is not None and not out.has_errors:
        try:
            if not args.locked:
                write_atomic(root / LOCK_FILE, compiled.lock.write().encode())
            for name in wanted:
                results.append(_build(name, root, compiled, out, args))
        except OSError as error:
            print(f"cannot write {error.filename}: {error.strerror}", file=sys.stderr)
            code = 3
    print_diagnostics(out, root)
    if args.json:
        results += [_not_built(name, root) for name in wanted[len(results) :]]
        for result in results:
            print(json.dumps(result))
    return code or (1 if out.has_errors else 0)


def _not_built(name: str, root: Path) -> dict[str, object]:
    folder = str(root / "build" / name)
    return {"target": name, "ran": 0, "reused": 0, "failed": 1, "seconds": 0.0, "out": folder}


def _build(
    name: str, root: Path, compiled: Compiled, out: Diagnostics, args: argparse.Namespace
) -> dict[str, object]:
    from comfyvn.plan.profiles import apply_profile
    from comfyvn.source.diagnostics import Diagnostics

    started = time.monotonic()
    folder = root / "build" / name
    say(args, f"building {name} …")
    found = Diagnostics()
    build = importlib.import_module(TARGETS[name]).build
    changed: int = build(compiled.program, root, folder, found)
    # Each target looks for the assets again, and says again what is wrong with them.
    out += [item for item in apply_profile(found, args.profile) if item not in out]
    files = sum(path.is_file() for path in folder.rglob("*"))
    seconds = round(time.monotonic() - started, 3)
    say(args, f"built {name}: {changed} of {files} files changed, {seconds} s, in {folder}")
    return {
        "target": name,
        "ran": changed,
        "reused": max(files - changed, 0),
        "failed": 0,
        "seconds": seconds,
        "out": str(folder),
    }
