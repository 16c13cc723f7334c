"""`comfyvn test`: plays the playtests of a project, on any target."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, compile_at, say
from comfyvn.source.files import read_file

if TYPE_CHECKING:
    from comfyvn.model.playtest_files import Placed
    from comfyvn.model.project import Content
    from comfyvn.play.junit import Case
    from comfyvn.play.playtest import Judge, Outcome
    from comfyvn.play.playthrough import Played
    from comfyvn.play.runtime import Record
    from comfyvn.play.story_diff import Difference
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
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="say what of the story no playtest comes to",
    )
    parser.add_argument(
        "--record",
        metavar="DIR",
        type=Path,
        help="where what was shown is kept (default: .comfyvn/test in the project)",
    )
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write the results as JUnit XML")
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object for each playtest and target"
    )


def run(args: argparse.Namespace) -> int:
    """Test; return 0, 1 (the sources or a test say no), 2 (no such test) or 3 (a target does)."""
    from comfyvn.model.playtest_files import playtests_of
    from comfyvn.play.playtest import Judge
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    if args.update and os.environ.get("CI"):
        print("goldens are reviewed by people: `--update` does nothing in CI", file=sys.stderr)
        return 2
    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    out.clear()
    placed = playtests_of(root, out)
    print_diagnostics(out, root)
    unread = out.has_errors
    chosen = _chosen(placed, args.names, broken=unread)
    out.clear()
    if chosen is None:
        return 1 if unread else 2
    if not chosen:
        if not unread:
            say(args, "no playtests: write some in playtests/ (docs/playtests.md)")
        return 1 if unread else 0
    judge = Judge(compiled)
    targets = tuple(dict.fromkeys(args.on or ("interpreter",)))
    content = {str(target): each for target, each in loaded.project.content.items()}
    code = _run(args, root, judge, content, chosen, targets, out)
    if unread:
        say(args, "what is wrong in playtests/ was not played")
    elif not args.names:
        _tell_orphans(args, root, placed)
    return code or int(unread)


def _chosen(placed: Sequence[Placed], names: Sequence[str], *, broken: bool) -> list[Placed] | None:
    """Return the playtests that are asked for; None, having said so, if there is no such.

    Where some are `broken`, which was said, the one that is not there may be among them.
    """
    from comfyvn.source.nearest import did_you_mean

    known = {each.name for each in placed} | {each.path for each in placed}
    for name in names:
        if name not in known and not broken:
            help = did_you_mean(name, known) or "see playtests/"
            print(f"no playtest `{name}`; {help}", file=sys.stderr)
            return None
    return [each for each in placed if not names or {each.name, each.path} & set(names)]


def _tell_orphans(args: argparse.Namespace, root: Path, placed: Sequence[Placed]) -> None:
    """Say which goldens are of no playtest any more."""
    from comfyvn.play.golden import FOLDER, golden_path

    wanted = {golden_path(root, each.name) for each in placed if each.test.golden}
    for path in sorted(set((root / FOLDER).glob("*.txt")) - wanted):
        say(args, f"{path.relative_to(root).as_posix()} is of no playtest; delete it")


def _run(
    args: argparse.Namespace,
    root: Path,
    judge: Judge,
    content: Mapping[str, Content],
    chosen: Sequence[Placed],
    targets: Sequence[str],
    out: Diagnostics,
) -> int:
    from comfyvn.cli.main import INTERRUPTED
    from comfyvn.drivers.renpy_sdk import RenpyError
    from comfyvn.play.junit import junit
    from comfyvn.source.diagnostics import Diagnostics

    kept = _Kept(args, root)
    cases: list[Case] = []
    outcomes: list[Outcome] = []
    differences: list[tuple[str, Difference]] = []
    for placed in chosen:
        began = time.monotonic()
        found = Diagnostics()
        reviewed = _reviewed(root, placed, found)
        outcome = judge.judge(placed, _taken(reviewed))
        if found:
            outcome.findings.extend(found)
        else:
            differences += _hold_golden(root, judge, outcome, reviewed, update=args.update)
        outcomes.append(outcome)
        if "interpreter" in targets:
            seconds = time.monotonic() - began
            case = _told(args, outcome, "interpreter", seconds, outcome.findings)
            cases.append(case)
            played = outcome.failing or (None if outcome.walks else outcome.played)
            if played is not None:
                kept.keep(outcome, case, played, played.records)
        out += outcome.findings
    code = 0
    for target in targets:
        if target == "interpreter":
            continue
        why = ""
        try:
            if failed := _on(args, root, judge, content, outcomes, target, cases, kept, out):
                code, why = max(code, failed), f"{target} could not be built"
        except (OSError, ImportError, RuntimeError, RenpyError) as error:
            code, why = 3, f"{target} could not play: {error}"
            print(why, file=sys.stderr)
        if code == INTERRUPTED:
            return code
        if why:
            told = {case.name for case in cases if case.target == target}
            cases += [
                _told(args, each, target, 0.0, Diagnostics(), failure=why)
                for each in outcomes
                if each.placed.name not in told
            ]
    _print(args, root, judge, out, differences, kept)
    if args.junit is not None:
        try:
            args.junit.parent.mkdir(parents=True, exist_ok=True)
            args.junit.write_bytes(junit(cases))
        except OSError as error:
            print(f"cannot write `{args.junit}`: {error.strerror}", file=sys.stderr)
            code = 3
    if args.coverage:
        _print_coverage(args, judge, outcomes)
    failed = sum(bool(case.failures) for case in cases)
    skipped = sum(bool(case.skipped) for case in cases)
    counts = [f"{len(cases) - failed - skipped} passed"]
    counts += [f"{failed} failed"] * bool(failed) + [f"{skipped} left out"] * bool(skipped)
    say(args, ", ".join(counts))
    if failed and kept.folder is not None:
        say(args, f"what they showed is in {kept.shown}")
    if code or kept.failed:
        return code or 3
    return 1 if failed or out.has_errors else 0


class _Kept:
    """The folder in which what was shown is kept, those of the last run alone."""

    def __init__(self, args: argparse.Namespace, root: Path) -> None:
        from comfyvn.engine.manifest import STATE
        from comfyvn.play.recorded import FOLDER

        self.asked = args.record is not None
        self.folder: Path | None = args.record or root / STATE / FOLDER
        self.shown = str(args.record or f"{STATE}/{FOLDER}")
        self.failed = False
        if not self.asked:
            shutil.rmtree(root / STATE / FOLDER, ignore_errors=True)

    def keep(self, outcome: Outcome, case: Case, played: Played, records: Sequence[Record]) -> None:
        """Write what was shown. A project that cannot be written to is tested all the same."""
        from comfyvn.play.playtest import shown_route
        from comfyvn.play.recorded import record

        if self.folder is None:
            return
        route = shown_route(outcome.placed, played)
        try:
            record(self.folder, case.target, outcome.placed, route, case.failures, played, records)
        except OSError as error:
            self.folder = None
            if self.asked:
                self.failed = True
                print(f"cannot write `{error.filename}`: {error.strerror}", file=sys.stderr)


def _print(
    args: argparse.Namespace,
    root: Path,
    judge: Judge,
    out: Diagnostics,
    differences: Sequence[tuple[str, Difference]],
    kept: _Kept,
) -> None:
    """Print what was found, then how stories differ."""
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    shown = (each for each in out if each.severity != "note" or not args.quiet)
    print_diagnostics(Diagnostics(shown), root)
    if differences:
        from comfyvn.cli.playtest_text import print_difference

        more = f"{kept.shown}/interpreter has the whole story" if kept.folder else "see `git diff`"
        for name, difference in differences:
            print_difference(difference, name, judge.compiled.source_map, more)


def _print_coverage(args: argparse.Namespace, judge: Judge, outcomes: Sequence[Outcome]) -> None:
    from comfyvn.cli.playtest_text import print_coverage
    from comfyvn.play.coverage import coverage

    covered = coverage(judge.story.program, outcomes)
    spots = judge.compiled.source_map
    if not args.json:
        print_coverage(covered, spots)
        return
    told = {}
    for each in covered:
        missed = [
            {**it._asdict(), "path": path, "line": line}
            for it in each.missed
            for path, line, _ in [spots[it.id]]
        ]
        counts = {"total": each.total, "by_routes": each.by_routes, "covered": each.covered}
        told[each.kind] = {**counts, "missed": missed}
    print(json.dumps({"coverage": told}, ensure_ascii=False))


def _told(
    args: argparse.Namespace,
    outcome: Outcome,
    target: str,
    seconds: float,
    findings: Diagnostics,
    *,
    skipped: str = "",
    failure: str = "",
) -> Case:
    """Print the result of a playtest; return it."""
    from comfyvn.play.junit import Case

    placed = outcome.placed
    errors = [each for each in findings if each.severity == "error"]
    failures = tuple(f"{each.span.path}:{each.span.line}: {each.message}" for each in errors)
    failures = (failure, *failures) if failure else failures
    line = placed.span.line
    case = Case(target, placed.name, placed.path, line, seconds, failures, skipped)
    if args.json:
        result = {
            "playtest": case.name,
            "target": target,
            "passed": not failures and not skipped,
            "failures": list(failures),
            "records": len(outcome.played.records) if outcome.played else 0,
            "walks": len(outcome.walks),
        }
        print(json.dumps({**result, "skipped": skipped} if skipped else result))
    elif skipped:
        say(args, f"left out {case.name} on {target}: {skipped}")
    else:
        walks = f", {len(outcome.walks)} walks" if outcome.walks else ""
        say(args, f"{'FAILED' if failures else 'passed'} {case.name} on {target}{walks}")
    return case


def _reviewed(root: Path, placed: Placed, out: Diagnostics) -> str | None:
    """Return the golden of a playtest; None if it has none, or one that cannot be read."""
    from comfyvn.play.golden import golden_path

    path = golden_path(root, placed.name)
    try:
        if not placed.test.golden or not path.exists():
            return None
        return read_file(path).decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeError) else error.strerror
        name = path.relative_to(root).as_posix()
        help = "move it away, and write it anew with `comfyvn test --update`"
        out.error("VN2011", f"cannot read `{name}`: {why}", placed.at("golden"), help)
        return None


def _taken(reviewed: str | None) -> Sequence[tuple[str, str]]:
    from comfyvn.play.golden import taken

    return taken(reviewed) if reviewed else ()


def _hold_golden(
    root: Path, judge: Judge, outcome: Outcome, reviewed: str | None, *, update: bool
) -> list[tuple[str, Difference]]:
    """Compare what a playtest shows with its golden, or write that; return how they differ."""
    from comfyvn.play.golden import golden, golden_path
    from comfyvn.play.story_diff import difference
    from comfyvn.source.diagnostics import Diagnostic

    placed, played = outcome.placed, outcome.played
    if not placed.test.golden or played is None:
        return []
    path = golden_path(root, placed.name)
    shown = golden(played.records)
    name = path.relative_to(root).as_posix()
    found = difference(reviewed or "", shown, judge.trail)
    if update and outcome.findings.has_errors:
        print(f"{name} is left as it is: `{placed.name}` fails", file=sys.stderr)
        return []
    if update:
        if reviewed != shown:
            try:
                path.parent.mkdir(exist_ok=True)
                path.write_text(shown, encoding="utf-8", newline="\n")
            except OSError as error:
                said = f"cannot write `{name}`: {error.strerror}"
                outcome.findings.error("VN2011", said, placed.at("golden"))
                return []
            print(f"wrote {name}: review it before you commit it", file=sys.stderr)
        return [(name, found)] if reviewed is not None and found.differs else []
    span = placed.at("golden")
    if reviewed is None:
        help = "write it with `comfyvn test --update`, and review it"
        outcome.findings.error("VN2011", f"there is no `{name}` yet", span, help)
        return []
    if found.followed:
        old, new = found.followed[0].old, found.followed[0].new
        assert old is not None
        assert new is not None
        said = f"`{name}` has lines by ids that were deleted, such as `{old.id}`, now `{new.id}`"
        help = "`comfyvn test --update` writes them as they are now"
        outcome.findings.append(Diagnostic("VN2006", "note", said, span, help))
    if not found.differs:
        return []
    outcome.findings.error(
        "VN2011",
        f"what is shown is not what `{name}` has",
        span,
        "if that is meant, `comfyvn test --update` writes it anew",
    )
    return [(name, found)]


def _on(
    args: argparse.Namespace,
    root: Path,
    judge: Judge,
    content: Mapping[str, Content],
    outcomes: Sequence[Outcome],
    target: str,
    cases: list[Case],
    kept: _Kept,
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
    playable: list[tuple[Outcome, Sequence[Played]]] = []
    runs = _runs_on(root, judge, content.get(target))
    for each in outcomes:
        found = runs(each)
        if isinstance(found, str):
            cases.append(_told(args, each, target, 0.0, Diagnostics(), skipped=found))
        elif found:
            playable.append((each, found))
        else:
            cases.append(_told(args, each, target, 0.0, each.findings))
    began = time.monotonic()
    runtime = runtime_on(target, root / "build", judge.story.program)
    transcripts = iter(runtime.play([played.run for _, every in playable for played in every]))
    seconds = (time.monotonic() - began) / max(len(playable), 1)
    for outcome, every in playable:
        told = Diagnostics()
        failing: tuple[Played, list[Record]] | None = None
        for number, played in enumerate(every):
            records = next(transcripts)
            if number == 0 and not outcome.walks:
                failing = played, records
            if told or records == played.records:
                continue
            failing = played, records
            told.error(
                "VN2012",
                f"{target} does not show what the interpreter does",
                outcome.placed.span,
                f"{_parted(played.records, records, target)}; "
                f"{shown_route(outcome.placed, played)}",
            )
        findings = Diagnostics([*outcome.findings, *told])
        cases.append(_told(args, outcome, target, seconds, findings))
        if failing is not None:
            kept.keep(outcome, cases[-1], *failing)
        out += told
    return 0


def _runs_on(
    root: Path, judge: Judge, content: Content | None
) -> Callable[[Outcome], Sequence[Played] | str]:
    """Return what gives the play-throughs of a playtest on a target, or why it has none."""
    from comfyvn.play.answers import RefusedAnswerError
    from comfyvn.play.fitted import Fitted, cut_on
    from comfyvn.story.content import fit_program
    from comfyvn.story.interpreter import Story

    cut = cut_on(root, content)
    program = judge.story.program
    fitted = Fitted(judge.story, Story(fit_program(program, cut))) if cut else None

    def runs(outcome: Outcome) -> Sequence[Played] | str:
        if outcome.placed.begins_elsewhere:
            return "a built game begins where the story does"
        if fitted is None or outcome.played is None:
            return outcome.every
        try:
            return fitted.runs(outcome)
        except RefusedAnswerError as error:
            return str(error)

    return runs


def _parted(ours: Sequence[Record], theirs: Sequence[Record], target: str) -> str:
    """Return where two transcripts part, in words."""
    from comfyvn.play.golden import entries, golden

    pairs = enumerate(zip(ours, theirs, strict=False))
    number = next((i for i, (a, b) in pairs if a != b), min(len(ours), len(theirs)))
    before = entries(golden(ours[:number]))
    one, other = (golden(each[: number + 1]).splitlines()[len(before) :] for each in (ours, theirs))
    if one == other:
        # What differs is nothing that is read.
        one, other = (
            [json.dumps(record, ensure_ascii=False) for record in each[number : number + 1]]
            for each in (ours, theirs)
        )
    after = f"after `{before[-1].text}` " if before else ""
    shown = (" / ".join(line.strip() for line in each) or "nothing" for each in (one, other))
    return f"{after}the interpreter has `{next(shown)}`, {target} `{next(shown)}`"
