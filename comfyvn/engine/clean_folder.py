"""The folder that a command runs in: its inputs, and nothing else of the project."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.objects import place
from comfyvn.engine.pattern import is_pattern, select

EPOCH = 315532800
"""The time that files are told to bear: the first that a ZIP archive can hold, 1980-01-01."""

_FIELD = re.compile(r"\{\{|\}\}|\{(input|output)(?:\[(\d+)\])?\}|\{params\.(\w+)\}")


class CommandError(Exception):
    """A command did not do what its rule says; the message is for the rule's author."""

    expected = True


def lay_out(context: Context, folder: Path) -> None:
    """Place a step's inputs in a folder, by their names, and make the folders of its outputs.

    They are copies, since a command may write where it should only read.

    Raises:
        OSError: the folder cannot be written.
        CommandError: an input has a name that leads out of the folder.
    """
    for name in input_names(context):
        target = folder / name
        if ".." in target.parts:
            raise CommandError(f"`{name}` leads out of the folder")
        source = context.path(name)
        place(source, target)
        target.chmod(0o700 if os.access(source, os.X_OK) else 0o600)
    for name in context.outputs:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)


def input_names(context: Context) -> list[str]:
    """Return the names of all inputs, those that patterns stand for included."""
    return [name for given in context.inputs for name in _meant(context, given)]


def _meant(context: Context, name: str) -> Sequence[str]:
    return context.names(name) if is_pattern(name) else (name,)


def environment(folder: Path) -> dict[str, str]:
    """Return the variables a command sees: the same on every machine, but for the path."""
    made = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "SOURCE_DATE_EPOCH": str(EPOCH),
    }
    if os.name == "nt":  # without it no program of Windows starts
        made["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", "C:\\Windows")
    return made


def command_line(context: Context) -> list[str]:
    """Return the command line of a step, filled in.

    An argument that is `{input}` or `{output}` and nothing else becomes one argument for each of
    them; within other text there must be one only, or a number: `{input[0]}`.

    Raises:
        CommandError: a field cannot be filled in.
    """
    given: Sequence[str] = context.params["command"]
    params: Mapping[str, Any] = context.params["params"]
    lists = {"input": input_names(context), "output": list(context.outputs)}
    return [argument for text in given for argument in _filled(text, lists, params)]


def _filled(text: str, lists: Mapping[str, list[str]], params: Mapping[str, Any]) -> Iterator[str]:
    whole = _FIELD.fullmatch(text)
    if whole is not None and whole[1] and whole[2] is None:
        yield from map(_as_argument, lists[whole[1]])
        return

    def fill(field: re.Match[str]) -> str:
        if field[0] in ("{{", "}}"):
            return field[0][0]
        if field[3]:
            if field[3] not in params:
                raise CommandError(f"`{field[0]}` names no parameter of the rule")
            value = params[field[3]]
            return value if isinstance(value, str) else json_text(value)
        names = lists[field[1]]
        if field[2] is None and len(names) != 1:
            raise CommandError(
                f"`{field[0]}` within `{text}` stands for {len(names)} names: give its number, "
                f"`{{{field[1]}[0]}}`, or let it be an argument of its own"
            )
        index = int(field[2] or 0)
        if index >= len(names):
            raise CommandError(f"`{field[0]}` in `{text}`: there are {len(names)}, counted from 0")
        return names[index] if field.start() else _as_argument(names[index])

    yield _FIELD.sub(fill, text)


def json_text(value: Any) -> str:
    """Return a parameter that is no text as an argument: its JSON."""
    from comfyvn.engine.step import canonical

    return canonical(value)


def _as_argument(name: str) -> str:
    """Return a name that no program takes for an option."""
    return f"./{name}" if name.startswith("-") else name


def collect(outputs: Sequence[str], folder: Path) -> dict[str, Path]:
    """Return the file of each output that a command left in its folder.

    Raises:
        CommandError: one is missing, or is no file.
    """
    found: dict[str, Path] = {}
    every: list[str] | None = None
    for name in outputs:
        if is_pattern(name):
            every = sorted(_files(folder)) if every is None else every
            names = select(name, every)
        else:
            names = [name]
        for each in names:
            path = folder / each
            if path.is_symlink() or not path.is_file():
                there = "is no file" if path.exists() or path.is_symlink() else "is not there"
                raise CommandError(
                    f"it came to its end, and the output `{each}` {there}: write it below the "
                    "folder that the command runs in, under exactly this name"
                )
            found[each] = path
    return found


def _files(folder: Path) -> Iterator[str]:
    for here, _, names in os.walk(folder):
        for name in names:
            yield (Path(here) / name).relative_to(folder).as_posix()


def remove(folder: Path) -> None:
    """Remove a folder and what a command left in it, also where it took away permissions."""

    def open_up(function: Any, path: str, _: object) -> None:
        try:
            Path(path).parent.chmod(0o700)
            Path(path).chmod(0o700)
            function(path)
        except OSError:
            pass  # what cannot be removed now is in nobody's way

    shutil.rmtree(folder, onerror=open_up)
