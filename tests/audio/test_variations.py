"""Variations of music: what each style does, loops without a seam, the same bytes everywhere."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.loudness import loudness, true_peak
from comfyvn.drivers.music.styles import STYLES
from comfyvn.drivers.music.track import RATE, Floats, Track
from comfyvn.drivers.music.vary import CEILING, LUFS, LoopError, varied, vary
from comfyvn.model.music import MusicStyle
from comfyvn.plan.check import Checker
from comfyvn.plan.variations import DEFAULTS, variations
from comfyvn.source.diagnostics import Diagnostics
from tests.builds.example import build, count, did

SECONDS = 6
NOTES = (220.0, 277.2, 329.6, 440.0, 329.6, 277.2)


@cache
def tune(seconds: float = SECONDS) -> Clip:
    """Return plucked notes, one a second: what rings at the end does at the beginning."""
    length = round(seconds * RATE)
    made = np.zeros((length, 2))
    time = np.arange(2 * RATE) / RATE
    for at, hertz in enumerate(NOTES[: round(seconds)]):
        note = sum(
            np.sin(2 * np.pi * hertz * n * time) * np.exp(-time * (1 + n)) / n for n in range(1, 13)
        )
        note *= np.minimum(1, time / 0.004) * np.minimum(1, (2 - time) / 0.1)
        places = (at * RATE + np.arange(len(time))) % length
        for ear, gain in enumerate((0.2, 0.12 + 0.02 * at)):
            np.add.at(made[:, ear], places, gain * note)
    return Clip(made.astype(np.float32), RATE)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tune") / "tune.ogg"
    path.write_bytes(encode(tune(), "opus", 128_000))
    return path


def step(**said: Any) -> dict[str, Any]:
    return {**DEFAULTS, **said}


def made(*steps: dict[str, Any], loop: dict[str, float] | None = None) -> Track:
    return varied(tune(), [step(**each) for each in steps], loop)


def seam(track: Track) -> tuple[float, float]:
    """Return how far the sound leaps where it is repeated, and how far it moves near there."""
    before, behind = track.loop[-240:], track.loop[:240]
    moves = max(np.abs(np.diff(part, axis=0)).max() for part in (before, behind))
    return float(np.abs(behind[0] - before[-1]).max()), float(moves)


def share(samples: Floats, low: float, high: float) -> float:
    """Return the part of the power between two frequencies, in dB."""
    power = np.square(np.abs(np.fft.rfft(samples.mean(axis=1))))
    at = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[(at >= low) & (at < high)].sum() / power.sum() + 1e-12))


LOOPS = (None, {"start": 2.0, "end": 5.0}, {"start": 1.0}, {"end": 4.0})


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(
    "how", [*({"style": style} for style in STYLES), {"tempo": 0.8}, {"pitch": -3, "tempo": 1.3}]
)
def test_nothing_is_heard_of_the_seam(how: dict[str, Any], loop: dict[str, float] | None) -> None:
    track = made({**how, "loop": loop} if loop else how)
    if how == {"style": "as_is"}:
        assert np.allclose(track.samples, tune().samples)
        return  # its loop is what its author made it
    if not track.whole and "style" in how:
        # Where the source leaps, so does what is made of it: the cut is not ours.
        plain = seam(made({"loop": loop}))
        assert seam(track)[0] <= max(2 * plain[0], 3 * seam(track)[1], 0.02)
        return
    leap, moves = seam(track)
    assert leap <= max(1.5 * moves, 0.02)


def test_around_its_loop_a_sound_does_not_leap() -> None:
    for how in ({"style": "distant", "strength": 1}, {"tempo": 0.8}):
        track = made({**how, "loop": {"start": 2.0, "end": 4.0}})
        moves = np.abs(np.diff(track.samples, axis=0)).max(axis=1)
        for at in (track.start - 1, track.end - 1):
            assert moves[at] <= 1.5 * np.delete(moves[at - 240 : at + 240], 240).max()


def test_each_style_is_heard() -> None:
    tracks = {style: made({"style": style}) for style in STYLES}
    plain = tracks["as_is"].samples
    treble = {name: share(track.samples, 1200, 20_000) for name, track in tracks.items()}
    bass = {name: share(track.samples, 20, 230) for name, track in tracks.items()}
    assert treble["muffled"] < treble["as_is"] - 10
    assert treble["distant"] < treble["as_is"] - 2
    assert bass["radio"] < bass["as_is"] - 3

    def apart(samples: Floats) -> float:
        return float(np.abs(np.diff(samples, axis=1)).mean() / np.abs(samples).mean())

    assert apart(tracks["radio"].samples) < 1e-6
    assert apart(tracks["muffled"].samples) < apart(plain)

    # A hall fills the rests: the quiet moments are less far below the loud ones.
    def rests(samples: Floats) -> float:
        power = np.square(samples).reshape(-1, 2400, 2).mean(axis=(1, 2))
        return float(10 * np.log10(np.quantile(power, 0.1) / np.quantile(power, 0.9)))

    assert rests(tracks["distant"].samples) > rests(plain) + 2
    # What crackles is above what was there at all.
    assert share(tracks["lofi"].samples, 8000, 20_000) > share(plain, 8000, 20_000) + 6


def test_more_of_a_style_is_more() -> None:
    treble = [
        share(made({"style": "muffled", "strength": each}).samples, 800, 20_000)
        for each in (0, 0.5, 1)
    ]
    assert treble == sorted(treble, reverse=True)
    assert treble[0] > treble[2] + 6


def highest(samples: Floats) -> float:
    """Return the frequency of the loudest tone."""
    part = samples[: 2 * RATE].mean(axis=1)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 18))
    return float(np.fft.rfftfreq(1 << 18, 1 / RATE)[spectrum.argmax()])


@pytest.mark.parametrize(("tempo", "pitch"), [(0.75, 0), (1.5, 0), (1, 4), (1, -7), (0.8, 2)])
def test_tempo_and_pitch_are_apart(tempo: float, pitch: float) -> None:
    time = np.arange(4 * RATE) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 440 * time)[:, None].astype(np.float32)
    track = varied(Clip(tone, RATE), [step(tempo=tempo, pitch=pitch)], None)
    assert len(track.samples) / RATE == pytest.approx(4 / tempo, abs=0.011)
    assert highest(track.samples) == pytest.approx(440 * 2 ** (pitch / 12), rel=0.002)
    inner = track.samples[RATE // 4 : -RATE // 4]
    # A tone stays a tone, as loud as it was, without beats.
    assert np.sqrt(np.mean(inner**2)) == pytest.approx(0.2 / 2**0.5, rel=0.03)


def test_files(source: Path) -> None:
    for said, loop in (
        (step(style="distant"), None),
        (step(style="lofi", tempo=0.9, loop={"start": 2, "end": 5}), {"start": 1.0}),
    ):
        found = vary(source, [said], loop)
        for data in (found.data, found.aac):
            clip = decode(data)
            assert clip.seconds == pytest.approx(found.seconds, abs=0.06)
            assert loudness(clip) == pytest.approx(LUFS, abs=0.5)
            assert true_peak(clip) < CEILING + 1
        start, end = (round(each * RATE) for each in found.loop)
        samples = decode(found.data).samples
        assert end <= len(samples)
        moves = np.abs(np.diff(samples[end - 240 : end], axis=0)).max()
        assert np.abs(samples[start] - samples[end - 1]).max() <= max(3 * moves, 0.02)


def test_one_made_of_another_has_both_styles_and_its_loop() -> None:
    track = made({"tempo": 0.5, "loop": {"start": 1, "end": 4}}, {"style": "muffled"})
    # The loop of what it is made from lasts twice as long at half the tempo.
    assert (track.start / RATE, track.end / RATE) == pytest.approx((2, 8), abs=0.011)
    assert share(track.samples, 1200, 20_000) < share(tune().samples, 1200, 20_000) - 10


@pytest.mark.parametrize("loop", [{"start": 7.0}, {"end": 9.0}, {"start": 2.0, "end": 2.4}])
def test_loops_that_are_none(loop: dict[str, float]) -> None:
    with pytest.raises(LoopError):
        made({"loop": loop})


HOW = st.fixed_dictionaries(
    {
        "style": st.sampled_from(sorted(STYLES)),
        "strength": st.floats(0, 1),
        "seed": st.integers(0, 1 << 40),
        "tempo": st.sampled_from([0.5, 0.8, 1, 1.7]),
        "pitch": st.sampled_from([-5, 0, 0.5, 12]),
    }
)


@settings(max_examples=count(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(how=HOW, other=st.integers(1, 9))
def test_the_same_samples_again(how: dict[str, Any], other: int) -> None:
    clip = Clip(tune().samples[:RATE], RATE)
    first = varied(clip, [how], None).samples.tobytes()
    assert varied(clip, [how], None).samples.tobytes() == first
    reseeded = varied(clip, [{**how, "seed": how["seed"] + other}], None).samples.tobytes()
    assert (reseeded != first) == (how["style"] in ("distant", "radio", "lofi"))


def test_the_same_bytes_in_another_process(source: Path) -> None:
    said = [step(style="distant", tempo=1.2), step(style="lofi", seed=7)]
    program = (
        "import hashlib, json, sys; from pathlib import Path\n"
        "from comfyvn.drivers.music.vary import vary\n"
        "made = vary(Path(sys.argv[1]), json.loads(sys.argv[2]), None)\n"
        "print(hashlib.sha256(made.data + made.aac).hexdigest())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(source), json.dumps(said)],
        capture_output=True,
        text=True,
        check=True,
        env={"OMP_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path)},
    )
    here = vary(source, said, None)
    assert told.stdout.strip() == hashlib.sha256(here.data + here.aac).hexdigest()


def test_styles_are_those_that_can_be_named() -> None:
    assert set(MusicStyle.__args__) == STYLES.keys()  # type: ignore[attr-defined]
    from comfyvn.model.music import Music

    told = Music(source="tune").model_dump(include=set(DEFAULTS))
    assert told == DEFAULTS


def test_sources_that_lead_nowhere() -> None:
    out = Diagnostics()
    said = {
        "far": {"source": "tune"},
        "farther": {"source": "FAR", "mood": ["sad"]},
        "lost": {"source": "tuna"},
        "worse": {"source": "lost"},
        "chicken": {"source": "egg"},
        "egg": {"source": "chicken"},
        "own": {"source": "own"},
        "omelette": {"source": "egg"},
        "tune": {"source": "far"},
    }
    found = variations(said, ["assets/a/Tune.ogg"], out)
    assert {each.name: len(each.steps) for each in found.values()} == {
        "far": 1, "farther": 2, "tune": 2,
    }  # fmt: skip
    assert sorted((item.code, item.span.path) for item in out) == [
        ("VN1331", "music/lost.yaml"),
        ("VN1332", "music/chicken.yaml"),
        ("VN1332", "music/own.yaml"),
        ("VN1333", "music/tune.yaml"),
    ]
    assert [item.help for item in out if item.code == "VN1331"] == ["did you mean `Tune`?"]


def test_a_source_that_two_files_answer_to_is_told_once() -> None:
    out = Diagnostics()
    said = {name: {"source": "tune"} for name in ("far", "near", "sad")}
    found = variations(said, ["assets/a/Tune.ogg", "assets/b/tune.mp3"], out)
    assert len(found) == 3
    assert [item.code for item in out] == ["VN1001"]


# In builds

FILES = {
    "vn.yaml": "format: 1\nid: tune\ntitle: Tune\nstart: one\n",
    "scenes/one.md": "---\ntitle: One\nmusic: far\n---\n\nIt begins. ^a\n\n`play music farther`\n\n"
    'More. ^b\n\n`play music missing`\n\nEnd. ^c\n\n`ending over "Over"`\n',
    "music/far.yaml": "source: tune\nstyle: muffled\nmood: [sad]\n",
    "music/farther.yaml": "source: far\nstyle: radio\nloop: {start: 2, end: 4}\n",
    "assets/tune.ogg.asset.yaml": "licence: CC-BY-4.0\nauthor: Ines\nloop: {start: 1, end: 5}\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, source: Path) -> Path:
    root = tmp_path_factory.mktemp("varied") / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "assets/tune.ogg").write_bytes(source.read_bytes())
    outcome = build(root, "web", "renpy")
    assert not outcome.failures
    assert [(item.code, item.span.path, item.span.line) for item in outcome.findings] == [
        ("VN1002", "scenes/one.md", 12)
    ]
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "project")


def index_of(root: Path) -> Any:
    (path,) = (root / "build/web/story").glob("index-*.json")
    return json.loads(path.read_text())


def test_both_targets_play_them(root: Path) -> None:
    index = index_of(root)
    sounds = index["sounds"]
    assert sounds["music far"]["loop"] == [1, 5]
    assert sounds["music farther"]["loop"] == [2, 4]
    script = (root / "build/renpy/game/sounds.rpy").read_text()
    assert '"<to 5 loop 1>sound/music/far.opus"' in script
    assert '"<to 4 loop 2>sound/music/farther.opus"' in script
    for name in ("far", "farther"):
        data = (root / "build/web" / index["assets"][f"music {name}"]).read_bytes()
        assert (root / f"build/renpy/game/sound/music/{name}.opus").read_bytes() == data
        clip = decode(data)
        assert loudness(clip) + sounds[f"music {name}"].get("gain", 0) == pytest.approx(
            -20, abs=0.4
        )
        assert (root / "build/web" / sounds[f"music {name}"]["other"]).suffix == ".m4a"
    # The source itself is not shipped: nobody plays it.
    assert "music tune" not in index["assets"]


def test_what_is_known_of_them(root: Path) -> None:
    from comfyvn.cli.common import compile_at
    from comfyvn.plan.registry import registry

    out = Diagnostics()
    _, loaded, compiled = compile_at(root, out)
    assert loaded is not None
    assert compiled is not None
    rows = {row.name: row for row in registry(root, loaded, compiled.program, out)}
    assert [row.state for row in rows.values()] == [
        "generated",
        "generated",
        "missing",
        "hand-made",
    ]
    assert (rows["far"].maker, rows["far"].licence, rows["far"].author) == (
        "variation", "CC-BY-4.0", "Ines",
    )  # fmt: skip
    assert rows["far"].tags == ("sad",)
    assert rows["tune"].path == "assets/tune.ogg"


def test_only_what_changed_is_made_again(root: Path) -> None:
    assert did(build(root, "web", "renpy")) == set()
    sidecar = root / "assets/tune.ogg.asset.yaml"
    sidecar.write_text(sidecar.read_text().replace("Ines", "Ines and Tom"))
    assert [name for name in did(build(root, "web", "renpy")) if "variation" in name] == []
    mood = root / "music/far.yaml"
    mood.write_text(mood.read_text().replace("sad", "glad"))
    assert [name for name in did(build(root, "web", "renpy")) if "variation" in name] == []
    style = root / "music/farther.yaml"
    style.write_text(style.read_text().replace("radio", "lofi"))
    again = {name for name in did(build(root, "web", "renpy")) if name.startswith("variation")}
    assert again == {"variation music farther"}
    (root / "assets/tune.ogg").write_bytes(encode(tune(), "opus", 96_000))
    again = {name for name in did(build(root, "web", "renpy")) if name.startswith("variation")}
    assert again == {"variation music far", "variation music farther"}


def test_a_file_of_the_name_wins(root: Path) -> None:
    path = root / "assets/far.ogg"
    path.write_bytes((root / "assets/tune.ogg").read_bytes())
    outcome = build(root, "web")
    assert {item.code for item in outcome.findings} == {"VN1002", "VN1333"}
    index = index_of(root)
    assert (root / "build/web" / index["assets"]["music far"]).read_bytes() == path.read_bytes()


def test_a_loop_outside_of_the_source(root: Path) -> None:
    path = root / "music/farther.yaml"
    path.write_text(path.read_text().replace("end: 4", "end: 90"))
    found = [item for item in build(root, "web").findings if item.severity == "error"]
    with Checker(root) as checker:
        found += [item for item in checker.check().findings if item.severity == "error"]
    assert [(item.code, *item.span[:2]) for item in found] == [
        ("VN1334", "music/farther.yaml", 3)
    ] * 2
