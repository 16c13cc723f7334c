"""A build that has nothing to do is answered here, before the command line itself is imported."""

from __future__ import annotations

import os
import sys

from comfyvn.engine.ledger import append_null
from comfyvn.engine.manifest import STATE, Look, null_build

TARGETS = ("renpy", "web")
OF_THE_MACHINE = "VN1303"
"""The finding that something is not installed: by now it may be."""


def quick(arguments: list[str], looks: list[Look]) -> int | None:
    """Answer a build that has nothing to do, before anything is imported; else return None.

    Args:
        arguments: what stands after `build`. Options but `-C`, `-q` and `--json` are not for here.
        looks: gets what was seen of the sources, if there is something to do.
    """
    names: list[str] = []
    root, quiet, as_json = ".", False, False
    words = iter(arguments)
    for word in words:
        if word == "-C":
            root = next(words, "")
        elif word in ("-q", "--quiet"):
            quiet = True
        elif word == "--json":
            as_json = True
        elif word == "all":
            names += TARGETS
        elif word.startswith("-") or word not in TARGETS:
            return None
        else:
            names.append(word)
    root = os.path.abspath(root)
    if not os.path.isdir(root):
        return None
    while not os.path.isfile(os.path.join(root, "vn.yaml")):
        above = os.path.dirname(root)
        if above == root:
            return None
        root = above
    try:
        done = null_build(root, dict.fromkeys(names), looks)
    except OSError:
        return None
    if done is None:
        return None
    findings = [each for summary in done.values() for each in _listed(summary.pop("findings"))]
    if any(OF_THE_MACHINE in str(each) for each in findings):
        return None
    if findings:
        _print(findings, root)
    held = {target: int(str(summary["reused"])) for target, summary in done.items()}
    append_null(os.path.join(root, STATE), held)
    for target, summary in done.items():
        if as_json:
            import json

            print(json.dumps(summary))
        if not quiet:
            print(f"{target}: nothing to do, {summary['reused']} steps hold", file=sys.stderr)
    return 0


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _print(findings: list[object], root: str) -> None:
    """Say again what the build said that made what holds."""
    from pathlib import Path

    from comfyvn.engine.findings import from_json
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    said = dict.fromkeys(map(from_json, findings))
    print_diagnostics(Diagnostics(said), Path(root))
