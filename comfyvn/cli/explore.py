"""`comfyvn explore`: every path of a story, and how much of it anybody can come to."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.cli.common import add_project_options, compile_at, positive, say
from comfyvn.source.files import read_file

if TYPE_CHECKING:
    from comfyvn.explore.report import Report
    from comfyvn.explore.result import Exploration, Way
    from comfyvn.model.load import LoadedProject
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.story.compile import Compiled

RUNS = 300
"""Random walks: enough to know a share to six parts of a hundred, 19 times of 20."""
LINES = 500_000
"""Lines that they show, unless their number is asked for: some seconds."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "explore",
        help="go every path of the story: what can be reached, how long it is, what is chosen",
        description="Go every path of the story, as far as it can be done, and some at random. "
        "Say what nobody can come to, how long routes are, how often endings and choices come, and "
        "who speaks how much.",
    )
    add_project_options(parser)
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument(
        "--html", metavar="FILE", type=Path, help="write the report as a page, with the story graph"
    )
    parser.add_argument(
        "--routes",
        metavar="DIR",
        type=Path,
        help="write routes for `comfyvn play --route`: to every ending, the shortest and longest, "
        "and a few that together pass everything",
    )
    parser.add_argument(
        "--covered-by",
        metavar="PATH",
        type=Path,
        action="append",
        help="say what these routes pass: a file, or a folder of them, or playtests; may be given "
        "more than once",
    )
    parser.add_argument(
        "--runs",
        type=_count,
        metavar="N",
        help=f"random walks (default: {RUNS}, fewer of a very long story)",
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, metavar="S", help="of what is random here (default: 0)"
    )
    parser.add_argument(
        "--states",
        type=positive,
        metavar="N",
        help="states of the story that the search visits at most",
    )
    parser.add_argument(
        "--reading", type=positive, metavar="N", help="words per minute of readers (default: 260)"
    )
    parser.add_argument(
        "--speaking", type=positive, metavar="N", help="of speakers, without clips (default: 183)"
    )
    parser.add_argument("--strict", action="store_true", help="let warnings fail too, as in CI")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number from 0")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > 2**53:
        raise argparse.ArgumentTypeError(f"`{text}` is no whole number from 0 to 2^53")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Explore; return 0, 1 (errors; under --strict: or warnings), 2 (a bad route) or 3."""
    from comfyvn.explore.statistics import Given, report_of
    from comfyvn.plan.clip_lengths import clip_seconds
    from comfyvn.plan.requests import asset_requests
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    root, loaded, compiled = compile_at(args.directory, out)
    if loaded is None or compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    program = compiled.program
    routes: list[Way] | None = None
    if args.covered_by:
        read = _routes(args.covered_by, root, compiled)
        if read is None:
            return 2
        routes = read
    given = Given(
        seed=args.seed,
        runs=RUNS if args.runs is None else args.runs,
        lines=LINES if args.runs is None else math.inf,
        assets={(each.kind, each.subject, each.traits) for each in asset_requests(program)},
        routes=routes,
        seconds=clip_seconds(root, program["language"]),
    )
    if args.reading:
        given = given._replace(reading=args.reading)
    if args.speaking:
        given = given._replace(speaking=args.speaking)
    known = _explored(args, loaded, compiled, out)
    out = _judged(root, loaded, compiled, out)
    report = report_of(program, known, given._replace(findings=out.in_order()))
    try:
        _write(args, program, report, known)
    except OSError as error:
        print(f"cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    if args.json:
        import json
        from dataclasses import asdict

        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        from comfyvn.cli.explore_text import print_report

        print_report(report)
    sys.stdout.flush()
    shown = (each for each in out if each.severity != "note" or not args.quiet)
    print_diagnostics(Diagnostics(shown), root)
    return _code(args, out)


def _explored(
    args: argparse.Namespace, loaded: LoadedProject, compiled: Compiled, out: Diagnostics
) -> Exploration:
    """Explore a story; what is odd about it goes to `out`."""
    from comfyvn.explore.explore import explore
    from comfyvn.explore.placing import placed
    from comfyvn.explore.result import Budget
    from comfyvn.source.diagnostics import Span
    from comfyvn.story.compiler.logic_places import logic_places
    from comfyvn.story.compiler.names import spoken_names
    from comfyvn.story.compiler.reading import read_scene

    spoken = spoken_names(loaded.characters)

    def spot(id: str, written: str) -> Span:
        if id.startswith("variable "):
            name = id.removeprefix("variable ")
            if "#" in name:  # a parameter of a scene
                return Span.whole_file(f"scenes/{name.partition('#')[0]}.md")
            who, _, stat = name.partition(".")
            path = f"characters/{who}.yaml"
            if stat and who in loaded.characters:
                return loaded.key_at(path, "stats", stat)
            return loaded.key_at("state.yaml", name)
        path, line, column = compiled.source_map.get(id, ("vn.yaml", 0, 0))
        if written:
            scene = path.removeprefix("scenes/").removesuffix(".md")
            text = loaded.scene_sources[scene].text
            at = logic_places(read_scene(text, path, scene, spoken).tree).get(written)
            if at is not None:
                return Span.on_line(path, *at)
        # To the end of the line.
        return Span(path, line, column, line + 1, 1) if line else Span.whole_file(path)

    budget = Budget() if args.states is None else Budget(states=args.states)
    found = explore(compiled.program, budget)
    out += [placed(finding, spot) for finding in found.findings]
    return found


def _judged(root: Path, loaded: LoadedProject, compiled: Compiled, out: Diagnostics) -> Diagnostics:
    """Return findings with the severities and without the waivers of the project."""
    from datetime import date

    from comfyvn.advisory.judge import judge
    from comfyvn.model.waiver import WAIVERS_FILE, read_waivers
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.text import read_source

    def stands(id: str) -> tuple[str, int, int] | None:
        found = compiled.source_map.get(id)
        return (found[0], found[1], found[1]) if found else None

    try:
        data = read_file(root / WAIVERS_FILE)
    except OSError:
        data = b""
    waivers = read_waivers(read_source(data, WAIVERS_FILE, Diagnostics()), WAIVERS_FILE, out)
    lint = loaded.project.lint
    return judge(out, lint, waivers, date.today(), stands, whole=False).findings


def _routes(paths: Sequence[Path], root: Path, compiled: Compiled) -> list[Way] | None:
    """Return the routes in files and folders; if one cannot be played, say so and return None."""
    from comfyvn.play.covering import ways_of
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    out = Diagnostics()
    try:
        found = ways_of(compiled, root, paths, out)
    except OSError as error:
        print(f"a bad route: `{error.filename}`: {error.strerror}", file=sys.stderr)
        return None
    if out.has_errors:
        print_diagnostics(out, root)
        return None
    if not found:
        print("a bad route: there is no .yaml file where --covered-by points to", file=sys.stderr)
        return None
    return found


def _write(
    args: argparse.Namespace, program: Mapping[str, Any], report: Report, known: Exploration
) -> None:
    """Write the files that were asked for. Raises `OSError`."""
    if args.html:
        from comfyvn.plan.explore_page import as_html

        args.html.write_text(as_html(report), encoding="utf-8", newline="\n")
        say(args, f"wrote {args.html}")
    if args.routes:
        from comfyvn.cli.explore_routes import route_files, write_routes

        files = route_files(program, report, known)
        write_routes(args.routes, files, program)
        say(args, f"wrote {len(files)} routes to {args.routes}")


def _code(args: argparse.Namespace, out: Diagnostics) -> int:
    stopping = ("error", "warning") if args.strict else ("error",)
    return 1 if any(item.severity in stopping for item in out) else 0
