"""A small story of which everything is known."""

from __future__ import annotations

from pathlib import Path

from tests.generate.build import write

FILES = {
    "vn.yaml": "format: 1\nid: fork\ntitle: The Fork\nstart: door\ntimeline: all\n",
    "timelines/all.yaml": "chapters:\n  - title: One\n    scenes: [door, hall]\n",
    "state.yaml": "key: {type: bool}\n",
    "characters/ada.yaml": "name: Ada\n",
    "characters/bo.yaml": "name: Bo\n",
    "worlds/house.yaml": "locations: {door: {}, hall: {}, cellar: {}}\n",
    "scenes/door.md": """\
---
location: door
---

You stand at a door.

Ada: Do we go in?

- [Go in.](hall.md)
- Take the key.

  `set key = true`

  Bo: It is warm.

  [In](hall.md)
- Walk away now.

  `ending away "Away"`
""",
    "scenes/hall.md": """\
---
location: hall
---

The hall is dark.

- Unlock the cellar. `if key` `locked "You have no key"`

  `ending cellar "The Cellar"`
- Go back home.

  `ending home "Home Again"`
""",
}
"""Three endings; four routes, through two menus at most."""

HIDDEN = {
    **FILES,
    "scenes/attic.md": """\
---
location: cellar
---

Nobody ever comes up here.

`ending attic "The Attic"`
""",
}
"""The same, and a scene that nothing leads to."""


def make_fork(root: Path, files: dict[str, str] = FILES) -> Path:
    write(files, root)
    return root
