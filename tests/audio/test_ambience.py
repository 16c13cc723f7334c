"""Ambiences: loops without a seam, unlike each other, the same everywhere."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from comfyvn.drivers.ambience.make import LUFS, RECIPES, loop, make
from comfyvn.drivers.ambience.names import ALIASES, recipe_of
from comfyvn.drivers.ambience.periodic import LENGTH, RATE
from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.loudness import loudness, true_peak

SOME = ("rain", "wind", "room", "train", "night", "forest")
"""Quick ones that differ most."""


@pytest.fixture(scope="module")
def loops() -> dict[str, Clip]:
    return {name: loop(name) for name in SOME}


def spectrum(clip: Clip) -> np.ndarray:
    """Return the part of the power in each octave from 31 Hz, in dB."""
    power = np.square(np.abs(np.fft.rfft(clip.samples[:, 0])))
    at = np.fft.rfftfreq(len(clip.samples), 1 / clip.rate)
    edges = 31.25 * 2.0 ** np.arange(10)
    octaves = [power[(at >= low) & (at < 2 * low)].sum() for low in edges]
    return 10 * np.log10(np.array(octaves) / sum(octaves) + 1e-9)


def test_what_can_be_asked_for_can_be_made() -> None:
    assert ALIASES.keys() == RECIPES.keys()


@pytest.mark.parametrize("name", SOME)
def test_nothing_is_heard_of_the_seam(loops: dict[str, Clip], name: str) -> None:
    samples = loops[name].samples
    steps = np.abs(np.diff(samples, axis=0))
    seam = np.abs(samples[0] - samples[-1])
    # It is a step like any other: were it a click, it would be far out.
    assert (seam <= np.quantile(steps, 0.9999, axis=0)).all()
    # Nor does the sound change there: a tenth of a second on each side is as loud as others are.
    size = RATE // 10
    power = np.square(samples[: LENGTH // size * size]).reshape(-1, size * 2).mean(axis=1)
    decibels = 10 * np.log10(power)
    assert abs(decibels[0] - decibels[-1]) <= np.abs(np.diff(decibels)).max() + 0.01


def test_levels_and_two_ears(loops: dict[str, Clip]) -> None:
    for name, clip in loops.items():
        assert loudness(clip) == pytest.approx(LUFS, abs=0.2), name
        assert true_peak(clip) < -6, name
        left, right = clip.samples.T
        assert 0.1 < np.corrcoef(left, right)[0, 1] < 0.95, name
        assert abs(clip.samples.mean()) < 1e-4, name


def test_they_are_told_apart(loops: dict[str, Clip]) -> None:
    spectra = {name: spectrum(clip) for name, clip in loops.items()}
    for one in SOME:
        for other in SOME[SOME.index(one) + 1 :]:
            far = np.abs(spectra[one] - spectra[other]).max()
            assert far > 5, (one, other, far)


def test_the_file_holds_the_loop(loops: dict[str, Clip]) -> None:
    made = make("room")
    assert made.seconds == pytest.approx(24.2)
    assert made.loop == (0.1, 24.1)
    clip = decode(made.data)
    assert clip.seconds == pytest.approx(made.seconds, abs=0.001)
    start, end = (round(each * clip.rate) for each in made.loop)
    # What follows the loop is what it begins with, as the encoder left it.
    again = clip.samples[end : end + 4000]
    error = np.square(clip.samples[start : start + 4000] - again).mean()
    assert error < 0.05 * np.square(again).mean()
    assert loudness(decode(made.aac)) == pytest.approx(LUFS, abs=0.5)


def test_another_process_makes_the_same_bytes() -> None:
    code = (
        "import hashlib\nfrom comfyvn.drivers.ambience.make import make\n"
        "made = make('room')\nprint(hashlib.sha256(made.data + made.aac).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    made = make("room")
    assert done.stdout.strip() == hashlib.sha256(made.data + made.aac).hexdigest()


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("rain", "rain"),
        ("night_rain_on_roof", "rain"),
        ("Heavy Rain", "downpour"),
        ("crickets", "night"),
        ("harbour", "sea"),
        ("train-station", "train"),
        ("brainstorm", None),
        ("first_light", None),
        ("", None),
    ],
)
def test_names(name: str, recipe: str | None) -> None:
    assert recipe_of(name) == recipe
