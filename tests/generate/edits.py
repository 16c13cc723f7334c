"""Random edits of a project's scenes, as a writer makes them between two builds."""

from __future__ import annotations

import random
import re

from tests.generate.stories import Project

_TEXT = re.compile(r"[^\W\d_]|\\|«|\?\?\?")


def edit(rng: random.Random, project: Project) -> Project:
    """Return the project with some lines of its scenes reworded, moved, deleted and added."""
    edited = dict(project)
    scenes = [path for path in project if path.startswith("scenes/")]
    for path in rng.sample(scenes, rng.randint(1, len(scenes))):
        head, body = edited[path].split("\n---", 1)
        blocks = body.split("\n\n")
        for _ in range(rng.randint(1, 4)):
            _change(rng, blocks)
        edited[path] = head + "\n---" + "\n\n".join(blocks)
    return edited


def _change(rng: random.Random, blocks: list[str]) -> None:
    """Change one paragraph of text at the top level, of which there may be none."""
    places = [i for i, block in enumerate(blocks) if i and _TEXT.match(block) and "^" not in block]
    if not places:
        return
    i = rng.choice(places)
    kind = rng.randrange(5)
    if kind == 0:
        blocks[i] += f"\nA new line {rng.randrange(1000)}."
    elif kind == 1:
        first, *rest = blocks[i].split("\n")
        blocks[i] = "\n".join([f"Reworded\\, {first}" if ":" not in first else first, *rest])
    elif kind == 2:
        blocks[i] = f"Another line {rng.randrange(1000)}."
    elif kind == 3:
        moved = blocks[i]
        _delete(blocks, i)
        blocks.insert(i if i == places[-1] else rng.choice([p for p in places if p <= i]), moved)
    else:
        _delete(blocks, i)


def _delete(blocks: list[str], i: int) -> None:
    """Delete a paragraph; something stays where blocks would meet that must not."""
    before, after = blocks[i - 1], "".join(blocks[i + 1 : i + 2])
    needed = after.startswith(("`el", "`end`")) or (_in_list(before) and _in_list(after))
    blocks[i : i + 1] = ["Left."] if needed else []


def _in_list(block: str) -> bool:
    return block[:1] in "-123456789 `"
