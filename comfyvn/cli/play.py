"""`comfyvn play`: in the terminal, or any target without asking."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comfyvn.cli.common import add_project_options, compile_at

if TYPE_CHECKING:
    from comfyvn.play.follow import Note
    from comfyvn.play.runtime import Run
    from comfyvn.story.compile import Compiled

TARGETS = ("interpreter", "web", "renpy")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "play",
        help="play in the terminal, or any target without asking",
        description="Play the story in the terminal. With --on, --choices, --route or "
        "--transcript, play it without asking and write the transcript.",
    )
    add_project_options(parser)
    parser.add_argument("--seed", type=int, metavar="S", help="the game's seed, 0 to 2^53")
    parser.add_argument(
        "--start", metavar="PLACE", help="begin at a scene or a heading: `scene`, `scene#heading`"
    )
    parser.add_argument("--language", metavar="TAG", help="one of the story's languages")
    parser.add_argument(
        "--open", choices=TARGETS[1:], help="build this target and open it for you to play"
    )
    parser.add_argument("--on", choices=TARGETS, help="what plays (default: interpreter)")
    parser.add_argument(
        "--choices",
        metavar="ANSWERS",
        help='such as 0,2,"Ana": the number of a choice that can be taken, from 0, or a text',
    )
    parser.add_argument("--route", metavar="FILE", type=Path, help="a YAML file with choices")
    parser.add_argument(
        "--transcript", metavar="FILE", help="where the transcript goes (default: -, the screen)"
    )


def run(args: argparse.Namespace) -> int:
    """Play; return 0, 1 (the sources say no), 2 (a bad route) or 3 (the target does)."""
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics

    if args.open:
        return _open(args)
    alone = any((args.on, args.choices is not None, args.route, args.transcript))
    if not alone and not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "there is no terminal to play in; play without asking by --choices 0,1,0",
            file=sys.stderr,
        )
        return 2
    out = Diagnostics()
    root, _, compiled = compile_at(args.directory, out)
    if compiled is None or out.has_errors:
        print_diagnostics(out, root)
        return 1
    try:
        route = _route(args, compiled, out)
    except OSError as error:
        print(f"a bad route: `{error.filename}`: {error.strerror}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"a bad route: {error}", file=sys.stderr)
        return 2
    if route is None:
        print_diagnostics(out, root)
        return 2
    if alone:
        return _play_alone(args, root, compiled.program, route)
    return _play_here(args, root, compiled.program, route)


def _open(args: argparse.Namespace) -> int:
    """Build a target and open it; return 0, 1 (the sources say no) or 3 (it does not open)."""
    from comfyvn.drivers.renpy_sdk import RenpyError
    from comfyvn.model.find import find_project
    from comfyvn.play.open import open_renpy, open_web

    if code := _build(args, args.open):
        return code
    folder = (find_project(args.directory) or args.directory) / "build" / args.open
    try:
        if args.open == "web":
            open_web(folder, lambda text: print(text, flush=True))
        else:
            open_renpy(folder)
    except (OSError, RenpyError) as error:
        print(f"{args.open} does not open: {error}", file=sys.stderr)
        return 3
    return 0


def _route(args: argparse.Namespace, compiled: Compiled, out: Any) -> Run | None:
    """Return the run that the options and the route's file ask for; options win."""
    from comfyvn.play.route import Route, RouteError, parse_answers, read_route
    from comfyvn.play.route_run import run_of
    from comfyvn.play.trail import Trail
    from comfyvn.source.nearest import did_you_mean
    from comfyvn.story.interpreter import Story

    program = compiled.program
    route = read_route(args.route, out) if args.route else Route()
    if route is None:
        return None
    seed = args.seed if args.seed is not None else route.seed
    if seed is not None and not 0 <= seed <= 2**53:
        raise RouteError("a seed is a whole number from 0 to 9007199254740992")
    language = args.language or route.language
    if language is not None and language not in program["languages"]:
        languages = program["languages"]
        help = did_you_mean(language, languages) or f"there are {', '.join(languages)}"
        raise RouteError(f"the story is not in `{language}`; {help}")
    changes = {"seed": seed, "language": language, "start": args.start or route.start}
    if args.choices is not None:
        changes["choices"] = ()
    notes: list[Note] = []
    run = run_of(route.model_copy(update=changes), Trail(compiled), Story(program), notes)
    for note in notes:
        print(f"{note.message}; {note.help}", file=sys.stderr)
    if args.choices is not None:
        run = run._replace(answers=parse_answers(args.choices))
    if (run.start or run.given) and args.on in ("web", "renpy"):
        raise RouteError("a built game begins where the story does; leave out --on")
    return run


def _play_alone(args: argparse.Namespace, root: Path, program: Any, route: Run) -> int:
    from comfyvn.drivers.renpy_sdk import RenpyError
    from comfyvn.play.targets import runtime_on
    from comfyvn.story.canonical import write_transcript

    if args.on in ("web", "renpy") and (code := _build(args, args.on)):
        return code
    try:
        runtime = runtime_on(args.on or "interpreter", root / "build", program)
        (records,) = runtime.play([route])
    except (OSError, ImportError, RuntimeError, RenpyError) as error:
        print(f"{args.on or 'interpreter'} could not play: {error}", file=sys.stderr)
        return 3
    transcript = write_transcript(records)
    if args.transcript in (None, "-"):
        sys.stdout.write(transcript)
        return 0
    try:
        Path(args.transcript).write_text(transcript, encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"cannot write {args.transcript}: {error.strerror}", file=sys.stderr)
        return 3
    return 0


def _build(args: argparse.Namespace, target: str) -> int:
    """Build a target as it is now; return what `comfyvn build` does."""
    from comfyvn.cli.main import main

    quiet = ["-q"] if args.quiet else []
    return main(["build", target, "-C", str(args.directory), *quiet])


def _play_here(args: argparse.Namespace, root: Path, program: Any, route: Run) -> int:
    from rich.console import Console

    from comfyvn.play.session import Session
    from comfyvn.play.slots import Slots
    from comfyvn.play.terminal import Terminal
    from comfyvn.story.interpreter import Story

    slots = Slots(root)
    persistent = slots.persistent(Story(program))
    seed = args.seed if args.seed is not None else program.get("seed")
    try:
        Terminal(
            Session(program, persistent, route.language, route.start, route.given),
            slots,
            Console(),
            seed,
        ).run()
    except (OSError, EOFError) as error:
        print(f"cannot go on: {error}", file=sys.stderr)
        return 3
    return 0
