"""`comfyvn publish --ack NAME`: show a licence's text, and write down who has read it."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from comfyvn.cli.common import say


def acknowledge_text(root: Path, args: argparse.Namespace) -> int:
    """Acknowledge a text; return 0, 1 (not acknowledged), 2 (no such text) or 3."""
    from comfyvn.advisory.acknowledge import acknowledge, names, text_of
    from comfyvn.model.policy import Acknowledgement
    from comfyvn.source.nearest import nearest

    known = names(root)
    if args.ack not in known:
        near = nearest(args.ack, known)
        hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known) or 'none'}"
        print(f"no licenses/{args.ack}.yaml; {hint}", file=sys.stderr)
        return 2
    if not args.by:
        print("`--ack` wants `--by WHO`: who has read the text", file=sys.stderr)
        return 2
    try:
        text, digest = text_of(root, args.ack)
    except OSError as error:
        print(f"cannot read licenses/{args.ack}.txt: {error.strerror}", file=sys.stderr)
        return 1
    print(text.rstrip("\n"))
    sys.stdout.flush()
    if not args.yes:
        if not sys.stdin.isatty():
            print("nobody is there to ask: add `--yes` once you have read it", file=sys.stderr)
            return 2
        print(f"\n{args.by} has read and accepts this text [y/N] ", end="", file=sys.stderr)
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            print("not acknowledged", file=sys.stderr)
            return 1
    entry = Acknowledgement(
        sha256=digest, by=args.by, date=date.today().isoformat(), notes=args.notes
    )
    try:
        new = acknowledge(root, args.ack, entry)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"cannot write licenses/{args.ack}.yaml: {error.strerror}", file=sys.stderr)
        return 3
    what = "acknowledged" if new else "was acknowledged before"
    say(args, f"licenses/{args.ack}.txt {what} by {args.by} (sha256 {digest[:12]}…)")
    return 0
