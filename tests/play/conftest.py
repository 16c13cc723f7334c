"""A small project to play."""

from __future__ import annotations

from pathlib import Path

import pytest

FILES = {
    "vn.yaml": "format: 1\nid: small\ntitle: Small\nstart: door\nlanguages: [en, es]\n",
    "state.yaml": "called: {type: text}\ntries: {type: int}\n",
    "characters/mei.yaml": 'name: Mei\ncolour: "#e8a87c"\n',
    "scenes/door.md": """\
---
title: The door
---

Rain on the *door*.

Mei: Who is there? ^who

- A friend.
- Nobody. `if tries > 0` `locked "Nobody would say so yet"`
- Kick it. `once`

  `set tries += 1`

  [](#knock)

<!-- -->

`input called "And your name?" default "Ana" max 8`

Mei (whisper): {called}.

`ending in "Inside"`

## knock

Nothing.

`ending out "Outside"`
""",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the folder of a project with a menu, an input and two endings."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path
