"""Advice on hand-made pictures and sounds: good ones give nothing, each defect its code there."""

from __future__ import annotations

import textwrap
import wave
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from comfyvn.advisory.check import judged
from comfyvn.advisory.measures import figure_in, sound_in
from comfyvn.drivers.audio.clip import Clip
from comfyvn.plan.check import Checker

RATE = 24_000
Samples = np.ndarray

SOURCES = {
    "vn.yaml": "format: 1\nid: story\ntitle: A story\nstart: start\nworld: town\n",
    "characters/mei.yaml": """
        name: Mei
        look:
          expressions: {plain: calm, smile: smiling, cross: frowning}
          poses: {standing: upright, seated: on a chair}
        """,
    "worlds/town.yaml": "locations:\n  roof: {name: The roof, alt: A flat roof with a railing}\n",
    "scenes/start.md": """
        `scene roof` `play music rain_song` `play sfx door_slams` `voice far_call`

        `show mei plain standing` `show mei smile` `show mei cross` `show mei plain seated`

        Mei: The rain stops.

        `ending rain "Rain"`
        """,
}
SPRITES = ("mei plain standing", "mei smile standing", "mei cross standing", "mei plain seated")


def sprite(
    path: Path, top: int = 40, bottom: int = 1180, size: tuple[int, int] = (600, 1200)
) -> None:
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((200, top, 399, bottom - 1), fill=(90, 60, 50, 255))
    image.save(path)


def tone(seconds: float, level: float = 0.2, hertz: float = 220.0) -> Samples:
    """Return a tone of stereo that ends where it begins, if its waves fit in."""
    times = np.arange(round(seconds * RATE)) / RATE
    wave_ = level * np.sin(2 * np.pi * hertz * times)
    return np.stack([wave_, wave_], axis=1)


def save(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).round().astype("<i2").tobytes())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    assets = tmp_path / "assets"
    assets.mkdir()
    Image.new("RGB", (1920, 1080), (80, 90, 120)).save(assets / "roof.png")
    for name in SPRITES:
        # Whoever sits is smaller, on the same floor.
        sprite(assets / f"{name}.png", top=400 if "seated" in name else 40)
    save(assets / "rain_song.wav", tone(4.0))
    save(assets / "door_slams.wav", tone(0.5))
    save(assets / "far_call.wav", tone(1.0))
    return tmp_path


def advice(root: Path) -> dict[tuple[str, str], str]:
    """Return the messages of the advice by code and path."""
    with Checker(root) as checker:
        return advice_of(checker)


def advice_of(checker: Checker) -> dict[tuple[str, str], str]:
    checked = checker.check()
    found = judged(checked, date(2026, 11, 22)).findings
    assert checked.failures == ()
    assert not found.has_errors, found
    return {(each.code, each.span.path): each.message for each in found if "VN18" in each.code}


def test_good_files_are_told_nothing(root: Path) -> None:
    assert advice(root) == {}


def test_defects_of_pictures(root: Path) -> None:
    assets = root / "assets"
    sprite(assets / "mei smile standing.png", top=240)
    sprite(assets / "mei plain seated.png", top=360, bottom=1140)
    holes = Image.new("RGBA", (1920, 1080), (80, 90, 120, 255))
    holes.paste((0, 0, 0, 0), (0, 0, 50, 50))
    holes.save(assets / "roof.png")
    (assets / "mei crosss standing.png").write_bytes((assets / f"{SPRITES[0]}.png").read_bytes())
    (assets / "notes.txt").write_text("of no use to the game")
    with (root / "vn.yaml").open("a") as file:
        file.write("delivery: {web: {width: 3840}}\n")
    found = advice(root)
    assert set(found) == {
        ("VN1802", "assets/mei smile standing.png"),
        ("VN1803", "assets/mei plain seated.png"),
        ("VN1804", "assets/roof.png"),
        ("VN1805", "assets/roof.png"),
        *(("VN1805", f"assets/{name}.png") for name in SPRITES),
        ("VN1801", "assets/mei crosss standing.png"),
    }
    # (1180 - 240) of 1200 pixels beside (1180 - 40); 1140 beside 1180 of 1200.
    assert "18% smaller" in found["VN1802", "assets/mei smile standing.png"]
    assert "3.3% of the height higher" in found["VN1803", "assets/mei plain seated.png"]
    assert "3840×2160" in found["VN1805", "assets/roof.png"]


needs_ears = pytest.mark.package("av")


def one_sided(samples: Samples) -> Samples:
    return np.stack([samples[:, 0], np.zeros(len(samples))], axis=1)


