"""The picture of a name, hand-made or made, as a Markdown image."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import STATE
from comfyvn.engine.objects import update_file
from comfyvn.lsp.project import Project
from comfyvn.source.files import read_file

_EDGE = 320
"""The longest edge at which it is shown, in pixels."""


def picture_of(project: Project, kind: str, subject: str, traits: Collection[str]) -> str:
    """Return the first picture of a subject that has all traits, as Markdown; empty if none is."""
    found = project.answers
    if found is None:
        return ""
    for each_kind, each_subject, each_traits, key in found["answers"]:
        if (each_kind, each_subject) == (kind, subject) and set(traits) <= set(each_traits):
            small = _small(project.root, found["assets"].get(key), key)
            if small is not None:
                return f"![{' '.join((subject, *each_traits))}]({small.as_uri()})"
    return ""


def _small(root: Path, path: str | None, key: str) -> Path | None:
    """Return a small copy of a picture, which is kept beside the editor's results."""
    import io

    from PIL import Image

    data = _content(root, path, key)
    if data is None:
        return None
    folder = root / STATE / "lsp" / "pictures"
    file = folder / f"{digest_of(data)[:20]}.webp"
    if file.is_file():
        return file
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((_EDGE, _EDGE))
            made = io.BytesIO()
            picture.save(made, "WEBP", quality=80)
        folder.mkdir(parents=True, exist_ok=True)
        update_file(file, made.getvalue())
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return file


def _content(root: Path, path: str | None, key: str) -> bytes | None:
    """Return a hand-made file, or what the last build made."""
    from comfyvn.plan.registry_rows import Past

    if path is not None:
        try:
            return read_file(root / path)
        except OSError:
            return None
    past = Past(root)
    try:
        return past.content(f"@made/{key}")
    finally:
        past.close()
