"""The server with a real editor: Debian's Neovim, without a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lsp.small import make

HERE = Path(__file__).parent


@pytest.mark.neovim
def test_neovim_reads_types_and_renames(tmp_path: Path) -> None:
    story = make(tmp_path / "story")
    answers = tmp_path / "answers.json"
    environment = {
        **os.environ,
        "PYTHON": sys.executable,
        "PYTHONPATH": str(HERE.parents[1]),
        "STORY": str(story),
        "ANSWERS": str(answers),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    script = f"luafile {HERE / 'neovim.lua'}"
    command = ["nvim", "--headless", "-u", "NONE", "-n", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    found = json.loads(answers.read_text(encoding="utf-8"))
    assert "error" not in found, (found, done.stderr)
    assert found["finding"] == "trsut"
    assert "How far she trusts." in found["hover"]
    assert "trust" in found["completion"]
    assert found["definition"] == (story / "state.yaml").as_uri()
    assert found["renamed"] == "`set faith += 1` `prop lamp at desk`"
    assert found["clean"]
    assert "faith:\n" in (story / "state.yaml").read_text(encoding="utf-8")
