"""What is generated from the code is committed as it would be generated now."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# By its path: `generate` is also the name of what makes stories here.
sys.path.append(str(ROOT / "tools"))
SPEC = spec_from_file_location("write_generated", ROOT / "tools" / "generate.py")
assert SPEC is not None
assert SPEC.loader is not None
generate = module_from_spec(SPEC)
SPEC.loader.exec_module(generate)


@pytest.mark.parametrize("group", [generate.schemas, generate.docs])
def test_generated_files_are_current(group) -> None:
    stale = [
        name
        for name, text in group().items()
        if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `doit schemas docs`"
