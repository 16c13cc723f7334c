"""`comfyvn build --verify`: whether a build makes the same bytes anywhere."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from comfyvn.cli.common import say


def verify_builds(root: Path, targets: Sequence[str], args: argparse.Namespace) -> int:
    """Build twice and compare; return 0, 1 (files differ, or the sources say no) or 3."""
    from comfyvn.plan.rules import read_rules
    from comfyvn.plan.trust import check_trust
    from comfyvn.plan.verify import as_json, verify
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    rules = read_rules(root, Diagnostics(), keep=False).declared
    if check_trust(root, rules, out, trust=args.trust):
        print_diagnostics(out, root)
        return 1
    # The project is trusted, if it has to be, and so are its copies.
    arguments = ["--profile", args.profile, *(["--offline"] if args.offline else ())]
    arguments += ["--trust"]
    try:
        with tempfile.TemporaryDirectory(prefix="comfyvn-verify-") as scratch:
            found = verify(root, targets, Path(scratch), arguments)
    except OSError as error:
        print(f"cannot verify: {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    if args.json:
        print(as_json(found))
    if found.failed:
        print(found.failed, file=sys.stderr)
        print(
            "a build in a folder of its own failed, so that there is nothing to compare",
            file=sys.stderr,
        )
        return 1
    for each in found.differences:
        where = "is in one of the builds only" if each.at is None else f"differs at byte {each.at}"
        by = f"; `{each.step}` wrote it" if each.step else "; no step wrote it"
        print(f"{each.path} {where}{by}", file=sys.stderr)
    for path in found.changing:
        say(args, f"{path} differs, as its rule says it may (`reproducible: false`)")
    if found.differences:
        print(f"{len(found.differences)} of {found.files} files differ", file=sys.stderr)
        return 1
    one, two = found.places
    say(
        args,
        f"{found.files} files are the same, byte for byte, in two folders, with the time of "
        f"{one.zone} and {two.zone}, locale {one.locale} and {two.locale}, hash seed {one.seed} "
        f"and {two.seed}",
    )
    return 0
