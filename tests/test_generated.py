"""What is generated from the code is committed as it would be generated now."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import generate  # noqa: E402


@pytest.mark.parametrize("group", [generate.schemas, generate.docs])
def test_generated_files_are_current(group) -> None:
    stale = [
        name
        for name, text in group().items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `doit schemas docs`"
