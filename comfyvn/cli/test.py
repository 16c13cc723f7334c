"""`comfyvn test`: plays the playtests of a project, on any target."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.cli.common import add_project_options, compile_at, say

if TYPE_CHECKING:
    from comfyvn.play.junit import Case
    from comfyvn.play.playtest import Outcome, Placed
    from comfyvn.play.runtime import Record
    from comfyvn.source.diagnostics import Diagnostics

TARGETS = ("interpreter", "web", "renpy")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "test",
        help="play the playtests of a project",
        description="Play what playtests/*.yaml say, and compare what comes of it with what they "
        "expect and with the reviewed goldens/. On another target than the interpreter, the target "
        "is built, and must show the same, record by record.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="playtests, or files of them (default: all)"
    )
    add_project_options(parser)
    parser.add_argument(
        "--on",
        action="append",
        choices=TARGETS,
        help="what plays (default: interpreter); may be given several times",
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help="write goldens/ as the story is now, for you to review; never in CI",
    )
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write the results as JUnit XML")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object for each playtest and target"
    )


def run(args: argparse.Namespace) -> int:
    """Test; return 0, 1 (the sources or a test say no), 2 (no such test) or 3 (a target does)."""
    from comfyvn.play.playtest import Judge, read_playtests
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    if args.update and os.environ.get("CI"):
        print("goldens are reviewed by people: `--update` does nothing in CI", file=sys.stderr)
        return 2
    out = Diagnostics()
    root, _, compiled = compile_at(args.directory, out)
    if compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    out.clear()
    try:
        placed = read_playtests(root, out)
    except OSError as error:
        print(f"cannot read `{error.filename}`: {error.strerror}", file=sys.stderr)
        return 3
    chosen = _chosen(placed, args.names)
    if chosen is None:
        return 2
    print_diagnostics(out, root)
    if not chosen:
        say(args, "no playtests: write some in playtests/ (docs/playtests.md)")
        return 1 if out.has_errors else 0
    judge = Judge(compiled)
    targets = tuple(dict.fromkeys(args.on or ("interpreter",)))
    return _run(args, root, judge, chosen, targets, out)


def _chosen(placed: Sequence[Placed], names: Sequence[str]) -> list[Placed] | None:
    """Return the playtests that are asked for; None, having said so, if there is no such."""
    from comfyvn.source.nearest import did_you_mean

    known = {each.name for each in placed} | {each.path for each in placed}
    for name in names:
        if name not in known:
            help = did_you_mean(name, known) or "see playtests/"
            print(f"no playtest `{name}`; {help}", file=sys.stderr)
            return None
    return [each for each in placed if not names or {each.name, each.path} & set(names)]


def _run(
    args: argparse.Namespace,
    root: Path,
    judge: Any,
    chosen: Sequence[Placed],
    targets: Sequence[str],
    out: Diagnostics,
) -> int:
    from comfyvn.drivers.renpy_sdk import RenpyError
    from comfyvn.play.junit import junit
    from comfyvn.source.render import print_diagnostics

    cases: list[Case] = []
    outcomes: list[Outcome] = []
    changes: list[str] = []
    for placed in chosen:
        began = time.monotonic()
        outcome = judge.judge(placed)
        changes += _hold_golden(root, outcome, update=args.update)
        outcomes.append(outcome)
        if "interpreter" in targets:
            seconds = time.monotonic() - began
            cases.append(_told(args, outcome, "interpreter", seconds, outcome.findings))
        out += outcome.findings
    code = 0
    for target in targets:
        if target == "interpreter":
            continue
        try:
            code = max(code, _on(args, root, judge, outcomes, target, cases, out))
        except (OSError, ImportError, RuntimeError, RenpyError) as error:
            print(f"{target} could not play: {error}", file=sys.stderr)
            code = 3
    print_diagnostics(out, root)
    if changes:
        print("\n".join(changes), file=sys.stderr)
    if args.junit is not None:
        args.junit.parent.mkdir(parents=True, exist_ok=True)
        args.junit.write_bytes(junit(cases))
    failed = sum(bool(case.failures) for case in cases)
    say(
        args, f"{len(cases) - failed} passed, {failed} failed" if failed else f"{len(cases)} passed"
    )
    if code:
        return code
    return 1 if failed or out.has_errors else 0


def _told(
    args: argparse.Namespace,
    outcome: Outcome,
    target: str,
    seconds: float,
    findings: Diagnostics,
) -> Case:
    """Print the result of a playtest; return it."""
    from comfyvn.play.junit import Case

    placed = outcome.placed
    errors = [each for each in findings if each.severity == "error"]
    failures = tuple(f"{each.span.path}:{each.span.line}: {each.message}" for each in errors)
    case = Case(target, placed.name, placed.path, placed.span.line, seconds, failures)
    if args.json:
        print(
            json.dumps(
                {
                    "playtest": case.name,
                    "target": target,
                    "passed": not failures,
                    "failures": list(failures),
                    "records": len(outcome.played.records) if outcome.played else 0,
                    "walks": len(outcome.walks),
                }
            )
        )
    else:
        walks = f", {len(outcome.walks)} walks" if outcome.walks else ""
        say(args, f"{'FAILED' if failures else 'passed'} {case.name} on {target}{walks}")
    return case


def _hold_golden(root: Path, outcome: Outcome, *, update: bool) -> list[str]:
    """Compare what a playtest shows with its golden, or write that; return how they differ."""
    from comfyvn.play.golden import difference, golden, golden_path

    placed, played = outcome.placed, outcome.played
    if not placed.test.golden or played is None:
        return []
    path = golden_path(root, placed.name)
    shown = golden(played)
    name = path.relative_to(root).as_posix()
    if update and outcome.findings.has_errors:
        print(f"{name} is left as it is: `{placed.name}` fails", file=sys.stderr)
    elif update:
        old = path.read_text("utf-8") if path.exists() else ""
        if old != shown:
            path.parent.mkdir(exist_ok=True)
            path.write_text(shown, encoding="utf-8", newline="\n")
            print(f"wrote {name}: review it before you commit it", file=sys.stderr)
    if update:
        return []
    span = placed.at("golden")
    if not path.exists():
        help = "write it with `comfyvn test --update`, and review it"
        outcome.findings.error("VN2011", f"there is no `{name}` yet", span, help)
    elif told := difference(path.read_text("utf-8"), shown):
        outcome.findings.error(
            "VN2011",
            f"what is shown is not what `{name}` has",
            span,
            "if that is meant, `comfyvn test --update` writes it anew",
        )
        return [f"--- {name}", f"+++ {placed.name} now", *told]
    return []


def _on(
    args: argparse.Namespace,
    root: Path,
    judge: Any,
    outcomes: Sequence[Outcome],
    target: str,
    cases: list[Case],
    out: Diagnostics,
) -> int:
    """Play the same on a target, which must show the same; return what its build does."""
    from comfyvn.cli.main import main
    from comfyvn.play.playtest import shown_route
    from comfyvn.play.targets import runtime_on
    from comfyvn.source.diagnostics import Diagnostics

    quiet = ["-q"] if args.quiet else []
    if code := main(["build", target, "-C", str(root), *quiet]):
        return int(code)
    playable = [each for each in outcomes if each.played is not None]
    began = time.monotonic()
    runtime = runtime_on(target, root / "build", judge.story.program)
    transcripts = iter(runtime.play([each.run for one in playable for each in one.every]))
    seconds = (time.monotonic() - began) / max(len(playable), 1)
    for outcome in playable:
        found = Diagnostics()
        for played in outcome.every:
            records = next(transcripts)
            if found or records == played.records:
                continue
            number = _parted(played.records, records)
            ours = json.dumps(played.records[number : number + 1], ensure_ascii=False)
            theirs = json.dumps(records[number : number + 1], ensure_ascii=False)
            found.error(
                "VN2012",
                f"{target} does not show what the interpreter does, from record {number} on",
                outcome.placed.span,
                f"the interpreter has {ours}, {target} {theirs}; it is `comfyvn play "
                f"{shown_route(played)}`",
            )
        every = Diagnostics([*outcome.findings, *found])
        cases.append(_told(args, outcome, target, seconds, every))
        out += found
    return 0


def _parted(one: Sequence[Record], other: Sequence[Record]) -> int:
    """Return the number of the first record in which two transcripts differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
