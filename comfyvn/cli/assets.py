"""`comfyvn assets`: the pictures and sounds of a story, in parts that are commands themselves."""

from __future__ import annotations

import argparse
import importlib

from comfyvn.cli.parts import add_parts

PARTS = ("list", "page", "sheet", "show", "review", "workflows")
"""Each is a module `assets_NAME`, written like a command's."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "assets",
        help="list the pictures and sounds of the story with their states; look at them",
        description="The pictures, sounds and voices that the story asks for. Without a part: "
        "`list`. `comfyvn assets PART --help` says more of each.",
    )
    parts = add_parts(parser)
    for name in PARTS:
        module = importlib.import_module(f"comfyvn.cli.assets_{name}")
        module.add_parser(parts)
        parts.choices[name].set_defaults(run_part=module.run)
    # What `list` takes, `comfyvn assets` alone takes too.
    listing = importlib.import_module("comfyvn.cli.assets_list")
    listing.add_options(parser)
    parser.set_defaults(run_part=listing.run, words=[])


def run(args: argparse.Namespace) -> int:
    """Run the part; its exit code."""
    code: int = args.run_part(args)
    return code
