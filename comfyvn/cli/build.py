"""`comfyvn build`: sources to targets."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, knows_targets, positive, project_at, say
from comfyvn.cli.quick import TARGETS
from comfyvn.source.files import read_file

if TYPE_CHECKING:
    from comfyvn.engine.ran import Failure, Ran
    from comfyvn.plan.outcome import Options, Outcome, TargetOutcome
    from comfyvn.source.diagnostics import Diagnostic, Diagnostics


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "build",
        help="build a project's targets",
        description="Check a project and build its targets into build/<target>/. Only what depends "
        "on a change is made again. A build with errors in the sources leaves the targets as they "
        "are.",
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
        "-j",
        "--jobs",
        type=positive,
        default=0,
        metavar="N",
        help="cores to keep busy (default: all)",
    )
    parser.add_argument(
        "--locked", action="store_true", help="fail if vn.lock would change, as in CI"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say of each step that ran why it did, and of jobs why on that server",
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--dry-run", action="store_true", help="say what would run and for how long; write nothing"
    )
    instead.add_argument(
        "--verify",
        action="store_true",
        help="build twice in folders of their own and compare every byte; leaves build/ as it is",
    )
    parser.add_argument("--cache", metavar="URL", help="a cache shared with other machines")
    parser.add_argument("--cache-mode", choices=["read", "write"], help="may it be written")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler to send steps to (docs/cluster.md)"
    )
    parser.add_argument("--offline", action="store_true", help="reach nothing over a network")
    parser.add_argument(
        "--remote",
        action="store_true",
        help="use remote servers, where compute.yaml says `remote: ask`",
    )
    parser.add_argument(
        "--trust", action="store_true", help="let the project's own rules run programs, from now on"
    )
    parser.add_argument(
        "--sandbox",
        action="store_true",
        help="run every step where only its inputs exist, to prove what the rules declare",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object for each target at the end"
    )


def run(args: argparse.Namespace) -> int:
    """Build; return 0, 1 (the sources say no), 2 (no such target or cache) or 3 (a step)."""
    from comfyvn.cli.failures import print_failures
    from comfyvn.cli.progress import PlainProgress, TerminalProgress
    from comfyvn.engine.progress import Silent
    from comfyvn.plan.build import Builder
    from comfyvn.plan.outcome import Options
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import plain, print_diagnostics

    if not knows_targets(args.targets):
        return 2
    if args.cluster and args.offline:
        print("`--cluster` needs a network, which `--offline` forbids", file=sys.stderr)
        return 2
    if args.cache:
        from comfyvn.plan.shared_cache import check_scheme

        try:
            check_scheme(args.cache)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
    root = project_at(args.directory)
    if root is None:
        return 1
    named = TARGETS if "all" in args.targets else tuple(dict.fromkeys(args.targets))
    if args.verify:
        from comfyvn.cli.verify import verify_builds

        return verify_builds(root, named, args)
    if args.quiet:
        progress: Silent | PlainProgress = Silent()
    else:
        progress = TerminalProgress() if sys.stderr.isatty() else PlainProgress()
    options = Options(
        jobs=args.jobs,
        profile=args.profile,
        locked=args.locked,
        cache=args.cache,
        cache_mode=args.cache_mode,
        offline=args.offline,
        cluster=args.cluster,
        trust=args.trust,
        sandbox=args.sandbox,
        remote=args.remote,
    )
    advice = Diagnostics()
    try:
        if args.profile == "release":
            advice, waived, failures = _advice(root, writing=not args.dry_run)
            options = options._replace(waived=waived)
            if failures or advice.has_errors:
                print_diagnostics(advice, root)
                failed = print_failures(failures, root)
                say(args, "nothing would be built" if args.dry_run else "nothing was built")
                return 3 if failed else 1
        if args.dry_run:
            return _foretell(root, options, named, advice, args)
        outcome = Builder(root, options, progress).build(named, args.looks)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"cannot {'look' if args.dry_run else 'build'}: {where}{error.strerror or error}",
            file=sys.stderr,
        )
        if args.json and not args.dry_run:
            for name in named or _usual(root):
                print(json.dumps(_not_built(name, root)))
        return 3
    finally:
        if isinstance(progress, PlainProgress):
            progress.close()
    said = set(outcome.findings)
    outcome.findings += [each for each in advice if each not in said]
    print_diagnostics(outcome.findings, root)
    for note in outcome.notes:
        print(plain(f"note: {note}"), file=sys.stderr)
    failed = print_failures(outcome.failures, root)
    if args.explain:
        for each in outcome.ran:
            if each.how in ("ran", "fetched"):
                print(plain(_explained(each)), file=sys.stderr)
    _print_outcome(outcome, root, args)
    if failed:
        return 3
    return 1 if outcome.findings.has_errors else 0


def _advice(
    root: Path, *, writing: bool
) -> tuple[Diagnostics, frozenset[Diagnostic], Sequence[Failure]]:
    """Return what a check says, as a release has it, what is waived, and failed steps.

    Without `writing` nothing in the project is written, so that it takes longer.
    """
    import tempfile
    from contextlib import ExitStack
    from datetime import date

    from comfyvn.advisory.check import judged
    from comfyvn.plan.check import Checker
    from comfyvn.plan.profiles import apply_profile
    from comfyvn.source.diagnostics import Diagnostics

    with ExitStack() as stack:
        folder = None
        if not writing:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="comfyvn-check-"))
        checked = stack.enter_context(Checker(root, folder)).check()
        found = judged(checked, date.today(), release=True)
    waived = frozenset(each for each, _ in found.waived)
    return Diagnostics(apply_profile(found.findings, "release")), waived, checked.failures


def _print_outcome(outcome: Outcome, root: Path, args: argparse.Namespace) -> None:
    for name, target in outcome.targets.items():
        if not target.failed:
            say(args, f"{name}: {_done(target, root)}")
        elif outcome.failures:
            say(args, f"{name}: not finished")
        if args.json:
            line = target.as_json(name)
            if args.explain:
                line["steps"] = [
                    {
                        "step": each.step.name,
                        "how": each.how,
                        "why": each.reason.why,
                        "names": list(each.reason.names),
                        "seconds": each.seconds,
                    }
                    | _placed(each)
                    for each in outcome.ran
                    if each.how != "reused"
                ]
            print(json.dumps(line))


def _done(target: TargetOutcome, root: Path) -> str:
    """Return what a build did for a target."""
    if not target.ran and not target.changed:
        return f"nothing to do, {target.reused} steps hold"
    steps = "step" if target.ran == 1 else "steps"
    fetched = f"{target.fetched} fetched, " if target.fetched else ""
    return (
        f"{target.ran} {steps} run, {fetched}{target.reused - target.fetched} reused, "
        f"{target.seconds:.2f} s, in {target.out.relative_to(root)}"
    )


def _usual(root: Path) -> tuple[str, ...]:
    """Return the targets of a build that names none."""
    from comfyvn.model.load import load_settings

    settings = load_settings(lambda path: read_file(root / path))
    return tuple(dict.fromkeys(settings.targets))


def _not_built(name: str, root: Path) -> dict[str, object]:
    folder = str(root / "build" / name)
    return {
        "target": name,
        "ran": 0,
        "reused": 0,
        "fetched": 0,
        "failed": 1,
        "seconds": 0.0,
        "out": folder,
    }


def _foretell(
    root: Path,
    options: Options,
    named: tuple[str, ...],
    advice: Diagnostics,
    args: argparse.Namespace,
) -> int:
    """Say what a build would do.

    Raises:
        OSError: the project cannot be read.
    """
    from comfyvn.cli.dry_run import as_json, as_text
    from comfyvn.plan.dry_run import dry_run
    from comfyvn.source.render import plain, print_diagnostics

    told = dry_run(root, options, named)
    said = set(told.findings)
    told.findings.extend(each for each in advice if each not in said)
    print_diagnostics(told.findings, root)
    stopped = told.findings.has_errors
    if args.json:
        print(as_json(told))
    else:
        print("Nothing would be built." if stopped else plain(as_text(told), keep="\n"))
    return 1 if stopped else 0


def _explained(each: Ran) -> str:
    """Return why a step ran, and why where it did, for people."""
    from comfyvn.cli.reasons import because, duration

    why = because(each.reason.why, each.reason.names, most=3)
    told = f"{each.step.name}: {each.how} in {duration(each.seconds)}, because {why}"
    if each.place is not None:
        told += f"; on `{each.place.device}`: {each.place.reason}"
    return told


def _placed(each: Ran) -> dict[str, str]:
    """Return where a step ran, if that was chosen, as JSON."""
    if each.place is None:
        return {}
    return {"server": each.place.device, "chosen": each.place.reason}
