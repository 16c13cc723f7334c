"""Routes and playtests whose coverage is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from comfyvn.explore.result import Way
from comfyvn.model.playtest import FOLDER
from comfyvn.model.playtest_files import playtests_of
from comfyvn.play.playtest import Judge
from comfyvn.play.route import RouteError, read_route
from comfyvn.play.route_run import run_of
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.story.compile import Compiled


def ways_of(compiled: Compiled, root: Path, paths: Sequence[Path], out: Diagnostics) -> list[Way]:
    """Return the play-throughs of files and folders; what cannot be played is reported.

    Below `playtests/` of the project at `root` they are playtests, elsewhere routes. A path that is
    not there is one of the project.

    Raises:
        OSError: a file cannot be read.
    """
    judge = Judge(compiled)
    found: list[Way] = []
    for path in paths:
        here = path if path.exists() else root / path
        if here.resolve().is_relative_to((root / FOLDER).resolve()):
            found += _playtests(judge, root, here, out)
            continue
        for file in sorted(here.glob("*.yaml")) if here.is_dir() else [here]:
            found += _route(judge, file, out)
    return found


def _playtests(judge: Judge, root: Path, path: Path, out: Diagnostics) -> Iterator[Way]:
    for placed in playtests_of(root, out):
        if not (root / placed.path).resolve().is_relative_to(path.resolve()):
            continue
        outcome = judge.judge(placed)
        if outcome.played is None:
            out += outcome.findings
        for played in outcome.every:
            yield Way(*played.run)


def _route(judge: Judge, file: Path, out: Diagnostics) -> Iterator[Way]:
    route = read_route(file, out)
    if route is None:
        return
    try:
        yield Way(*run_of(route, judge.trail, judge.story, []))
    except RouteError as error:
        out.error("VN2001", str(error), Span.whole_file(str(file)))
