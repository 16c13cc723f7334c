"""The entry point: find the command, import only its module, run it, map failures to exit codes."""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence

import comfyvn

COMMANDS = {
    "new": "make a small project that runs",
    "check": "say everything that is wrong with a project",
    "build": "build a project's targets",
    "play": "play in the terminal, or any target without asking",
    "test": "play the playtests of a project",
    "explore": "go every path of the story: what can be reached, how long it is",
    "assets": "list the pictures and sounds of the story with their states; look at them",
    "serve": "play the web target while you write",
    "lsp": "serve editors: findings, completion, renaming while you write",
    "compute": "list the servers of compute.yaml with how they are; say what is best done where",
    "publish": "check and build a release, and put it into one file with an audit trail",
    "why": "say what an output is made from, why it was made last and what changed since",
    "graph": "draw what is made from what",
    "stats": "say where the time of builds goes, what was reused, how the project grows",
    "clean": "remove what was built",
    "cache": "look after the results that builds keep, here and shared",
    "explain": "explain a diagnostic's code or a directive",
    "fmt": "put sources into canonical form and update vn.lock",
    "doctor": "say what is installed and what a missing part would enable",
}

OK, PROBLEMS, USAGE, STEP_FAILED, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code that `docs/cli.md` lists.

    An exception that no command expected is ours, not the user's: it leaves a crash file and a
    short message. `--debug` shows the traceback instead.
    """
    _ready_streams()
    arguments = list(sys.argv[1:] if argv is None else argv)
    args = argparse.Namespace(looks=[])
    try:
        if arguments[:1] in (["build"], ["check"]):
            from comfyvn.cli.quick import quick, quick_check

            said = arguments[1:]
            done = quick(said, args.looks) if arguments[0] == "build" else quick_check(said)
            if done is not None:
                sys.stdout.flush()
                return done
        args = _parser(arguments).parse_args(arguments, args)
        if args.command is None:
            _parser(arguments).print_help()
            return USAGE
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`, a pager) left; Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC and not error.filename:
            print(f"cannot write: {error.strerror}", file=sys.stderr)
            # It may be standard output, and Python would complain again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return STEP_FAILED
        if "--debug" in arguments:
            raise
        from comfyvn.cli.crash import report_crash

        report_crash(error, arguments)
        return STEP_FAILED


def _ready_streams() -> None:
    """Let standard output and error take whatever is printed, also where they are closed."""
    # Python has None for what was closed before it began (`>&-`).
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="comfyvn",
        description="Build a visual novel from a folder of Markdown: a Ren'Py project and a web "
        "game with the same story.",
        epilog="`comfyvn COMMAND --help` says more; `comfyvn doctor` says what is installed.",
    )
    parser.add_argument("--version", action="version", version=f"comfyvn {comfyvn.__version__}")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        if name == asked:
            module = importlib.import_module(f"comfyvn.cli.{name}")
            module.add_parser(commands)
            commands.choices[name].set_defaults(run=module.run)
            commands.choices[name].add_argument(
                "--debug", action="store_true", help="show our traceback when we fail"
            )
        else:
            commands.add_parser(name, help=summary)
    return parser
