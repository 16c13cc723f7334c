"""The same work for ComfyVN and for other tools: copy files, or make a site of scenes."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple


class Peer(NamedTuple):
    """A tool in a folder with its sources.

    Attributes:
        name: as it is printed.
        root: the folder.
        command: builds there.
        made: patterns of the folders and files that a first build does not find.
        source: from an index to the source of that index.
        result: from an index to what is made of it; None if that is no file of its own.
    """

    name: str
    root: Path
    command: tuple[str, ...]
    made: tuple[str, ...]
    source: Callable[[int], Path]
    result: Callable[[int], Path] | None

    def clear(self) -> None:
        """Remove everything that builds made."""
        for path in chain.from_iterable(map(self.root.glob, self.made)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


NINJA = "rule copy\n  command = cp $in $out\n"
MAKE = """IN = $(wildcard in/*.txt)
all: $(IN:in/%=out/%)
out:
\tmkdir out
out/%.txt: in/%.txt | out
\tcp $< $@
"""
DOIT = """import glob, os, shutil
os.makedirs("out", exist_ok=True)
DOIT_CONFIG = {"verbosity": 0, "reporter": "zero"}
def task_copy():
    for source in glob.glob("in/*.txt"):
        target = "out" + source[2:]
        yield {"name": source, "actions": [(shutil.copyfile, [source, target])],
               "file_dep": [source], "targets": [target]}
"""
SCONS = """import glob
env = Environment(tools=[])
for source in glob.glob("in/*.txt"):
    env.Command("out" + source[2:], source, Copy("$TARGET", "$SOURCE"))
"""
RULE = """copy:
  for: {files: "in/*.txt"}
  inputs: ["{path}"]
  outputs: ["build/copies/{name}"]
  action: comfyvn.engine.actions:copy
"""
ONE_SCENE = {
    "vn.yaml": "format: 1\nid: copies\ntitle: Copies\nstart: only\ntargets: [web]\n",
    "scenes/only.md": '---\ntitle: Only\n---\n\nRain.\n\n`ending done "Done"`\n',
}
HUGO = {
    "hugo.toml": 'baseURL = "https://example.org/"\ntitle = "Scenes"\n',
    "layouts/_default/baseof.html": "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
    '<title>{{ .Title }}</title></head><body>{{ block "main" . }}{{ end }}</body></html>\n',
    "layouts/_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>'
    "{{ .Content }}{{ end }}\n",
    "layouts/_default/list.html": '{{ define "main" }}<h1>{{ .Title }}</h1>'
    "<p>{{ len .Pages }}</p>{{ end }}\n",
}  # fmt: skip
BARE = {
    "hugo.toml": f"{HUGO['hugo.toml']}disableKinds = "
    '["taxonomy", "term", "RSS", "sitemap", "404"]\n'
}


def copiers(root: Path, count: int) -> tuple[list[Peer], list[str]]:
    """Write `count` small files for each tool that copies them; return tools, and who is absent."""
    names = [f"f{index:05}.txt" for index in range(count)]
    ninja = NINJA + "".join(f"build out/{name}: copy in/{name}\n" for name in names)
    doit = (sys.executable, "-m", "doit")
    scons = (_beside("scons"), "-s", "-j2")
    wanted = [
        ("comfyvn", _comfyvn(), {**ONE_SCENE, "rules/copy.yaml": RULE}, ("build", ".comfyvn")),
        ("ninja", ("ninja",), {"build.ninja": ninja}, ("out", ".ninja_log", ".ninja_deps")),
        ("make", ("make", "-s", "-j2"), {"Makefile": MAKE}, ("out",)),
        ("doit", doit, {"dodo.py": DOIT}, ("out", ".doit.db*")),
        ("scons", scons, {"SConstruct": SCONS}, ("out", ".sconsign.dblite")),
    ]
    found, absent = [], []
    for name, command, files, made in wanted:
        folder = root / name
        if not _is_there(command):
            absent.append(name)
            continue
        _write(folder, files)
        (folder / "in").mkdir()
        for index, each in enumerate(names):
            (folder / "in" / each).write_text(f"{index}: the rain goes on.\n" * 20)
        found.append(Peer(name, folder, command, made, *_copied(folder, names, name)))
    return found, absent


def _copied(
    folder: Path, names: Sequence[str], tool: str
) -> tuple[Callable[[int], Path], Callable[[int], Path]]:
    out = folder / ("build/copies" if tool == "comfyvn" else "out")
    return (lambda index: folder / "in" / names[index]), (lambda index: out / names[index])


def publishers(root: Path, count: int) -> tuple[list[Peer], list[str]]:
    """Write `count` scenes for ComfyVN and the same for Hugo; return the tools, and who is absent.

    Hugo gets the smallest theme by which each scene is a page. It makes these pages and nothing
    else, and a second time, as `hugo-default`, what it makes of a site that says nothing of it:
    feeds and a site map too.
    """
    from projects import write_project

    ours = root / "comfyvn"
    write_project(ours, 8 * count, 60 * count, count)
    scenes = sorted(path.name for path in (ours / "scenes").iterdir())
    found = [
        Peer(
            "comfyvn",
            ours,
            (*_comfyvn(), "web"),
            ("build", ".comfyvn", "vn.lock"),
            lambda index: ours / "scenes" / scenes[index],
            None,
        )
    ]
    hugo = ("hugo", "--quiet")
    if not _is_there(hugo):
        return found, ["hugo"]
    for name, files in (("hugo", HUGO | BARE), ("hugo-default", HUGO)):
        _write(root / name, files)
        shutil.copytree(ours / "scenes", root / name / "content" / "scenes")
        places = _published(root / name, scenes)
        made = ("public", "resources", ".hugo_build.lock")
        found.append(Peer(name, root / name, hugo, made, *places))
    return found, []


def _published(
    folder: Path, scenes: Sequence[str]
) -> tuple[Callable[[int], Path], Callable[[int], Path]]:
    content, public = folder / "content/scenes", folder / "public/scenes"
    return (
        lambda index: content / scenes[index],
        lambda index: public / scenes[index][:-3] / "index.html",
    )


def published(root: Path) -> set[str]:
    """Return every text in the story files of a site that ComfyVN made."""
    texts: set[str] = set()
    waiting = [json.loads(path.read_bytes()) for path in (root / "build/web/story").iterdir()]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            texts.add(value)
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return texts


def _comfyvn() -> tuple[str, ...]:
    return (sys.executable, "-m", "comfyvn", "build", "-q")


def _beside(name: str) -> str:
    """Return a script that was installed with this Python, if there is one."""
    path = Path(sys.executable).with_name(name)
    return str(path) if path.exists() else name


def _is_there(command: Sequence[str]) -> bool:
    if command[1:2] == ("-m",) and command[2] == "doit":
        import importlib.util

        return importlib.util.find_spec("doit") is not None
    return shutil.which(command[0]) is not None


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
