"""What git, editors and accidents do to a project."""

from __future__ import annotations

import os
import time

from builds.example import restore, sources, tree
from builds.writer import Writer, write


def older_lock(w: Writer) -> str | None:
    past = w.random.choice(w.past)
    path = w.root / "vn.lock"
    if w.random.random() < 0.2 or "vn.lock" not in past:
        path.unlink(missing_ok=True)
        return "remove vn.lock"
    if w.random.random() < 0.2 and path.exists():
        both = {*past["vn.lock"].splitlines(True), *path.read_bytes().splitlines(True)}
        write(path, b"".join(sorted(both)))
        return "merge vn.lock with an older one"
    write(path, past["vn.lock"])
    return "bring back an older vn.lock"


def older_project(w: Writer) -> str:
    past = dict(w.random.choice(w.past))
    match w.random.randrange(3):
        case 0:
            restore(w.root, past)
            return "bring back an older state of everything"
        case 1:
            now = sources(w.root)
            past.pop("vn.lock", None)
            restore(w.root, past | ({"vn.lock": now["vn.lock"]} if "vn.lock" in now else {}))
            return "bring back an older state of everything but vn.lock"
        case _:
            now = {p: d for p, d in sources(w.root).items() if not p.startswith("scenes/")}
            restore(w.root, now | {p: d for p, d in past.items() if p.startswith("scenes/")})
            return "bring back older scenes"


def touch(w: Writer) -> str:
    files = w.random.sample(sorted(sources(w.root)), 5)
    for name in files:
        path = w.root / name
        when = time.time() + w.random.choice([-1e6, -5, 0, 100])
        if not path.is_symlink():
            os.utime(path, (when, when))
    return f"touch {', '.join(files)}"


def rewrite(w: Writer) -> str:
    """Replace files by equal ones, as an editor that saves through a new file does."""
    files = w.random.sample(sorted(sources(w.root)), 3)
    for name in files:
        path = w.root / name
        if not path.is_symlink():
            data = path.read_bytes()
            path.unlink()
            path.write_bytes(data)
    return f"rewrite {', '.join(files)}"


def spoil(w: Writer) -> str | None:
    path = w.file(
        w.random.choice(
            ["scenes/*/*.md", "scenes/*/*.md", "*.yaml", "*/*.yaml", "i18n/*.po", "vn.lock"]
        )
    )
    if path is None:
        return None
    how = w.random.choice(["bytes", "syntax", "empty", "link", "folder", "cut"])
    data = path.read_bytes()
    if how == "bytes":
        write(path, data + b"\xff\xfe\x00")
    elif how == "syntax":
        write(path, data + b"\n\n`if`\n: [\n[go](#nowhere)\n")
    elif how == "empty":
        write(path, b"")
    elif how == "cut":
        write(path, data[: w.random.randrange(len(data) + 1)])
    elif path.name != "vn.lock" or how == "link":
        path.unlink()
        if how == "link":
            path.symlink_to("nowhere")
        else:
            path.mkdir()
            write(path / "in_the_way.md", b"Hello.\n")
    return f"spoil {w.name(path)}: {how}"


def tamper(w: Writer) -> str | None:
    """Do something to what a build left."""
    built = sorted(tree(w.root / "build")) if (w.root / "build").is_dir() else []
    if not built:
        return None
    names = w.random.sample(built, min(3, len(built)))
    w.altered.update(f"build/{name}" for name in names)
    for name in names:
        path = w.root / "build" / name
        how = w.random.randrange(3)
        data = path.read_bytes()
        path.unlink()
        if how == 1:
            path.write_bytes(data + b"!")
        elif how == 2:
            path.symlink_to("/dev/null")
    return f"alter the built {', '.join(names)}"
