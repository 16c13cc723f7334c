"""Imports between rooms go one way, and the light commands stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import comfyvn

ROOMS = [
    "source", "model", "story", "explore", "engine", "drivers", "plan", "advisory", "targets",
    "play", "serve", "lsp", "cli",
]  # fmt: skip
PACKAGE = Path(comfyvn.__file__).parent


def imported_rooms(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "comfyvn" and len(part) > 1} & set(ROOMS)


def test_every_room_imports_only_rooms_above_it() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).parts[0]
        if room not in ROOMS:
            continue
        below = {name for name in imported_rooms(path) if ROOMS.index(name) > ROOMS.index(room)}
        wrong += [f"{path.relative_to(PACKAGE)} imports {name}" for name in sorted(below)]
    assert wrong == []


def test_the_story_room_is_pure() -> None:
    banned = {"os", "pathlib", "random", "time", "datetime", "socket", "networkx", "requests"}
    wrong = []
    for path in (PACKAGE / "story").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            wrong += [f"{path.name} imports {n}" for n in names if n.split(".")[0] in banned]
    assert wrong == []


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from comfyvn.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'pydantic', 'ruamel', 'networkx', 'numpy', 'PIL', 'pyarrow', 'rich', 'jinja2',"
        " 'fsspec', 's3fs', 'gcsfs', 'doit', 'playwright'}\n"
        "sys.exit(repr(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
