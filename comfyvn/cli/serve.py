"""`comfyvn serve`: play the web target while its sources are written."""

from __future__ import annotations

import argparse
import atexit
import os
import sys
import time
from typing import TYPE_CHECKING

from comfyvn.cli.common import add_project_options, project_at, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comfyvn.serve.work import Turn
    from comfyvn.source.diagnostics import Diagnostic


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "serve",
        help="play the web target while you write",
        description="Play the web target in the browser while you write: each save is built, "
        "and the page goes on from the same line. Ctrl+C ends it.",
    )
    add_project_options(parser)
    parser.add_argument(
        "--port", type=_port, metavar="N", help="where to serve (default: 8422, or the next free)"
    )
    parser.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="open the browser (default: when this is a terminal)",
    )
    parser.add_argument(
        "--editor",
        default="vscode",
        metavar="NAME",
        help="the editor that a finding opens in: vscode, vscodium, cursor, zed, idea, sublime, "
        "none, or an address with {path}, {line} and {column} (default: vscode)",
    )


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number < 65_536:
        raise argparse.ArgumentTypeError("a port is from 0 to 65535")
    return number


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted; return 0, 1 (no project), 2 (wrong editor) or 3 (no port)."""
    ended: list[int] = []
    # Before anything else registers: what comes first here is done last.
    atexit.register(_leave, ended)
    try:
        from comfyvn.serve.run import PORT, open_sockets, serve
    except ImportError as error:
        print(f"serve needs {error.name}: pip install 'comfyvn[serve]'", file=sys.stderr)
        return 3
    from comfyvn.serve.builds import EngineBuilds
    from comfyvn.serve.findings import EDITORS, is_address
    from comfyvn.source.diagnostics import Diagnostics
    from comfyvn.source.render import print_diagnostics, summary

    if args.editor not in EDITORS and not is_address(args.editor):
        names = ", ".join(EDITORS)
        print(
            f"no editor `{args.editor}`; there are {names}, or an address such as "
            "`editor://open?file={path}&line={line}`",
            file=sys.stderr,
        )
        return 2
    root = project_at(args.directory)
    if root is None:
        return 1
    wanted = PORT if args.port is None else args.port
    try:
        port, sockets = open_sockets(wanted)
    except OSError as error:
        print(f"cannot listen on port {wanted}: {error.strerror}", file=sys.stderr)
        return 3

    def ready(address: str) -> None:
        if wanted not in {0, port}:
            say(args, f"port {wanted} is taken")
        say(args, f"playing at {address} (Ctrl+C ends it)")
        if args.open or (args.open is None and sys.stdout.isatty()):
            _browse(address)

    said = Diagnostics()

    def built(turn: Turn) -> None:
        findings = Diagnostics(turn.built.findings)
        if turn.built.failure:
            print(turn.built.failure, file=sys.stderr)
        if findings != said:  # what was said already is not said at every save
            print_diagnostics(findings, root)
            said[:] = findings
        result = "built" if turn.built.ok else "not built"
        if not turn.built.ok and findings:
            result += f": {summary(findings)}"
        say(args, f"{time.strftime('%H:%M:%S')} {result}, {1000 * turn.seconds:.0f} ms")

    told: set[tuple[str, str, str]] = set()

    def advised(findings: Sequence[Diagnostic]) -> None:
        now = {(each.code, each.span.path, each.message): each for each in findings}
        new = [each for key, each in now.items() if key not in told and each not in said]
        print_diagnostics(Diagnostics(new), root)
        told.clear()
        told.update(now)

    serve(
        EngineBuilds(root),
        port,
        sockets,
        args.editor,
        ready=ready,
        built=built,
        advised=advised,
    )
    ended.append(0)
    return 0


def _leave(ended: list[int]) -> None:
    """Leave the process, once a server ended, together with the build that goes on.

    Python would end the build's thread wherever that is; in the midst of C++ that aborts the
    process.
    """
    if ended:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended[0])


def _browse(address: str) -> None:
    """Open the browser; how long that takes, and what it prints, is its own affair."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
