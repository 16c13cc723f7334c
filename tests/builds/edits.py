"""Random edits of a project, as writers, translators, git and accidents make them."""

from __future__ import annotations

from collections.abc import Callable

from builds.accidents import older_lock, older_project, rewrite, spoil, tamper, touch
from builds.edits_of_scenes import (
    add_line,
    add_scene,
    catalogue,
    comment,
    delete_block,
    delete_scene,
    front_matter,
    move_block,
    rename_label,
    rename_scene,
    reword,
)
from builds.edits_of_things import (
    asset,
    character,
    note,
    project,
    rule,
    state,
    theme,
    timeline,
    world,
)
from builds.example import restore, sources
from builds.writer import Writer

KINDS: dict[Callable[[Writer], str | None], int] = {
    reword: 6, add_line: 4, delete_block: 3, move_block: 4, comment: 2, front_matter: 3,
    rename_scene: 3, rename_label: 2, add_scene: 2, delete_scene: 2,
    character: 3, world: 2, theme: 1, state: 2, timeline: 2, project: 2, catalogue: 4,
    rule: 4, note: 2, asset: 5,
    older_lock: 3, older_project: 3, touch: 1, rewrite: 1, spoil: 3, tamper: 2,
}  # fmt: skip
"""Every edit, and how often it is made beside the others; one that finds no place says nothing."""


def edit(writer: Writer, *, mend: bool) -> str:
    """Change something; return what. With `mend`, mostly bring back what was last in order."""
    writer.past.append(sources(writer.root))
    if mend and writer.random.random() < 0.7:
        restore(writer.root, writer.good)
        return "bring back what was in order"
    while True:
        kind = writer.random.choices(list(KINDS), list(KINDS.values()))[0]
        if (said := kind(writer)) is not None:
            return said
