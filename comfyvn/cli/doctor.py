"""`comfyvn doctor`: what is installed, and what each missing part would enable."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Something outside of this package. `found` is its version, or None when it is missing."""

    name: str
    found: str | None
    gives: str
    get: str
    needed: bool = False
    note: str | None = None


LIBRARIES = {
    "pydantic": "types of all YAML sources",
    "ruamel.yaml": "formatting of YAML",
    "ruamel.yaml.clib": "reading of YAML",
    "blake3": "digests of everything a build reads and makes",
    "jinja2": "templates of targets",
    "Pillow": "painted pictures",
    "rich": "colours, tables and the terminal player",
    "networkx": "`comfyvn graph`",
    "pyarrow": "`comfyvn stats`",
    "doit": "a project's `dodo.py`",
    "fsspec": "caches shared between machines",
}
EXTRAS = {
    "s3fs": ("`comfyvn build --cache s3://…`", "pip install s3fs"),
    "gcsfs": ("`comfyvn build --cache gs://…`", "pip install gcsfs"),
    "starlette": ("`comfyvn serve`", 'pip install "comfyvn[serve]"'),
    "uvicorn": ("`comfyvn serve`", 'pip install "comfyvn[serve]"'),
    "pygls": ("`comfyvn lsp`, for editors", 'pip install "comfyvn[editor]"'),
    "watchfiles": ("`comfyvn serve` building on every save", 'pip install "comfyvn[serve]"'),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "doctor",
        help="say what is installed and what a missing part would enable",
        description="List what ComfyVN can use on this machine, what each missing part would "
        "enable, and how to get it. Nothing is installed or changed.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Report; return 0, or 1 when something that everything needs is missing."""
    parts = list(find_parts())
    if args.json:
        print(json.dumps([asdict(part) for part in parts], ensure_ascii=False, indent=2))
    else:
        _print(parts)
    return 1 if any(part.needed and part.found is None for part in parts) else 0


def find_parts() -> Iterator[Part]:
    """Yield every part, what is needed first."""
    new_enough = sys.version_info >= (3, 11)
    python = platform.python_version()
    yield Part(
        "Python",
        python if new_enough else None,
        "everything",
        "install Python 3.11 or newer from python.org",
        needed=True,
    )
    for name, gives in LIBRARIES.items():
        get = f"pip install --upgrade {name}"
        yield Part(name, _library(name), gives, get, needed=True)
    yield _program(
        "Node.js",
        ("node",),
        "`comfyvn play --on web` without a browser, and comparing runtimes in tests",
        "install Node.js 18 or newer from nodejs.org",
    )
    yield _program(
        "Chromium",
        BROWSERS,
        "`comfyvn play --on web`: the built site played in a real browser",
        "apt install chromium, or install Chrome",
    )
    yield Part(
        "playwright",
        _library("playwright"),
        "steering that browser",
        'pip install "comfyvn[browser]"',
    )
    for name, (gives, get) in EXTRAS.items():
        yield Part(name, _library(name), gives, get)
    yield _renpy()
    yield _program(
        "Xvfb",
        ("xvfb-run",),
        "Ren'Py and its screenshots on a machine without a screen",
        "apt install xvfb",
        arguments=(),
    )
    yield _program(
        "FFmpeg",
        ("ffmpeg",),
        "converting and checking of your own sound files",
        "apt install ffmpeg, or ffmpeg.org",
        arguments=("-version",),
    )
    yield _program(
        "git", ("git",), "keeping the project's history, and merging vn.lock", "git-scm.com"
    )


def _library(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _program(
    name: str,
    commands: tuple[str, ...],
    gives: str,
    get: str,
    arguments: tuple[str, ...] = ("--version",),
) -> Part:
    path = next(filter(None, map(shutil.which, commands)), None)
    found = _version([path, *arguments]) if path and arguments else path
    return Part(name, found, gives, get)


def _version(command: list[str]) -> str | None:
    """Return the version that a program prints; None when it does not start."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=20,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    number = re.search(r"\d+(?:\.\d+)+", done.stdout + done.stderr)
    return number[0] if number and done.returncode == 0 else None


def _renpy() -> Part:
    from comfyvn.drivers.renpy_sdk import DEBIAN, RenpyError, find_renpy

    gives = "`comfyvn play --on renpy`, and Ren'Py's own lint of what was built"
    get = (
        "get the SDK from renpy.org and set COMFYVN_RENPY_SDK to its folder; "
        "building a Ren'Py project needs none"
    )
    installed = find_renpy()
    if installed is None:
        return Part("Ren'Py", None, gives, get)
    try:
        version = installed.version()
    except (RenpyError, OSError) as error:
        last = (str(error).strip().splitlines() or ["no message"])[-1]
        return Part("Ren'Py", None, gives, get, note=f"{installed.command[0]} fails: {last}")
    note = None
    if installed.command[0] == str(DEBIAN) and sys.version_info >= (3, 11):
        note = "Debian's package does not start by itself on Python 3.11; it is started repaired"
    return Part("Ren'Py", version, gives, get, note=note)


def _print(parts: list[Part]) -> None:
    width = max(len(part.name) for part in parts)
    for part in parts:
        mark = "ok" if part.found else "MISSING" if part.needed else "-"
        print(f"{mark:7} {part.name:{width}}  {part.found or 'not found'}")
        if part.found is None:
            print(f"{'':7} {'':{width}}  would enable: {part.gives}")
            print(f"{'':7} {'':{width}}  to get it: {part.get}")
        if part.note:
            print(f"{'':7} {'':{width}}  {part.note}")