def late(samples: Samples) -> Samples:
    return np.concatenate([np.zeros((RATE // 4, 2)), samples])


def cut(samples: Samples) -> Samples:
    """Cut a tone of 220 Hz at its crest: it begins at zero."""
    return samples[: round(RATE * (3 + 0.25 / 220))]


def spiked(samples: Samples) -> Samples:
    samples = samples * 0.05
    samples[RATE] = 0.9
    return samples


def loud(samples: Samples) -> Samples:
    louder: Samples = np.clip(samples * 20, -0.9, 0.9)
    return louder


SPOILT: dict[str, tuple[str, Callable[[Samples], Samples], str, str]] = {
    "waves": ("music", cut, "VN1811", "20% of full scale"),
    "drums": ("music", spiked, "VN1810", "leave no room"),
    "thunder": ("sfx", loud, "VN1810", "and voices at -18"),
    "rope": ("sfx", late, "VN1812", "0.25 s"),
    "whistle": ("voice", one_sided, "VN1813", "on the left only"),
    "sfx_017": ("sfx", np.copy, "VN1824", "is its caption"),
}
PLAYED = {"music": "`play music {}`", "sfx": "`play sfx {}`", "voice": "`voice {}`"}


@needs_ears
def test_defects_of_sounds(root: Path) -> None:
    played = []
    for name, (kind, spoil, _, _) in SPOILT.items():
        save(root / "assets" / f"{name}.wav", spoil(tone(4.0 if kind == "music" else 1.0)))
        played.append(f"{PLAYED[kind].format(name)}\n\nThe rain goes on.\n")
    scene = root / "scenes/start.md"
    scene.write_text("\n".join((*played, scene.read_text())))
    found = advice(root)
    wanted = {(code, f"assets/{name}.wav"): told for name, (_, _, code, told) in SPOILT.items()}
    assert found.keys() == wanted.keys()
    assert [key for key, told in wanted.items() if told not in found[key]] == []


@needs_ears
def test_where_a_sound_is_repeated(root: Path) -> None:
    clicks = {("VN1811", "assets/rain_song.wav")}
    save(root / "assets/rain_song.wav", cut(tone(4.0)))
    sidecar = root / "assets/rain_song.wav.asset.yaml"
    with Checker(root) as checker:
        assert set(advice_of(checker)) == clicks
        sidecar.write_text("loop: {start: 1, end: 2}\n")
        assert advice_of(checker) == {}
        sidecar.write_text(f"loop: {{start: 1, end: {2 + 0.25 / 220}}}\n")
        assert set(advice_of(checker)) == clicks
        scene = root / "scenes/start.md"
        scene.write_text(scene.read_text().replace("rain_song", "rain_song once"))
        assert advice_of(checker) == {}


@pytest.mark.parametrize("seed", range(5))
def test_measures_of_sounds_are_those_of_their_numbers(seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = (rng.normal(size=(RATE, 2)).cumsum(axis=0) * 0.003).astype(np.float32)
    start, end = sorted(rng.integers(200, RATE - 200, 2).tolist())
    end = max(end, start + 200)
    quiet = int(rng.integers(0, 5000))
    samples[:quiet] = 0
    told = sound_in(Clip(samples, RATE), {"start": start / RATE, "end": end / RATE})
    leaps = [abs(float(samples[start, c]) - float(samples[end - 1, c])) for c in (0, 1)]
    assert any(told["jump"] == pytest.approx(leap, abs=1e-4) for leap in leaps)
    assert told["sides"] == pytest.approx([max(abs(samples[:, c])) for c in (0, 1)], abs=1e-4)
    peak = max(told["sides"])
    first = next(i for i, both in enumerate(samples) if max(abs(both)) >= peak * 0.01)
    assert told["lead"] == pytest.approx(first / RATE, abs=1e-3)


def test_the_figure_is_what_can_be_seen() -> None:
    image = Image.new("RGBA", (100, 200), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(image)
    drawing.ellipse((10, 150, 90, 195), fill=(0, 0, 0, 20))  # a faint shadow
    drawing.rectangle((40, 30, 60, 179), fill=(200, 100, 100, 255))
    rows = np.flatnonzero((np.asarray(image)[:, :, 3] >= 32).any(axis=1))
    assert figure_in(image) == {"top": rows[0] / 200, "bottom": (rows[-1] + 1) / 200}
    assert figure_in(Image.new("RGB", (10, 10))) is None
    assert figure_in(Image.new("RGBA", (10, 10))) is None
