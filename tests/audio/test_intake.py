"""Hand-made sounds of every common format, and broken ones: a finding each, and nothing crashes."""

from __future__ import annotations

import random
import struct
import subprocess
import tracemalloc
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.hear import hear
from comfyvn.drivers.audio.loudness import loudness, true_peak
from comfyvn.plan.sound_checks import check_sound
from comfyvn.plan.sounds import gain
from comfyvn.source.diagnostics import Diagnostics

SINE = "sine=frequency=440:duration=1.5:sample_rate=44100,volume=-2dB"

GOOD: Sequence[tuple[str, list[str]]] = [
    ("a.wav", ["-c:a", "pcm_u8"]),
    ("b.wav", ["-c:a", "pcm_s16le"]),
    ("c.wav", ["-c:a", "pcm_s24le"]),
    ("d.wav", ["-c:a", "pcm_f32le"]),
    ("e.flac", []),
    ("f.mp3", []),
    ("g.mp3", ["-write_xing", "0", "-id3v2_version", "0"]),
    ("h.ogg", ["-c:a", "libvorbis"]),
    ("i.opus", ["-c:a", "libopus", "-ar", "48000"]),
    ("j.m4a", ["-c:a", "aac"]),
    ("k.m4a", ["-c:a", "alac"]),
    ("l.aac", ["-c:a", "aac"]),
    ("m.aiff", []),
    ("n.aif", ["-f", "aiff"]),
    ("o.wma", []),
    ("p.wav", ["-f", "w64"]),
    ("q.wav", ["-ac", "2"]),
    ("r.ogg", ["-c:a", "flac", "-f", "ogg"]),
]


def written(folder: Path, name: str, options: list[str], source: str = SINE) -> Path:
    """Return a file that FFmpeg's own command wrote."""
    path = folder / name
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True)
    return path


def found(path: Path) -> tuple[list[tuple[str, str]], bool]:
    """Return the findings on a file, and whether it is played."""
    out = Diagnostics()
    facts = check_sound(path, f"assets/{path.name}", out, listen=True)
    return [(item.code, item.severity) for item in out], facts is not None


def of_samples(path: Path, samples: np.ndarray, rate: int = 44_100, kind: int = 3) -> Path:
    """Write a WAV of 32-bit floats by hand: nothing in between mends what is wrong with them."""
    data = samples.astype("<f4").tobytes()
    channels = samples.shape[1] if samples.ndim > 1 else 1
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * 4 * channels, 4 * channels, 32)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data"
    body += struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def tone(seconds: float = 1.0, level: float = 0.3, rate: int = 44_100) -> np.ndarray:
    return np.asarray(level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate))


@pytest.mark.parametrize(("name", "options"), GOOD, ids=[name for name, _ in GOOD])
def test_every_common_format_is_played(tmp_path: Path, name: str, options: list[str]) -> None:
    path = written(tmp_path, name, options)
    assert found(path) == ([], True)
    heard = hear(path)
    assert heard.seconds == pytest.approx(1.5, abs=0.1)
    assert heard.loudness is not None
    assert heard.damage == ""


