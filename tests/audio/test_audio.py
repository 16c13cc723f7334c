"""Reading, measuring, levelling and writing sounds, with FFmpeg's own command beside them."""

from __future__ import annotations

import contextlib
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from comfyvn.drivers.audio.clip import Clip, mono
from comfyvn.drivers.audio.decode import (
    AudioError,
    DamagedError,
    NoAudioError,
    TooLongError,
    decode,
)
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.level import faded, limited, normalised, sounding
from comfyvn.drivers.audio.loudness import SILENCE, loudness, true_peak
from comfyvn.drivers.audio.resample import resampled


def voiced(seconds: float, rate: int = 24_000, channels: int = 1, level: float = 0.2) -> Clip:
    """Return something like speech: a buzz that comes and goes, with noise, unlike by channel."""
    time = np.arange(round(seconds * rate)) / rate
    random = np.random.default_rng(5)
    made = []
    for channel in range(channels):
        buzz = sum(np.sin(2 * np.pi * 140 * (1 + channel / 3) * h * time) / h for h in range(1, 20))
        syllables = np.clip(np.sin(2 * np.pi * 3 * time + channel), 0, 1) ** 2
        made.append(level * syllables * (buzz + 0.1 * random.standard_normal(len(time))))
    return Clip(np.stack(made, axis=1).astype(np.float32), rate)


def silence(seconds: float, rate: int = 24_000) -> Clip:
    return Clip(np.zeros((round(seconds * rate), 1), np.float32), rate)


def joined(*clips: Clip) -> Clip:
    return Clip(np.concatenate([clip.samples for clip in clips]), clips[0].rate)


def ffmpeg_measures(clip: Clip, folder: Path) -> tuple[float, float]:
    """Return loudness and true peak, as FFmpeg's filter `ebur128` prints them."""
    path = folder / "clip.f32"
    path.write_bytes(clip.samples.astype("<f4").tobytes())
    form = ["-f", "f32le", "-ar", str(clip.rate), "-ac", str(clip.channels)]
    said = subprocess.run(
        ["ffmpeg", "-nostats", *form, "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    return (
        float(re.findall(r"I:\s+(\S+) LUFS", said)[-1]),
        float(re.findall(r"Peak:\s+(\S+) dBFS", said)[-1]),
    )


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    "clip",
    [
        voiced(6),
        voiced(4, 48_000, 2),
        voiced(5, 44_100, level=0.01),
        joined(voiced(3), silence(4), voiced(2, level=0.02)),
    ],
    ids=["24 kHz", "48 kHz stereo", "44.1 kHz, quiet", "with a gap"],
)
def test_loudness_and_true_peak_are_those_of_ffmpeg(clip: Clip, tmp_path: Path) -> None:
    integrated, peak = ffmpeg_measures(clip, tmp_path)
    assert loudness(clip) == pytest.approx(integrated, abs=0.11)
    assert true_peak(clip) == pytest.approx(peak, abs=0.25)


def test_a_full_scale_sine_of_997_hz_in_one_channel_is_minus_3_01_lufs() -> None:
    # The check that BS.1770-4 gives for a meter.
    time = np.arange(48_000 * 5) / 48_000
    clip = Clip(np.sin(2 * np.pi * 997 * time).astype(np.float32)[:, None], 48_000)
    assert loudness(clip) == pytest.approx(-3.01, abs=0.01)


