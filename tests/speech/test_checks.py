"""The settings of speech are looked at before anything is spoken."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from comfyvn.drivers.speech.voices import fetched_folder, voices
from comfyvn.plan.check import Checker
from comfyvn.source.diagnostics import Span

PROJECT = """\
format: 1
id: harbour
title: Harbour
start: pier
language: en
languages: [en, pt-BR]
speech:
  make: hibari
  narrator: {narrator}
  languages: {languages}
  workflows: {workflows}
"""
SHEET = """\
name: Kit
voice:
  names:
    {names}
"""
SCENE = 'Kit: The barge is late.\n\n`ending late "Late"`\n'


def write_story(
    root: Path,
    names: str = "hibari: heart",
    narrator: str = "kit",
    languages: str = "{pt-BR: none}",
    workflows: str = "{}",
) -> None:
    files: Mapping[str, str] = {
        "vn.yaml": PROJECT.format(narrator=narrator, languages=languages, workflows=workflows),
        "characters/kit.yaml": SHEET.format(names=names),
        "scenes/pier.md": SCENE,
        "i18n/pt-BR.po": 'msgid ""\nmsgstr ""\n"Language: pt-BR\\n"\n',
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def found_in(root: Path) -> list[tuple[str, str, str, str | None]]:
    """Return the findings about voices: code, severity, place, help."""
    with Checker(root) as checker:
        findings = checker.check().findings
    return [
        (each.code, each.severity, placed(each.span), each.help)
        for each in findings.in_order()
        if each.code.startswith(("VN13", "VN14", "VN02"))
    ]


def placed(span: Span) -> str:
    return f"{span.path}:{span.line}:{span.column}"


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({}, None),
        ({"names": "hibari: ema"},
         ("VN1312", "error", "characters/kit.yaml:4:13", "did you mean `emma`?")),
        ({"names": "hibari: emma"},
         ("VN1313", "warning", "characters/kit.yaml:4:13",
          "`hibari --voice emma Hello -o hello.wav` fetches it")),
        ({"names": "hibary: emma"},
         ("VN0210", "error", "characters/kit.yaml:4:5", "did you mean `hibari`?")),
        ({"names": "openai: whatever"}, None),
        ({"narrator": "kitt"}, ("VN1310", "error", "vn.yaml:9:13", "did you mean `kit`?")),
        ({"languages": "{pt: espeak, pt-BR: none}"},
         ("VN1314", "warning", "vn.yaml:10:15", "did you mean `pt-BR`?")),
        ({"languages": "{fr: espeak, pt-BR: none}"},
         ("VN1314", "warning", "vn.yaml:10:15", "add it to `languages` in vn.yaml")),
        ({"workflows": "{eng: booth}"},
         ("VN1314", "warning", "vn.yaml:11:15", "did you mean `en`?")),
        ({"workflows": "{en: boot}"},
         ("VN1410", "error", "vn.yaml:11:19", "did you mean `booth`? There are `booth`")),
        ({"languages": "{pt-BR: comfyui}"},
         ("VN1410", "error", "vn.yaml:10:22",
          "there are `booth`: name one, `speech: {workflows: {pt-BR: booth}}`")),
    ],
)  # fmt: skip
def test_names_that_name_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, str],
    found: tuple[str, str, str, str] | None,
) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path / "none"))
    write_story(tmp_path, **wrong)
    (tmp_path / "workflows").mkdir()
    node = {"class_type": "Speak", "inputs": {"text": ""}, "_meta": {"title": "@text"}}
    saves = {"class_type": "SaveAudio", "inputs": {"audio": ["1", 0]}}
    (tmp_path / "workflows/booth.json").write_text(json.dumps({"1": node, "2": saves}))
    assert [each for each in found_in(tmp_path) if each[0] != "VN1303"] == [found] * bool(found)


def test_a_voice_that_was_fetched_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hibari.voices import ASSETS

    listed = json.loads((Path(ASSETS) / "voices.json").read_bytes())
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path / "fetched"))
    assert voices("hibari") == {name: name == "heart" for name in listed}
    (tmp_path / "fetched").mkdir()
    (tmp_path / "fetched" / listed["emma"]["file"]).write_bytes(b"a network")
    assert voices("hibari") == {name: name in ("heart", "emma") for name in listed}
    write_story(tmp_path / "story", names="hibari: emma")
    assert found_in(tmp_path / "story") == []


@pytest.mark.parametrize("name", ["HIBARI_HOME", "XDG_CACHE_HOME", ""])
def test_voices_are_looked_for_where_hibari_keeps_them(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hibari.voices import cache_dir

    for each in ("HIBARI_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(each, raising=False)
    if name:
        monkeypatch.setenv(name, str(tmp_path))
    assert str(fetched_folder()) == cache_dir()


def test_nothing_that_speaks_is_loaded_to_know_its_voices() -> None:
    code = (
        "import sys; from comfyvn.drivers.speech.voices import voices; voices('hibari');"
        "voices('piper'); print(*{'hibari', 'onnxruntime', 'numpy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_server_with_a_mistake_is_not_missing_too(tmp_path: Path) -> None:
    write_story(tmp_path, names="openai: onyx")
    settings = tmp_path / "vn.yaml"
    settings.write_text(settings.read_text("utf-8").replace("make: hibari", "make: openai"))
    said = "servers: {voice: {kind: openai, roles: [speech], url: 'http://x:1', spede: 2}}\n"
    (tmp_path / "compute.yaml").write_text(said, "utf-8")
    with Checker(tmp_path) as checker:
        assert [each.code for each in checker.check().findings.in_order()] == ["VN0210"]
    (tmp_path / "compute.yaml").write_text("servers: {voice: {roles: [speech]}}\n", "utf-8")
    with Checker(tmp_path) as checker:
        assert "VN1303" not in [each.code for each in checker.check().findings]
