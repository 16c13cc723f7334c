"""A build or check that has nothing to do is answered here, before the command line is imported."""

from __future__ import annotations

import os
import sys
import time

from comfyvn.engine.ledger import append_null
from comfyvn.engine.manifest import STATE, Look, null_build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from comfyvn.source.render import Format

TARGETS = ("renpy", "web")
CHECK = "check"
"""Both the folder below `.comfyvn` and the summary of checks (`comfyvn.plan.check`)."""
OF_THE_MACHINE = "VN1303"
"""The finding that something is not installed: by now it may be."""


def quick(arguments: list[str], looks: list[Look]) -> int | None:
    """Answer a build that has nothing to do, before anything is imported; else return None.

    Args:
        arguments: what stands after `build`. Options but `-C`, `-q` and `--json` are not for here.
        looks: gets what was seen of the sources, if there is something to do.
    """
    asked = _asked(arguments, ("--quiet", "--json"), (*TARGETS, "all"))
    if asked is None:
        return None
    root, options, named = asked
    names = [name for each in named for name in (TARGETS if each == "all" else (each,))]
    try:
        done = null_build(root, dict.fromkeys(names), looks)
    except OSError:
        return None
    if done is None:
        return None
    findings: list[object] = []
    for summary in done.values():
        # Targets share most of what was found.
        findings += [each for each in _listed(summary.pop("findings")) if each not in findings]
    if any(OF_THE_MACHINE in str(each) for each in findings):
        return None
    if findings:
        _print(findings, root, "text", sys.stderr)
    held = {target: int(str(summary["reused"])) for target, summary in done.items()}
    append_null(os.path.join(root, STATE), held)
    for target, summary in done.items():
        if "--json" in options:
            import json

            print(json.dumps(summary))
        if "--quiet" not in options:
            print(f"{target}: nothing to do, {summary['reused']} steps hold", file=sys.stderr)
    return 0


def quick_check(arguments: list[str]) -> int | None:
    """Answer a check that has nothing to do, before anything is imported; else return None.

    Args:
        arguments: what stands after `check`; of options `-C`, `-q`, `--strict`, `--json`.
    """
    asked = _asked(arguments, ("--quiet", "--strict", "--json"), ())
    if asked is None:
        return None
    root, options, _ = asked
    quiet, as_json = "--quiet" in options, "--json" in options
    try:
        done = null_build(root, [CHECK], None, f"{STATE}/{CHECK}")
    except OSError:
        return None
    said = done[CHECK] if done else {}
    if not said or not _is_as_then(said):
        return None
    found = _listed(said["findings"])
    shown = [each for each in found if not quiet or _severity(each) != "note"]
    if shown or as_json:
        _print(shown, root, "json" if as_json else "text", sys.stdout)
    elif not quiet:
        print("no findings")
    stopping = ("error", "warning") if "--strict" in options else ("error",)
    return 1 if any(_severity(each) in stopping for each in found) else 0


def _asked(
    arguments: list[str], flags: tuple[str, ...], names: tuple[str, ...]
) -> tuple[str, set[str], list[str]] | None:
    """Return the folder of the project, the options and the names; None if there is more to it."""
    root = "."
    options: set[str] = set()
    named: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "-C":
            root = next(words, "")
        elif word == "-q":
            options.add("--quiet")
        elif word in flags:
            options.add(word)
        elif word in names:
            named.append(word)
        else:
            return None
    root = _project(root) if root else ""
    return (root, options, named) if root else None


def _is_as_then(said: dict[str, object]) -> bool:
    """Whether this machine is as it was, and no waiver ended since."""
    if not str(said["since"]) <= time.strftime("%Y-%m-%d") <= str(said["until"]):
        return False
    if said["python"] != [sys.version, *sys.path]:
        return False
    told, stamps = said["told"], said["stamps"]
    if not isinstance(told, dict) or not isinstance(stamps, dict):
        return False
    return all(os.environ.get(name, "") == value for name, value in told.items()) and all(
        _stamp(path) == stamp for path, stamp in stamps.items()
    )


def _stamp(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return -1


def _project(root: str) -> str:
    """Return the folder of the project that a folder is in; empty if there is none."""
    root = os.path.abspath(root)
    if not os.path.isdir(root):
        return ""
    while not os.path.isfile(os.path.join(root, "vn.yaml")):
        above = os.path.dirname(root)
        if above == root:
            return ""
        root = above
    return root


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _severity(finding: object) -> object:
    """Return the severity of a finding, as `comfyvn.engine.findings` has it."""
    return finding[1] if isinstance(finding, list) else ""


def _print(findings: list[object], root: str, format: Format, stream: TextIO) -> None:
    """Say again what was said when what holds was made or found."""
    from pathlib import Path

    from comfyvn.engine.findings import from_json
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    said = Diagnostics(map(from_json, findings))
    print_diagnostics(said, Path(root), format, stream)
