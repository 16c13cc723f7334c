"""A tiny project, which tests build and ask about."""

from __future__ import annotations

from pathlib import Path

SCENES = {
    "one": "Hello.\n\n[Go on](two.md)\n",
    "two": 'World of paper and rain.\n\n`ending done "Done"`\n',
    "three": "Nobody comes here.\n\n[Back](one.md)\n",
}


def make(root: Path) -> Path:
    (root / "scenes").mkdir(parents=True)
    (root / "vn.yaml").write_text(
        "format: 1\nid: tiny\ntitle: Tiny\nstart: one\ntargets: [web]\n", encoding="utf-8"
    )
    for name, text in SCENES.items():
        (root / f"scenes/{name}.md").write_text(text, encoding="utf-8")
    return root


def contents(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


def edit(project: Path, scene: str = "two") -> None:
    path = project / f"scenes/{scene}.md"
    path.write_text(path.read_text("utf-8").replace("World", "Worlds"), encoding="utf-8")
