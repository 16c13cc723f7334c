"""`comfyvn publish`: a release in one file, with what was decided about it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.cli.common import add_project_options, knows_targets, project_at, say
from comfyvn.cli.quick import TARGETS
from comfyvn.engine.manifest import STATE
from comfyvn.source.files import read_file

if TYPE_CHECKING:
    from comfyvn.advisory.gate import Verdict
    from comfyvn.model.project import Project
    from comfyvn.plan.check import Checked
    from comfyvn.source.diagnostics import Diagnostic


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "publish",
        help="check and build a release, and put it into one file with an audit trail",
        description="Check everything, stop at what nobody has decided (docs/policy.md), build "
        "with the release profile, and write a ZIP of each target with an audit trail beside it. "
        "Nothing is uploaded: that is for you, or for another tool.",
    )
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="TARGET",
        help=f"{', '.join(TARGETS)} or all (default: the targets that vn.yaml names)",
    )
    add_project_options(parser)
    parser.add_argument(
        "-o",
        "--out",
        metavar="DIR",
        type=Path,
        help="where the files go (default: dist/ in the project)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would stop it; build and write nothing"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the audit trails as one JSON list"
    )
    parser.add_argument("--offline", action="store_true", help="reach nothing over a network")
    group = parser.add_argument_group(
        "acknowledging", "Instead of publishing: say that you have read the text of a licence."
    )
    group.add_argument("--ack", metavar="NAME", help="show licenses/NAME.txt and acknowledge it")
    group.add_argument("--by", metavar="WHO", help="who acknowledges it")
    group.add_argument("--notes", metavar="TEXT", help="what they think of it")
    group.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Publish; return 0, 1 (something stops it), 2 (wrong usage) or 3 (a step failed)."""
    if not knows_targets(args.targets):
        return 2
    if args.ack is None and (args.by or args.notes or args.yes):
        print("`--by`, `--notes` and `--yes` belong to `--ack NAME`", file=sys.stderr)
        return 2
    root = project_at(args.directory)
    if root is None:
        return 1
    if args.out is not None and _is_built(root, args.out):
        print(f"builds write what is in {args.out}: name another folder", file=sys.stderr)
        return 2
    if args.ack is not None:
        from comfyvn.cli.publish_ack import acknowledge_text

        return acknowledge_text(root, args)
    try:
        return _publish(root, args)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"cannot publish: {where}{error.strerror or error}", file=sys.stderr)
        return 3


def _is_built(root: Path, folder: Path) -> bool:
    return any(
        folder.resolve().is_relative_to((root / name).resolve()) for name in ("build", STATE)
    )


def _publish(root: Path, args: argparse.Namespace) -> int:
    from comfyvn.advisory.gate import decide, today
    from comfyvn.cli.failures import print_failures
    from comfyvn.model.load import load_settings
    from comfyvn.plan.check import Checker
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    with Checker(root) as checker:
        checked = checker.check()
        if print_failures(checked.failures, root):
            return 3
        verdict = decide(checked, today())
        project = load_settings(lambda path: read_file(root / path))
        named = TARGETS if "all" in args.targets else tuple(dict.fromkeys(args.targets))
        targets = named or tuple(dict.fromkeys(project.targets))
        if verdict.stopping:
            # A note that stops it is an error here, whatever it is for a check.
            shown = (replace(each, severity="error") for each in verdict.stopping)
            print_diagnostics(Diagnostics(shown), root)
            many = len(verdict.stopping)
            what = "this stops it; mend it" if many == 1 else f"these {many} stop it; mend them"
            print(
                f"not published: {what}, or waive with a reason in waivers.yaml (docs/policy.md)",
                file=sys.stderr,
            )
        elif not args.dry_run:
            waived = frozenset(each for each, _ in verdict.waived)
            errors = _build(root, targets, waived, args)
            if errors is None:
                return 3
            verdict = verdict._replace(stopping=errors)
        stopped = bool(verdict.stopping)
        out = args.out or root / "dist"
        told = []
        for target in targets:
            archive = None
            if not stopped and not args.dry_run:
                archive = _written(root, out, project, target)
            trail = _trail(root, project, target, verdict, checked, archive)
            told.append(trail)
            if archive is not None:
                _keep(out / f"{_stem(project, target)}.audit.json", trail)
                say(args, f"{target}: {archive['files']} files in {out / archive['name']}")
            elif not stopped:
                say(args, f"{target}: nothing stops it")
    if args.json:
        print(json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False))
    return 1 if stopped else 0


def _build(
    root: Path, targets: tuple[str, ...], waived: frozenset[Diagnostic], args: argparse.Namespace
) -> tuple[Diagnostic, ...] | None:
    """Build as a release; return what stops that, None if a step failed. Both are told."""
    from comfyvn.cli.failures import print_failures
    from comfyvn.cli.progress import PlainProgress, TerminalProgress
    from comfyvn.engine.progress import Silent
    from comfyvn.plan.build import Builder
    from comfyvn.plan.outcome import Options
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    if args.quiet:
        progress: Silent | PlainProgress = Silent()
    else:
        progress = TerminalProgress() if sys.stderr.isatty() else PlainProgress()
    try:
        options = Options(profile="release", offline=args.offline, waived=waived)
        outcome = Builder(root, options, progress).build(targets)
    finally:
        if isinstance(progress, PlainProgress):
            progress.close()
    if print_failures(outcome.failures, root):
        return None
    errors = Diagnostics(each for each in outcome.findings if each.severity == "error")
    print_diagnostics(errors, root)
    return tuple(errors)


def _written(root: Path, out: Path, project: Project, target: str) -> dict[str, Any]:
    """Write the archive of a target; return what the audit trail says of it."""
    from comfyvn.engine.manifest import Manifest
    from comfyvn.plan.built_files import by_path
    from comfyvn.targets.archive import write_archive

    manifest = Manifest.load(str(root))
    folder = f"build/{target}/"
    # Hosts want a site's index.html on top; a Ren'Py project is a folder.
    top = "" if target == "web" else f"{project.id}/"
    built = by_path([manifest.outputs.get(target, {})]) if manifest is not None else {}
    files = {
        f"{top}{path.removeprefix(folder)}": root / path
        for path in built
        if path.startswith(folder)
    }
    name = f"{_stem(project, target)}.zip"
    made = write_archive(out / name, files)
    return {"name": name, "sha256": made.sha256, "bytes": made.size, "files": made.files}


def _stem(project: Project, target: str) -> str:
    version = "".join(sign if sign.isalnum() or sign in ".-+_" else "-" for sign in project.version)
    return f"{project.id}-{version}-{target}"


def _trail(
    root: Path,
    project: Project,
    target: str,
    verdict: Verdict,
    checked: Checked,
    archive: dict[str, Any] | None,
) -> dict[str, Any]:
    from comfyvn.advisory.audit import audit
    from comfyvn.model.find import RATINGS_FILE
    from comfyvn.model.policy import Ratings
    from comfyvn.model.ratings import read_ratings
    from comfyvn.source.diagnostics import Diagnostics

    decided = Ratings()
    if (root / RATINGS_FILE).is_file():
        decided, _ = read_ratings(lambda path: read_file(root / path), Diagnostics())
    return audit(project, target, verdict, checked, decided, archive)


def _keep(path: Path, trail: dict[str, Any]) -> None:
    from comfyvn.advisory.audit import audit_bytes

    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(audit_bytes(trail))
    beside.replace(path)
