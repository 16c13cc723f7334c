"""Builds of a story that is spoken: which lines, from what, and what an edit speaks again."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import av
import pytest
from builds.example import build, did, tree
from spoken_story import tone, write, write_story

from comfyvn.drivers.audio.encode import encode
from comfyvn.engine.store_view import StoreView
from comfyvn.plan.outcome import Outcome

PACKS = ("opus", "m4a")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "pier"


def sound(outcome: Outcome) -> Outcome:
    assert not outcome.failures
    assert not outcome.findings.has_errors, list(outcome.findings)
    return outcome


def indexes(root: Path) -> dict[str, Any]:
    """Return the index of each group of scenes, by its first scene."""
    folder = root / "build/web/voice"
    found = {}
    for path in folder.glob("*.json") if folder.is_dir() else ():
        index = json.loads(path.read_text())
        found[next(iter(index["en"]["scenes"]))] = index
    return found


def results(root: Path, step: str) -> dict[str, Any]:
    """Return what a step made, by its name."""
    store = StoreView(root / ".comfyvn")
    try:
        made = store.made(step)
        assert made is not None
        return {
            name: json.loads(store.get(digest) or b"") for name, digest, _ in made.result.outputs
        }
    finally:
        store.close()


def briefs(root: Path) -> dict[str, Any]:
    """Return what each clip is made from, by its key without the scene's."""
    return {
        name.partition("-")[2]: brief
        for scene in ("pier", "loft")
        for name, brief in results(root, f"speech {scene}").items()
        if name.startswith("@say/")
    }


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new, 1))


def spoke(outcome: Outcome) -> set[str]:
    """Return the clips that were spoken, and files that were listened to."""
    return {name for name in did(outcome) if name.split()[0] in ("speak", "record")}


def test_every_line_has_its_clips(root: Path) -> None:
    ids = write_story(root)
    sound(build(root))
    index = indexes(root)["pier"]
    english, spanish = (index[each]["scenes"]["pier"][2] for each in ("en", "es"))
    silent = {"named", "silence", "rain", "night"}
    assert english.keys() == {id for name, id in ids.items() if name not in silent}
    assert spanish.keys() == english.keys()
    assert english[ids["mood"]].keys() == {"I am calm, Mei.", "I am cross, Mei."}
    assert spanish[ids["mood"]].keys() == {"Estoy tranquilo, Mei.", "Estoy enfadado, Mei."}
    assert english[ids["coins"]].keys() == {"I have 3 coins."}
    assert isinstance(english[ids["came"]], int)
    # What is not translated is heard as it is written.
    loft = indexes(root)["loft"]
    assert loft["es"]["opus"] == loft["en"]["opus"]


def test_what_a_clip_is_made_from(root: Path) -> None:
    ids = write_story(root)
    sound(build(root))
    made = briefs(root)
    came = made[f"{ids['came']}-en"]
    assert came["text"] == "You came. I knew it."
    assert (came["make"], came["language"], came["manner"]) == ("espeak", "en", "")
    assert made[f"{ids['came']}-es"]["text"] == "Has venido. Lo sabía."
    assert made[f"{ids['quiet']}-en"]["voice"] == came["voice"], "Mei tells the story"
    mood = made[f"{ids['mood']}-en-2"]
    assert (mood["text"], mood["manner"]) == ("I am cross, Mei.", "whisper")
    assert mood["voice"] != came["voice"]
    assert made[f"{ids['taken']}-en"]["path"] == f"assets/voice/{ids['taken']}.ogg"
    assert f"{ids['rain']}-es" not in made
    assert len({json.dumps(each, sort_keys=True) for each in made.values()}) == len(made)


def test_each_range_of_a_pack_is_a_whole_clip(root: Path) -> None:
    write_story(root)
    sound(build(root))
    for index in indexes(root).values():
        for pack in index.values():
            for number, codec in enumerate(PACKS):
                data = (root / "build/web" / pack[codec]).read_bytes()
                end = 0
                for clip in pack["clips"]:
                    offset, length = clip[2 * number : 2 * number + 2]
                    assert offset == end
                    end = offset + length
                    with av.open(io.BytesIO(data[offset:end])) as file:
                        name = file.streams.audio[0].codec_context.name
                        assert name.removeprefix("lib") == {"opus": "opus", "m4a": "aac"}[codec]
                        frames = [*file.decode(audio=0)]
                    seconds = sum(frame.samples / frame.sample_rate for frame in frames)
                    assert seconds == pytest.approx(clip[4], abs=0.1)
                assert end == len(data)


