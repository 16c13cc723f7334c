"""`comfyvn assets review`: takes of a picture or a line side by side, and the one to use."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from comfyvn.cli.asset_name import pick
from comfyvn.cli.common import add_project_options, compile_at, positive, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from comfyvn.plan.build import Builder
    from comfyvn.plan.outcome import Outcome
    from comfyvn.plan.requests import AssetRequest
    from comfyvn.plan.voice_takes import VoicedLine, Voices

Each = TypeVar("Each")

_FOLDER = ".comfyvn/review"
_USUAL = 4
_MOST = 64


def add_parser(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the part to the command line."""
    parser = parts.add_parser(
        "review",
        help="make takes of a rendered picture or a spoken line, compare them, pin one",
        description="Make takes of a picture that ComfyUI renders, which differ in their seeds, "
        "or of a line that is spoken, and write a page in .comfyvn/review/ that shows them side by "
        "side. What was made once is not made again. --pin alone makes nothing: vn.lock remembers "
        "the take, and builds use it.",
    )
    parser.add_argument(
        "words",
        nargs="+",
        metavar="NAME",
        help="its name, or words of it: `kit grin oilskins`, or a line's id and language",
    )
    add_project_options(parser)
    parser.add_argument(
        "--takes", type=positive, metavar="N", help=f"how many takes (default: {_USUAL})"
    )
    parser.add_argument(
        "--pin", type=positive, metavar="K", help="use take K from now on; 1 is used without a pin"
    )
    parser.add_argument("--open", action="store_true", help="open the page in a browser")
    parser.add_argument("--offline", action="store_true", help="leave the network alone")
    parser.add_argument(
        "--trust", action="store_true", help="run the rules of the project, as `build --trust`"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Review.

    Returns:
        0, 1 (the sources have errors, or there are no takes of it), 2 (no such asset, or several)
        or 3 (not all takes could be made, or something cannot be written).
    """
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    if args.takes is not None and args.takes > _MOST:
        print(f"{args.takes} takes are too many to look at: at most {_MOST}", file=sys.stderr)
        return 2
    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1

    from comfyvn.plan.registry import found_in
    from comfyvn.plan.renderings import named
    from comfyvn.plan.requests import asset_requests
    from comfyvn.plan.takes import no_takes, pin
    from comfyvn.plan.voice_takes import Voices

    found = found_in(root, loaded, compiled.program, out)
    requests = {named(each): each for each in asset_requests(compiled.program)}
    voices = Voices(root, loaded, compiled.program, compiled.lock.pins)
    lines = voices.lines()
    name = pick(args.words, [*requests, *lines])
    if name is None:
        return 2
    line = lines.get(name)
    if line is None and out.has_errors:
        print_diagnostics(Diagnostics(each for each in out if each.severity == "error"), root)
        return 1
    why = no_takes(found, requests[name]) if line is None else voices.no_takes(line)
    if why is not None:
        print(f"there are no takes: {why}", file=sys.stderr)
        return 1
    if line is not None:
        pinned = voices.take_of(line)
    else:
        pinned = found.rendered[found.answers[requests[name]]].take
    try:
        if args.pin is not None:
            findings = Diagnostics()
            if not pin(root, name, args.pin, findings):
                print_diagnostics(findings, root)
                return 1
            pinned = args.pin
            say(args, f"{name}: take {pinned} is used from the next build on")
            if args.takes is None and not args.open:
                if args.json:
                    print(json.dumps({"name": name, "pinned": pinned, "takes": [], "page": None}))
                return 0
        if line is not None:
            return _listen(args, voices, line, pinned)
        said, alts = _said(loaded, compiled.program)
        return _look(args, root, said, alts, requests[name], pinned)
    except OSError as error:
        print(f"{error.filename or root}: {error.strerror or error}", file=sys.stderr)
        return 3


def _said(loaded: Any, program: Any) -> tuple[dict[str, Any], dict[str, str]]:
    from comfyvn.model.globals import globals_of
    from comfyvn.plan.requests import gallery, skeletons

    return globals_of(loaded), dict(gallery(skeletons(program)))


def _look(
    args: argparse.Namespace,
    root: Path,
    said: dict[str, Any],
    alts: dict[str, str],
    request: AssetRequest,
    pinned: int,
) -> int:
    """Make the takes of a picture and their page; tell of them."""
    from comfyvn.cli.review_page import picture_page
    from comfyvn.plan.prompt import compose
    from comfyvn.plan.renderings import named
    from comfyvn.plan.takes import make_takes, seed_in

    count = max(args.takes or _USUAL, pinned)
    takes, outcome = _made(
        args, root, lambda builder: make_takes(builder, said, alts, request, count)
    )
    name = named(request)
    prompt = compose(said, request, alts.get(request.subject, "") if _has_alt(request) else "")
    wide = request.kind in ("background", "picture")
    told = [
        {"take": take.number, "seed": seed_in(take.brief), "made": take.picture is not None}
        for take in takes
    ]
    return _shown(
        args, root, name, pinned, told, picture_page(name, takes, pinned, prompt, wide), outcome
    )


def _listen(args: argparse.Namespace, voices: Voices, line: VoicedLine, pinned: int) -> int:
    """Make the takes of a line and their page; tell of them."""
    from comfyvn.cli.review_page import voice_page

    count = max(args.takes or _USUAL, pinned)
    takes, outcome = _made(args, voices.root, lambda builder: voices.make(builder, line, count))
    told = [{"take": take.number, "seed": take.seed, "made": take.is_made} for take in takes]
    page = voice_page(line, takes, pinned)
    return _shown(args, voices.root, line.name, pinned, told, page, outcome)


def _made(
    args: argparse.Namespace, root: Path, make: Callable[[Builder], tuple[list[Each], Outcome]]
) -> tuple[list[Each], Outcome]:
    """Make takes, and show how that goes."""
    from comfyvn.cli.progress import PlainProgress, TerminalProgress
    from comfyvn.engine.progress import Silent
    from comfyvn.plan.build import Builder
    from comfyvn.plan.outcome import Options

    progress: Silent | PlainProgress = Silent()
    if not args.quiet:
        progress = TerminalProgress() if sys.stderr.isatty() else PlainProgress()
    try:
        return make(Builder(root, Options(offline=args.offline, trust=args.trust), progress))
    finally:
        if isinstance(progress, PlainProgress):
            progress.close()


def _has_alt(request: AssetRequest) -> bool:
    return request.kind == "picture"


def _shown(
    args: argparse.Namespace,
    root: Path,
    name: str,
    pinned: int,
    told: list[dict[str, Any]],
    page: str,
    outcome: Outcome,
) -> int:
    """Say what became of takes, and write their page if any was made; return the exit code."""
    from comfyvn.cli.failures import print_failures
    from comfyvn.engine.objects import update_file
    from comfyvn.source.render import print_diagnostics

    print_diagnostics(outcome.findings, root)
    for note in outcome.notes:
        print(f"note: {note}", file=sys.stderr)
    failed = print_failures(outcome.failures, root)
    if not any(take["made"] for take in told):
        return 1 if outcome.findings.has_errors else 3
    path = root / _FOLDER / f"{re.sub(r'[^a-z0-9]+', '-', name.casefold())}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    update_file(path, page.encode())
    if args.json:
        print(json.dumps({"name": name, "pinned": pinned, "takes": told, "page": str(path)}))
    else:
        for take in told:
            marks = ["in use"] * (take["take"] == pinned) + ["failed"] * (not take["made"])
            print(f"take {take['take']}: seed {take['seed']} {', '.join(marks)}".rstrip())
        print(path)
    if args.open:
        import webbrowser

        webbrowser.open(path.as_uri())
    return 3 if failed else int(bool(outcome.failures))