def test_a_peak_between_two_samples_is_seen() -> None:
    # A sine of a quarter of the rate, sampled 45 degrees off its peaks.
    samples = np.sin(np.pi / 2 * np.arange(4_800) + np.pi / 4).astype(np.float32)[:, None]
    clip = Clip(samples, 48_000)
    assert 20 * np.log10(np.abs(clip.samples).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak(clip) == pytest.approx(0, abs=0.35)


@pytest.mark.parametrize("level", [0.002, 0.1, 2.5])
@pytest.mark.parametrize("seconds", [0.15, 3.0])
def test_normalised_is_as_loud_as_asked_and_below_the_ceiling(seconds: float, level: float) -> None:
    made = normalised(voiced(seconds, level=level))
    assert loudness(made) == pytest.approx(-18, abs=0.2)
    assert true_peak(made) <= -0.99


def test_peaks_are_turned_down_and_the_rest_is_left_alone() -> None:
    clip = voiced(2)
    clip.samples[24_000] = 1.8
    made = limited(clip)
    assert true_peak(made) <= -0.99
    assert np.abs(made.samples[:20_000] - clip.samples[:20_000]).max() < 0.01


def test_silence_stays_silent() -> None:
    assert loudness(silence(1)) == loudness(silence(0)) == SILENCE
    assert true_peak(silence(1)) == true_peak(silence(0)) == SILENCE
    assert not normalised(silence(1)).samples.any()
    assert sounding(silence(1)) == (0, 0)


def test_quiet_around_a_sound_is_cut_and_none_of_the_sound() -> None:
    tone = Clip(np.full((12_000, 1), 0.3, np.float32), 24_000)
    clip = joined(silence(1), tone, silence(2))
    start, end = sounding(clip)
    made = faded(Clip(clip.samples[start:end], clip.rate))
    assert made.seconds == pytest.approx(0.5 + 0.03 + 0.12, abs=0.02)
    assert np.count_nonzero(made.samples) == len(tone.samples)
    assert abs(made.samples[0, 0]) < 1e-3


@pytest.mark.parametrize("codec", ["opus", "aac", "flac"])
@pytest.mark.parametrize(("rate", "channels"), [(24_000, 1), (44_100, 2), (22_050, 1)])
def test_what_is_written_is_read_again(codec: str, rate: int, channels: int) -> None:
    clip = voiced(1.3, rate, channels)
    made = decode(encode(clip, codec))  # type: ignore[arg-type]
    assert made.channels == channels
    assert made.seconds == pytest.approx(clip.seconds, abs=0.025)
    assert loudness(made) == pytest.approx(loudness(clip), abs=0.5)
    if codec == "flac":
        assert made.rate == rate
        assert np.abs(made.samples - clip.samples).max() <= 1 / 65_535


ENCODE = """
import hashlib, numpy, sys
from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.encode import encode
samples = numpy.random.default_rng(3).standard_normal((30_000, 1)).astype("f4") / 8
for codec in ("opus", "aac", "flac"):
    print(hashlib.sha256(encode(Clip(samples, 24_000), codec)).hexdigest())
"""


def test_the_same_samples_are_the_same_bytes_in_every_process() -> None:
    said = [
        subprocess.run(
            [sys.executable, "-c", ENCODE], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]
    assert len(set(said[0].split())) == 3
    samples = np.random.default_rng(3).standard_normal((30_000, 1)).astype("f4") / 8
    here = hashlib.sha256(encode(Clip(samples, 24_000), "opus")).hexdigest()
    assert said[0].split()[0] == here


def test_the_index_of_aac_comes_before_its_sound() -> None:
    data = encode(voiced(1), "aac")
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    assert b"Lavf" not in data
    assert b"Lavc" not in data


@pytest.mark.ffmpeg
@pytest.mark.parametrize(
    "ending", ["wav", "mp3", "ogg", "opus", "m4a", "flac", "aiff", "wv", "webm", "au", "caf"]
)
def test_common_formats_are_read(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"tone.{ending}"
    source = "sine=frequency=440:duration=1:sample_rate=48000"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-ac", "2", path], check=True
    )
    clip = decode(path)
    assert (clip.rate, clip.channels) == (48_000, 2)
    assert clip.seconds == pytest.approx(1, abs=0.06)
    spectrum = np.abs(np.fft.rfft(mono(clip).samples[:48_000, 0], 48_000))
    assert int(spectrum.argmax()) == 440


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NoAudioError),
        (b"once upon a time " * 40, NoAudioError),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), AudioError),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", AudioError),
        (encode(voiced(1), "opus")[:300], DamagedError),
        (encode(voiced(1), "flac")[:60], AudioError),
        (bytes(100_000), NoAudioError),
    ],
)
def test_what_is_no_sound_is_refused_in_words(data: bytes, error: type[AudioError]) -> None:
    with pytest.raises(error) as caught:
        decode(data)
    assert str(caught.value)


def test_more_than_was_allowed_is_refused() -> None:
    with pytest.raises(TooLongError, match=r"longer than 0\.05 minutes"):
        decode(encode(voiced(4), "flac"), longest=3)


def test_noise_in_the_middle_of_a_file_ends_in_an_error_or_a_sound() -> None:
    random = np.random.default_rng(8)
    data = encode(voiced(1), "opus")
    for _ in range(40):
        broken = bytearray(data)
        for at in random.integers(0, len(data), 30):
            broken[at] = random.integers(256)
        with contextlib.suppress(AudioError):
            assert decode(bytes(broken)).seconds < 10


def test_another_rate_is_the_same_tone() -> None:
    clip = voiced(1, 22_050)
    made = resampled(clip, 48_000)
    assert made.samples.shape == (48_000, 1)
    assert loudness(made) == pytest.approx(loudness(clip), abs=0.1)
