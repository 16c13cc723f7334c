"""The measured length of spoken lines beside the estimate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builds.example import build
from spoken_story import write_story

from comfyvn.cli.main import main
from comfyvn.explore.contents import contents_of
from comfyvn.plan.clip_lengths import clip_seconds
from tests.generate.build import compile_folder


@pytest.mark.espeak
def test_clips_of_the_last_build_are_measured(tmp_path: Path, capsys) -> None:
    root = tmp_path / "pier"
    write_story(root)
    assert clip_seconds(root, "en") == {}
    assert not build(root, "web").failures
    seconds = clip_seconds(root, "en")
    assert seconds
    assert all(0.1 < each < 30 for each in seconds.values())
    assert clip_seconds(root, "es").values() != seconds.values()
    capsys.readouterr()
    assert main(["explore", "--runs", "0", "--json", "-C", str(root)]) == 0
    speakers = json.loads(capsys.readouterr().out)["speakers"]
    compiled, _ = compile_folder(root)
    assert compiled is not None
    lines = contents_of(compiled.program).lines
    for each in speakers:
        own = [seconds[id] for id in seconds if each["id"] in (lines[id].who or ("",))]
        assert each["clips"] == len(own)
        assert (each["measured"] or 0) == pytest.approx(sum(own) / 60)
    told = {each["id"]: (each["clips"], each["lines"]) for each in speakers}
    assert told["mei"][0] < told["mei"][1]
    assert main(["explore", "--runs", "0", "-C", str(root)]) == 0
    assert "they last" in capsys.readouterr().out
