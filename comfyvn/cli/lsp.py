"""`comfyvn lsp`: the language server that editors start."""

from __future__ import annotations

import argparse
import sys

LOCAL = "127.0.0.1"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "lsp",
        help="serve editors: findings, completion, renaming while you write",
        description="Speak the Language Server Protocol with an editor that starts this command. "
        "Which projects there are, the editor's workspace says. Pages for editors: docs/editors.",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--stdio", action="store_true", help="on standard input and output (the default)"
    )
    how.add_argument(
        "--tcp", type=_port, metavar="PORT", help=f"wait for one editor on a port of {LOCAL}"
    )


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number < 65_536:
        raise argparse.ArgumentTypeError("a port is from 1 to 65535")
    return number


def run(args: argparse.Namespace) -> int:
    """Serve until the editor leaves; return 0, or 3 (something is missing, or no port)."""
    try:
        from comfyvn.lsp.server import serve_stdio, serve_tcp
    except ImportError as error:
        print(f"lsp needs {error.name}: pip install 'comfyvn[editor]'", file=sys.stderr)
        return 3
    if args.tcp is None:
        serve_stdio()
        return 0
    try:
        serve_tcp(LOCAL, args.tcp)
    except OSError as error:
        print(f"cannot listen on port {args.tcp}: {error.strerror or error}", file=sys.stderr)
        return 3
    return 0
