"""`comfyvn new`: a small project that runs."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import sys
import unicodedata
from pathlib import Path

DODO = """\
from comfyvn.plan.doit_tasks import tasks  # `doit list` names them: yours can join

task_novel = tasks(__file__)
"""
"""What makes doit a front door of a project."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser(
        "new",
        help="make a small project that runs",
        description="Make a folder NAME (`My Novel` makes `my-novel`) with a short story in three "
        "scenes that checks, plays and builds, with a playtest, git files and editor settings. "
        "Nothing that exists is overwritten.",
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        help="what the game is called: its title; or, with a `/`, the folder to make, whose name "
        "is the title: `novels/comet`, `.` for DIR itself",
    )
    parser.add_argument(
        "-C",
        dest="directory",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="where to make the folder (default: here)",
    )
    parser.add_argument(
        "--here", action="store_true", help="put the files into DIR itself, not a new folder"
    )
    parser.add_argument(
        "--doit",
        action="store_true",
        help="add a dodo.py, so that `doit` lists and runs the build beside tasks of yours",
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="do not say what to do next")


def run(args: argparse.Namespace) -> int:
    """Make the project; return 0, 2 (no usable name) or 1 (files are in the way)."""
    title, folder, here = _place(args.name, args.directory, args.here)
    if not title or not title.isprintable():
        print("a title is needed, in printable characters", file=sys.stderr)
        return 2
    files = _files(title, project_id(title))
    if args.doit:
        files["dodo.py"] = DODO.encode()
        files[".gitignore"] += b"/.doit.db*\n"
    in_the_way = [path for path in files if (folder / path).exists()]
    if in_the_way or (not here and folder.exists()):
        what = f"{folder}" if not in_the_way else f"{folder / in_the_way[0]}"
        print(f"{what} exists already; nothing was written", file=sys.stderr)
        return 1
    try:
        for path, data in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        print(f"cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        return 3
    if not args.quiet:
        where = "" if here and folder == Path() else f" -C {shlex.quote(str(folder))}"
        print(f"made {title!r} in {folder}; play it with `comfyvn play{where}`")
    return 0


def _place(name: str, directory: Path, here: bool) -> tuple[str, Path, bool]:
    """Return the title, the folder, and whether that may be there already."""
    name = unicodedata.normalize("NFC", name).strip()
    path = Path(name.replace("\\", "/"))
    if here:
        return name, directory, True
    if not re.search(r"[/\\]", name) and name not in (".", ".."):
        return name, directory / folder_name(name), False
    folder = directory / path
    there = folder.resolve() == directory.resolve()
    return (folder.resolve() if path.name in ("", "..") else path).name, folder, there


AWKWARD = r"[\s!-*,/:-@\[-^`{-~]+"
"""All of ASCII but letters, digits and `+-._`."""


def folder_name(title: str) -> str:
    """Return the folder of a title: the title itself where it can be typed and named everywhere.

    Else it is in small letters, with `-` for spaces and for what Windows forbids or shells read.
    """
    name = title[:60]
    if re.search(AWKWARD, name):
        name = re.sub(AWKWARD, "-", name.lower())
    name = name.strip(".-") or "my-novel"
    return f"{name}-novel" if _is_device(name) else name


def project_id(title: str) -> str:
    """Return a title as the project's id: small letters, digits and `_`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = re.sub("[^a-z0-9]+", "_", plain).strip("_")[:60]
    if not name:
        return "my_novel"
    return name if name[0].isalpha() and not _is_device(name) else f"vn_{name}"


def _is_device(name: str) -> bool:
    """Whether Windows takes a name, with any ending, for a device."""
    stem = unicodedata.normalize("NFKC", name).partition(".")[0].rstrip().upper()
    return re.fullmatch(r"CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9]", stem) is not None


def _files(title: str, name: str) -> dict[str, bytes]:
    """Return the files of a new project by path, sorted."""
    from comfyvn.data import data_folder

    template = data_folder("templates/new")
    files = {}
    for source in template.rglob("*"):
        if not source.is_file():
            continue
        # Kept as `dot.…` in the template, where git and packagers would obey them.
        path = source.relative_to(template).as_posix().replace("dot.", ".")
        data = source.read_bytes()
        if path == "vn.yaml":
            # A JSON string is a YAML one, whatever the title has in it.
            quoted = json.dumps(title, ensure_ascii=False)
            data = data.replace(b"@title@", quoted.encode()).replace(b"@id@", name.encode())
        elif path == "README.md":
            data = data.replace(b"@title@", re.sub(r"([\\`*_{}\[\]<>#])", r"\\\1", title).encode())
        files[path] = data
    for schema in data_folder("schemas").glob("*.schema.json"):
        if schema.name not in ("program.schema.json", "transcript.schema.json"):
            files[f".vscode/schemas/{schema.name}"] = schema.read_bytes()
    return dict(sorted(files.items()))