def test_what_is_no_sound(tmp_path: Path) -> None:
    for name, data in (
        ("empty.ogg", b""),
        ("text.mp3", b"This is a note to myself about the music.\n" * 9),
        ("pointer.ogg", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
        ("page.wav", b"<!doctype html><title>404</title>"),
        ("zeros.flac", bytes(5000)),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert found(path) == ([("VN1003", "error")], False), name
    picture = tmp_path / "picture.ogg"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert not found(picture)[1]


def test_what_begins_like_a_sound(tmp_path: Path) -> None:
    header = tmp_path / "header.wav"
    header.write_bytes(b"RIFF\x24\0\0\0WAVE")
    assert found(header) == ([("VN1320", "error")], False)
    nothing = of_samples(tmp_path / "nothing.wav", np.zeros((0, 1)))
    assert found(nothing) == ([("VN1320", "error")], False)
    silent = of_samples(tmp_path / "numbers.wav", np.full((4410, 1), np.nan))
    assert found(silent) == ([("VN1320", "error")], False)
    channels = of_samples(tmp_path / "channels.wav", tone())
    data = bytearray(channels.read_bytes())
    data[22:24] = b"\0\0"
    channels.write_bytes(data)
    codes, played = found(channels)
    assert not played
    assert codes[0][1] == "error"


def test_a_sound_that_was_cut_short_is_played_up_to_there(tmp_path: Path) -> None:
    whole = written(tmp_path, "whole.flac", [], SINE.replace("1.5", "20"))
    cut = tmp_path / "cut.flac"
    data = bytearray(whole.read_bytes()[: whole.stat().st_size // 2])
    cut.write_bytes(data)
    codes, played = found(cut)
    assert played
    assert set(codes) <= {("VN1323", "warning")}
    spoilt = of_samples(tmp_path / "spoilt.wav", tone(20.0))
    data = bytearray(spoilt.read_bytes())
    data[-400:-396] = struct.pack("<f", float("nan"))
    spoilt.write_bytes(data)
    assert found(spoilt) == ([("VN1323", "warning")], True)
    assert 15 < hear(spoilt).seconds < 20


def test_warnings(tmp_path: Path) -> None:
    for name, samples, rate, code in (
        ("clipped.wav", np.clip(tone(level=3), -1, 1), 44_100, "VN1324"),
        ("silent.wav", np.zeros((44_100, 2)), 44_100, "VN1325"),
        ("quiet.wav", tone(level=0.001), 44_100, "VN1325"),
        ("offset.wav", tone() + 0.2, 44_100, "VN1326"),
        ("telephone.wav", tone(rate=8000), 8_000, "VN1328"),
        ("eight.wav", np.stack([tone(level=0.1)] * 8, axis=1), 44_100, "VN1329"),
    ):
        path = of_samples(tmp_path / name, samples, rate)
        assert found(path) == ([(code, "warning")], True), name
    renamed = written(tmp_path, "a.ogg", ["-c:a", "libvorbis"]).rename(tmp_path / "a.mp3")
    assert found(renamed) == ([("VN1322", "warning")], True)


def test_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    path = tmp_path / "hour.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(16_000)
        minute = (128 + 60 * np.sin(np.arange(16_000 * 60) / 8)).astype(np.uint8).tobytes()
        for _ in range(60):
            file.writeframes(minute)
    tracemalloc.start()
    codes = found(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes == ([("VN1327", "warning")], True)
    assert most < 120_000_000
    assert hear(path, listened=20).seconds == pytest.approx(3600, abs=1)


def test_noise_in_place_of_a_file_never_crashes(tmp_path: Path) -> None:
    seeds = [written(tmp_path, name, options).read_bytes() for name, options in GOOD[:10]]
    chance = random.Random(4)
    for turn in range(40):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randrange(1, 60)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        del data[chance.randrange(1, len(data)) :]
        path = tmp_path / f"spoilt{turn}{chance.choice(['.ogg', '.mp3', '.wav', '.flac', '.m4a'])}"
        path.write_bytes(data)
        found(path)


def test_parts_measure_what_the_whole_does(tmp_path: Path) -> None:
    random_ = np.random.default_rng(1)
    swell = np.interp(np.arange(35 * 24_000), [0, 24_000 * 20, 24_000 * 35], [0.02, 0.4, 0.1])
    samples = (swell[:, None] * random_.uniform(-1, 1, (len(swell), 2))).astype(np.float32)
    heard = hear(of_samples(tmp_path / "swell.wav", samples, 24_000))
    clip = Clip(samples, 24_000)
    assert heard.loudness == pytest.approx(loudness(clip), abs=0.05)
    assert heard.peak == pytest.approx(true_peak(clip), abs=0.05)


@pytest.mark.parametrize(
    ("role", "loudness", "peak", "wanted"),
    [
        ("music", -14.0, -1.0, -6.0),
        ("music", -26.0, -12.0, 6.0),
        ("music", -26.0, -3.0, 2.0),  # held by its peak
        ("music", -60.0, -40.0, 12.0),  # held by the limit
        ("ambience", -20.0, -8.0, -10.0),
        ("sfx", -14.0, -3.0, 0.0),
        ("sfx", -9.0, 0.5, -1.5),
        ("voice", -24.0, -9.0, 6.0),
        ("ambience", None, None, 0.0),
    ],
)
def test_gains(role: str, loudness: float | None, peak: float | None, wanted: float) -> None:
    assert gain(role, {"loudness": loudness, "peak": peak}) == wanted


def test_a_gain_gives_the_level(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).uniform(-0.05, 0.05, (48_000 * 3, 2)).astype(np.float32)
    path = tmp_path / "hiss.opus"
    path.write_bytes(encode(Clip(samples, 48_000), "opus", 96_000))
    change = gain("ambience", hear(path)._asdict())
    louder = Clip(decode(path).samples * np.float32(10 ** (change / 20)), 48_000)
    assert loudness(louder) == pytest.approx(-30, abs=0.3)