def test_an_edit_speaks_only_that_line_again(root: Path) -> None:
    ids = write_story(root)
    sound(build(root))
    assert did(sound(build(root))) == set()
    edit(root, "scenes/loft.md", "Rain on", "Hail on")
    outcome = sound(build(root))
    assert spoke(outcome) == {f"speak loft {ids['rain']}-en"}
    assert {name for name in did(outcome) if name.startswith("web-voice")} == {"web-voice loft"}
    placed = {name for name in did(outcome) if name.startswith("renpy-voice ")}
    assert placed == {f"renpy-voice loft {ids['rain']} {each} 1" for each in ("en", "es")}
    # A translation's edit speaks nothing in the other language; one of a sheet, only their lines.
    edit(root, "i18n/es.po", "muy quieto", "quieto")
    assert spoke(sound(build(root))) == {f"speak pier {ids['quiet']}-es"}
    edit(root, "characters/kenji.yaml", "1.5", "2.5")
    kenjis = spoke(sound(build(root)))
    assert kenjis
    assert not any(ids["came"] in name or ids["rain"] in name for name in kenjis)
    # What only moves or is shown otherwise is not spoken again.
    edit(root, "scenes/pier.md", "*very* quiet", "**very** quiet")
    assert spoke(sound(build(root))) == set()
    left = tree(root / "build")
    edit(root, "scenes/loft.md", "Hail on", "Rain on")
    assert spoke(sound(build(root))) == set(), "it was spoken before"
    assert tree(root / "build") != left


def test_a_recording_takes_the_place_of_a_voice(root: Path) -> None:
    ids = write_story(root)
    sound(build(root))
    for folder, hertz in (("voice/mei", 440.0), ("voice/es/mei", 550.0)):
        path = root / f"assets/{folder}/{ids['came']}.flac"
        path.parent.mkdir(parents=True)
        path.write_bytes(encode(tone(hertz), "flac"))
    outcome = sound(build(root))
    assert spoke(outcome) == {f"record pier {ids['came']}-{each}" for each in ("en", "es")}
    (root / f"assets/voice/{ids['came']}.ogg").write_bytes(encode(tone(660.0), "opus"))
    (found,) = [item for item in build(root).findings if item.severity == "error"]
    assert found.code == "VN1311"


def test_recordings_need_no_speech(root: Path) -> None:
    ids = write_story(root, speech=False)
    sound(build(root))
    (pack,) = {json.dumps(index["en"]["scenes"]) for index in indexes(root).values()}
    assert json.loads(pack) == {"pier": [0, 1, {ids["taken"]: 0}]}
    files = sorted(path.name for path in (root / "build/renpy/game/voice/en").iterdir())
    assert files == [f"{ids['taken']}.opus"]


def test_a_story_without_voices_has_no_step_for_them(root: Path) -> None:
    ids = write_story(root, speech=False)
    (root / f"assets/voice/{ids['taken']}.ogg").unlink()
    outcome = sound(build(root))
    rules = {"cast", "speech", "speak", "record", "master", "web-voice", "renpy-voice"}
    assert rules.isdisjoint(each.step.rule for each in outcome.ran)
    assert not [name for name in tree(root / "build") if "/voice/" in name and ids["taken"] in name]
    assert not (root / "build/renpy/game/voices.rpy").exists()
    # They come with a line of `vn.yaml`, and go with it.
    text = (root / "vn.yaml").read_text()
    (root / "vn.yaml").write_text(text + "speech: {make: espeak}\n")
    assert spoke(sound(build(root)))
    assert (root / "build/renpy/game/voices.rpy").exists()
    (root / "vn.yaml").write_text(text)
    sound(build(root))
    assert not (root / "build/renpy/game/voices.rpy").exists()
    assert not indexes(root)


def test_a_language_may_stay_silent_and_the_narrator_must_be_there(root: Path) -> None:
    ids = write_story(root)
    speech = "speech: {make: espeak, narrator: mei}"
    edit(root, "vn.yaml", speech, "speech: {make: espeak, languages: {es: none}}")
    sound(build(root))
    said = {id for index in indexes(root).values() for _, _, lines in
            index["en"]["scenes"].values() for id in lines}  # fmt: skip
    assert ids["quiet"] not in said
    assert ids["came"] in said
    spanish = indexes(root)["pier"]["es"]["scenes"]["pier"][2]
    assert ids["came"] not in spanish, "no English voice under a translated line"
    edit(root, "vn.yaml", "languages: {es: none}", "narrator: meii")
    (found,) = [item for item in build(root).findings if item.severity == "error"]
    assert (found.code, found.help) == ("VN1310", "did you mean `mei`?")


def test_what_stays_silent_is_told(root: Path) -> None:
    ids = write_story(root)
    write(root, {"scenes/loft.md": 'Mei: Say {word}. ^word\n\n`ending done "Done"`\n'})
    sound(build(root))
    entries = results(root, "speech pier")["@lines/pier"]
    assert ["en", ids["coins"], "", "values"] in entries
    (said,) = (line for line in results(root, "speech loft")["@lines/loft"] if line[0] == "en")
    assert said[2:] == ["", "values"]
