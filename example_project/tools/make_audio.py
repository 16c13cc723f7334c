"""Make every sound of the example story from arithmetic: `python tools/make_audio.py`.

Needs numpy and an ffmpeg with libvorbis. Loops are written onto a ring: a note's tail and the room's echo that run past
the end come in again at the beginning, so that a loop has no seam. The same numpy gives the same samples every time.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

RATE = 44_100
ASSETS = Path(__file__).resolve().parents[1] / "assets"
NAMES = {"C": 0, "C#": 1, "D": 2, "D#": 3, "E": 4, "F": 5, "F#": 6, "G": 7, "G#": 8, "A": 9, "A#": 10, "B": 11}


def hertz(note: str, cents: float = 0.0) -> float:
    """The frequency of a note such as `F#4`."""
    semitones = NAMES[note[:-1]] + 12 * (int(note[-1]) + 1) - 69
    return 440.0 * 2 ** ((semitones + cents / 100) / 12)


def seconds(length: float) -> np.ndarray:
    return np.arange(int(length * RATE)) / RATE


# Instruments: each gives one mono note


def piano(frequency: float, length: float, spread: float = 0.5, bright: float = 1.0) -> np.ndarray:
    """Two strings, `spread` cents off each other to either side, with stiff partials and a felt hammer."""
    t = seconds(length)
    out = np.zeros_like(t)
    stiffness = 0.00025
    for cents in (-spread, spread):
        string = frequency * 2 ** (cents / 1200)
        for n in range(1, 15):
            partial = string * n * np.sqrt(1 + stiffness * n * n)
            if partial > 9000:
                break
            level = np.sin(np.pi * n * 0.12) / n ** (2.0 - 0.45 * bright)
            decay = 0.55 + 0.0011 * frequency + 0.42 * n
            out += level * np.exp(-decay * t) * np.sin(2 * np.pi * partial * t + 0.4 * n)
    out *= 1 - np.exp(-t * 320)
    knock = np.random.default_rng(int(frequency * 10)).standard_normal(len(t)) * np.exp(-t * 90)
    out += 0.012 * np.convolve(knock, np.ones(24) / 24, "same")
    return _fade(out, 0.08)


def harp(frequency: float, length: float, softness: float = 0.5) -> np.ndarray:
    """A plucked string: partials of a pluck at a fifth of its length."""
    t = seconds(length)
    out = np.zeros_like(t)
    for n in range(1, 16):
        if frequency * n > 8000:
            break
        level = np.sin(np.pi * n / 5) / n ** (1.6 + softness)
        out += level * np.exp(-(1.1 + 0.5 * n) * t) * np.sin(2 * np.pi * frequency * n * t)
    out *= 1 - np.exp(-t * 700)
    return _fade(out, 0.08)


def pad(frequency: float, length: float, rise: float, partials: int = 7, slope: float = 2.0) -> np.ndarray:
    """A slow breath of three slightly detuned reeds."""
    t = seconds(length)
    out = np.zeros_like(t)
    for voice, cents in enumerate((-5.0, 0.0, 4.5)):
        reed = frequency * 2 ** (cents / 1200)
        for n in range(1, partials + 1):
            out += np.sin(2 * np.pi * reed * n * t + voice * 2.1 + n) / n**slope
    swell = np.minimum(1, np.minimum(t / rise, (length - t) / rise))
    return out / 3 * np.sin(0.5 * np.pi * np.clip(swell, 0, 1)) ** 2


def flute(frequency: float, length: float) -> np.ndarray:
    t = seconds(length)
    vibrato = 0.004 * np.sin(2 * np.pi * 5.1 * t) * np.clip((t - 0.25) / 0.6, 0, 1)
    phase = 2 * np.pi * np.cumsum(frequency * (1 + vibrato)) / RATE
    tone = np.sin(phase) + 0.22 * np.sin(2 * phase) + 0.07 * np.sin(3 * phase)
    return tone * np.clip(t / 0.09, 0, 1) * np.clip((length - t) / 0.25, 0, 1)


def _fade(wave: np.ndarray, length: float) -> np.ndarray:
    count = min(len(wave), int(length * RATE))
    wave[-count:] *= np.linspace(1, 0, count)
    return wave


# The ring


class Ring:
    """A stereo loop of fixed length that notes are laid onto."""

    def __init__(self, length: float) -> None:
        self.count = round(length * RATE)
        self.wave = np.zeros((self.count, 2))

    def add(self, at: float, wave: np.ndarray, level: float = 1.0, pan: float = 0.0) -> None:
        """Lay a mono `wave` at a time, `pan` from -1 (left) to 1 (right)."""
        places = (round(at * RATE) + np.arange(len(wave))) % self.count
        angle = (pan + 1) * np.pi / 4
        for channel, gain in enumerate((np.cos(angle), np.sin(angle))):
            np.add.at(self.wave[:, channel], places, wave * level * gain)

    def room(self, length: float, wet: float, seed: int) -> None:
        """Echo, going round the ring: a decaying noise, darker as it dies."""
        random = np.random.default_rng(seed)
        t = seconds(length)
        for channel in range(2):
            noise = random.standard_normal(len(t)) * np.exp(-t * 5.5 / length)
            noise *= 1 - np.exp(-t * 60)
            spectrum = np.fft.rfft(noise, self.count)
            spectrum /= 1 + (np.fft.rfftfreq(self.count, 1 / RATE) / 2200) ** 2
            kernel = spectrum / np.sqrt(np.mean(np.abs(spectrum) ** 2))
            echo = np.fft.irfft(np.fft.rfft(self.wave[:, channel]) * kernel, self.count)
            self.wave[:, channel] += wet * echo


def ring_noise(count: int, shape, seed: int) -> np.ndarray:
    """Noise with a spectrum, periodic by construction; `shape` maps frequencies to levels."""
    random = np.random.default_rng(seed)
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    spectrum = shape(np.maximum(frequencies, 1.0)) * np.exp(2j * np.pi * random.random(len(frequencies)))
    spectrum[0] = 0
    wave = np.fft.irfft(spectrum, count)
    return wave / np.sqrt(np.mean(wave**2))


# Music

WALTZ_CHORDS = [
    ("D2", "A3", "D4", "F#4"), ("F#2", "A3", "D4", "F#4"), ("G2", "B3", "D4", "G4"), ("A2", "A3", "C#4", "E4"),
    ("B2", "B3", "D4", "F#4"), ("G2", "B3", "D4", "G4"), ("E2", "B3", "E4", "G4"), ("A2", "A3", "C#4", "G4"),
    ("D2", "A3", "D4", "F#4"), ("G2", "B3", "D4", "G4"), ("A2", "A3", "C#4", "G4"), ("D2", "A3", "D4", "F#4"),
]  # fmt: skip
WALTZ_TUNE = [
    [("A4", 1), ("D5", 1), ("F#5", 1)], [("E5", 2), ("D5", 1)], [("B4", 1), ("D5", 1), ("G5", 1)],
    [("F#5", 2), ("E5", 1)], [("D5", 1), ("F#5", 1), ("B5", 1)], [("A5", 2), ("G5", 1)],
    [("E5", 1), ("G5", 1), ("F#5", 1)], [("E5", 3)], [("A4", 1), ("D5", 1), ("F#5", 1)],
    [("G5", 1.5), ("F#5", 0.5), ("E5", 1)], [("C#5", 1), ("E5", 1), ("A4", 1)], [("D5", 3)],
]  # fmt: skip


def sour(note: str) -> float:
    """How far out the abandoned piano is at a note, in cents. Its A is 15.5 flat, as in the story."""
    if note.startswith("A") and "#" not in note:
        return -15.5
    return float(np.random.default_rng([ord(c) for c in note]).uniform(-11, 3))


def waltz(beat: float, tuned: bool) -> Ring:
    """The story's one tune. In the evening on a piano nobody tunes; in the morning, on the same piano, tuned."""
    ring = Ring(len(WALTZ_CHORDS) * 3 * beat)
    spread, bright = (0.6, 1.15) if tuned else (4.2, 0.8)
    drift = np.random.default_rng(12)

    def strike(note: str, at: float, length: float, level: float, pan: float) -> None:
        late = float(drift.uniform(0, 0.018 if tuned else 0.03))
        cents = 0.0 if tuned else sour(note)
        ring.add(at + late, piano(hertz(note, cents), length, spread, bright), level * float(drift.uniform(0.9, 1.05)), pan)

    for bar, (bass, *chord) in enumerate(WALTZ_CHORDS):
        start = bar * 3 * beat
        strike(bass, start, 3.4, 0.5, -0.35)
        if tuned:  # a rolling left hand, and strings beneath
            for step, note in enumerate((chord[0], chord[1], chord[2], chord[1], chord[0])):
                strike(note, start + (step + 1) * beat / 2, 2.4, 0.19, -0.2 + 0.08 * step)
            for place, note in enumerate((bass[:-1] + "3", *chord[1:])):
                ring.add(start - 0.4, pad(hertz(note), 3 * beat + 0.8, 0.8, 6, 2.2), 0.06, (place - 1) * 0.5)
        else:
            for step in (1, 2):
                for place, note in enumerate(chord):
                    strike(note, start + step * beat + 0.012 * place, 1.8, 0.13, -0.15 + 0.1 * place)
        at = start
        for note, beats in WALTZ_TUNE[bar]:
            strike(note, at, beats * beat + 2.2, 0.46, 0.25)
            if tuned and bar >= 4 and beats >= 2:
                strike(note[:-1] + str(int(note[-1]) + 1), at, beats * beat + 1.6, 0.1, 0.4)
            at += beats * beat
    ring.room(1.9 if tuned else 1.2, 0.3 if tuned else 0.22, 5)
    return ring


def lantern_light() -> Ring:
    """Four held chords by candlelight, and a few plucked notes that are in no hurry."""
    chords = [
        ("B2", "F#3", "A3", "C#4", "D4"), ("G2", "D3", "B3", "D4", "F#4"), ("D3", "A3", "B3", "F#4", "A4"),
        ("F#2", "C#3", "A3", "C#4", "E4"),
    ]  # fmt: skip
    plucks = [["F#5", "D5", "B4", ""], ["", "B4", "A4", "D5"], ["A5", "", "F#5", "E5"], ["", "C#5", "E5", ""]]
    second = [["D5", "", "F#5", "A5"], ["B5", "A5", "", "D5"], ["", "F#5", "A4", ""], ["E5", "", "C#5", "A4"]]
    span = 4.5
    ring = Ring(span * 8)
    for bar in range(8):
        start = bar * span
        for place, note in enumerate(chords[bar % 4]):
            ring.add(start - 1.2, pad(hertz(note), span + 2.4, 2.2, 6, 1.9), 0.17, (place - 2) * 0.35)
        row = (plucks if bar < 4 else second)[bar % 4]
        for step, note in enumerate(row):
            if note:
                at = start + step * span / 4 + 0.06 * ((bar * 7 + step * 3) % 5) / 5
                ring.add(at, harp(hertz(note), 3.5), 0.34, 0.5 * np.sin(bar + step))
    ring.room(2.8, 0.5, 8)
    return ring


def seven_ten() -> Ring:
    """The first boat: a harp in six-eight, a reed organ under it, and the tune's first bars on a pipe."""
    bars = [
        ("G2", "D3", "G3", "B3", "D4"), ("F#2", "D3", "A3", "D4", "F#4"), ("E2", "B2", "G3", "B3", "E4"),
        ("C3", "G3", "C4", "E4", "G4"), ("B2", "G3", "B3", "D4", "G4"), ("C3", "G3", "C4", "E4", "A4"),
        ("A2", "E3", "A3", "C4", "E4"), ("D3", "A3", "C4", "F#4", "A4"),
    ]  # fmt: skip
    tune = {
        2: [("D5", 0, 2), ("G5", 2, 2), ("B5", 4, 2)], 3: [("A5", 0, 4), ("G5", 4, 2)],
        4: [("D5", 0, 2), ("E5", 2, 2), ("G5", 4, 2)], 5: [("E5", 0, 6)],
        6: [("C5", 0, 2), ("E5", 2, 2), ("A5", 4, 2)], 7: [("F#5", 0, 5)],
    }  # fmt: skip
    step = 0.6
    ring = Ring(step * 6 * len(bars))
    for bar, chord in enumerate(bars):
        start = bar * 6 * step
        ring.add(start, harp(hertz(chord[0]), 4.5, 0.8), 0.75, -0.2)
        for place, index in enumerate((1, 2, 3, 4, 3, 2)):
            ring.add(start + place * step, harp(hertz(chord[index]), 2.6), 0.4, -0.4 + 0.16 * place)
            ring.add(start + (place + 0.5) * step, harp(hertz(chord[min(index + 1, 4)]), 2.0, 0.9), 0.13, 0.4 - 0.16 * place)
        for place, note in enumerate(chord[1:4]):
            ring.add(start - 0.5, pad(hertz(note), 6 * step + 1.0, 1.1, 8, 1.7), 0.1, (place - 1) * 0.6)
        for note, at, length in tune.get(bar, []):
            ring.add(start + at * step, flute(hertz(note), length * step + 0.15), 0.13, 0.15)
    ring.room(2.2, 0.34, 3)
    return ring


# Ambience


def rain() -> Ring:
    ring = Ring(18.0)
    for channel in range(2):
        hiss = ring_noise(ring.count, lambda f: 1 / (1 + (f / 3200) ** 2) * f**0.15 / (1 + (120 / f) ** 2), 20 + channel)
        roof = ring_noise(ring.count, lambda f: 1 / (1 + (f / 500) ** 2) / (1 + (60 / f) ** 2), 30 + channel)
        t = np.arange(ring.count) / ring.count
        gust = 1 + 0.22 * np.sin(2 * np.pi * (2 * t + 0.3 * channel)) + 0.12 * np.sin(2 * np.pi * 5 * t)
        ring.wave[:, channel] += (0.55 * hiss + 0.35 * roof) * gust
    random = np.random.default_rng(40)
    for _ in range(900):
        t = seconds(0.05)
        drop = np.sin(2 * np.pi * random.uniform(900, 3800) * t * (1 + 3 * t)) * np.exp(-t * random.uniform(90, 260))
        ring.add(random.uniform(0, 18), drop, random.uniform(0.1, 1.1), random.uniform(-0.9, 0.9))
    return ring


def sea() -> Ring:
    ring = Ring(20.0)
    t = np.arange(ring.count) / ring.count
    for channel in range(2):
        low = ring_noise(ring.count, lambda f: f**-0.9 / (1 + (f / 700) ** 2) / (1 + (45 / f) ** 2), 50 + channel)
        foam = ring_noise(ring.count, lambda f: f**-0.3 / (1 + (f / 4200) ** 2) / (1 + (700 / f) ** 2), 60 + channel)
        lag = 0.04 * channel
        swell = (0.5 + 0.5 * np.sin(2 * np.pi * (3 * t + lag))) ** 2
        break_ = (0.5 + 0.5 * np.sin(2 * np.pi * (3 * t - 0.12 + lag))) ** 6 + 0.4 * (0.5 + 0.5 * np.sin(2 * np.pi * (2 * t + 0.4))) ** 8
        ring.wave[:, channel] += low * (0.35 + 0.65 * swell) + 0.5 * foam * (0.06 + break_)
    return ring


def room() -> Ring:
    """A storeroom at night: air, a far pipe, and a clock that is slow."""
    ring = Ring(16.0)
    for channel in range(2):
        ring.wave[:, channel] += ring_noise(ring.count, lambda f: f**-0.8 / (1 + (f / 350) ** 2) / (1 + (40 / f) ** 2), 70 + channel)
    random = np.random.default_rng(80)
    for tick in range(16):
        t = seconds(0.09)
        pitch = 1900 if tick % 2 else 1550
        click = np.sin(2 * np.pi * pitch * t) * np.exp(-t * 130) + 0.4 * random.standard_normal(len(t)) * np.exp(-t * 400)
        ring.add(tick * 1.0 + (0.03 if tick % 2 else 0), click, 0.75, 0.35)
    for at, pitch in ((3.3, 210.0), (11.7, 170.0)):
        t = seconds(0.7)
        creak = np.sign(np.sin(2 * np.pi * np.cumsum(pitch * (0.25 + 0.1 * np.sin(9 * t))) / RATE)) * np.sin(np.pi * t / 0.7) ** 2
        ring.add(at, np.convolve(creak, np.hanning(90) / 45, "same"), 0.35, -0.6)
    ring.room(1.2, 0.25, 81)
    return ring


# Effects


def _strip(length: float) -> Ring:
    return Ring(length)


def bell() -> Ring:
    """An old desk telephone: two rings on two gongs, a hammer twenty times a second."""
    strip = _strip(3.4)
    for burst in (0.0, 0.62):
        for stroke in range(9):
            t = seconds(1.5)
            gong = (1180, 1490)[stroke % 2]
            wave = sum(
                level * np.sin(2 * np.pi * gong * ratio * t) * np.exp(-decay * t)
                for ratio, level, decay in ((1, 1, 4), (2.76, 0.35, 8), (5.4, 0.12, 18))
            )
            strip.add(burst + stroke * 0.05, _fade(wave, 0.2), 0.5 if stroke else 0.8, 0.1 if stroke % 2 else -0.1)
    strip.room(0.7, 0.15, 90)
    return strip


def door() -> Ring:
    strip = _strip(1.6)
    random = np.random.default_rng(100)
    t = seconds(0.06)
    strip.add(0.02, random.standard_normal(len(t)) * np.exp(-t * 160), 0.5, 0.1)
    t = seconds(0.55)
    groan = np.cumsum(95 + 70 * np.sin(3.1 * t) + 12 * np.sin(41 * t)) / RATE
    squeak = sum(np.sin(2 * np.pi * n * groan) / n for n in range(1, 9)) * np.sin(np.pi * t / 0.55) ** 1.5
    strip.add(0.12, squeak, 0.16, 0.0)
    t = seconds(0.5)
    thud = np.sin(2 * np.pi * 62 * t * (1 - 0.4 * t)) * np.exp(-t * 16)
    thud += 0.5 * np.convolve(random.standard_normal(len(t)), np.ones(40) / 40, "same") * np.exp(-t * 30)
    strip.add(0.72, thud, 1.0, 0.0)
    strip.room(0.6, 0.2, 101)
    return strip


def thunder() -> Ring:
    strip = _strip(7.0)
    count = strip.count
    t = np.arange(count) / RATE
    random = np.random.default_rng(110)
    envelope = np.clip(t / 0.15, 0, 1) * np.exp(-t * 0.75)
    for at in random.uniform(0.2, 3.6, 9):
        envelope += random.uniform(0.2, 0.7) * np.exp(-0.5 * ((t - at) / random.uniform(0.08, 0.35)) ** 2) * np.exp(-at * 0.4)
    envelope *= np.clip((7.0 - t) / 2.5, 0, 1)
    for channel in range(2):
        rumble = ring_noise(count, lambda f: f**-1.1 / (1 + (f / 240) ** 2) / (1 + (28 / f) ** 2), 111 + channel)
        strip.wave[:, channel] += rumble * envelope
    return strip


def page() -> Ring:
    strip = _strip(0.8)
    count = strip.count
    t = np.arange(count) / RATE
    for channel, seed in enumerate((120, 121)):
        paper = ring_noise(count, lambda f: f**0.1 / (1 + (f / 6500) ** 4) / (1 + (900 / f) ** 2), seed)
        turn = np.exp(-0.5 * ((t - 0.2 - 0.02 * channel) / 0.085) ** 2) + 0.55 * np.exp(-0.5 * ((t - 0.43) / 0.03) ** 2)
        flutter = 0.6 + 0.4 * np.sin(2 * np.pi * 31 * t + 8 * t * t)
        strip.wave[:, channel] += paper * turn * flutter
    return strip


def rope() -> Ring:
    strip = _strip(1.2)
    random = np.random.default_rng(130)
    t = seconds(0.4)
    swish = np.convolve(random.standard_normal(len(t)), np.hanning(30) / 15, "same") * np.sin(np.pi * t / 0.4) ** 3
    strip.add(0.0, swish, 0.35, -0.4)
    for at, level in ((0.3, 1.0), (0.42, 0.5), (0.55, 0.3)):
        t = seconds(0.3)
        slap = np.sin(2 * np.pi * 110 * t * (1 - 0.8 * t)) * np.exp(-t * 26)
        slap += 0.7 * np.convolve(random.standard_normal(len(t)), np.hanning(18) / 9, "same") * np.exp(-t * 55)
        strip.add(at, slap, level, 0.1)
    strip.room(0.4, 0.15, 131)
    return strip


def note_a() -> Ring:
    """A fork on the wood of a piano: nearly a sine, and the strings that answer."""
    strip = _strip(5.0)
    t = seconds(4.6)
    fork = np.sin(2 * np.pi * 440 * t) * np.exp(-t * 0.8) + 0.08 * np.sin(2 * np.pi * 2756 * t) * np.exp(-t * 14)
    strip.add(0.0, _fade(fork * (1 - np.exp(-t * 200)), 0.8), 0.5, 0.0)
    for note, pan in (("A3", -0.4), ("A4", 0.1), ("E5", 0.4)):
        strip.add(0.03, piano(hertz(note), 4.4, 0.5, 0.6) * np.clip(seconds(4.4) / 0.25, 0, 1), 0.12, pan)
    strip.room(1.6, 0.3, 140)
    return strip


def far_office() -> Ring:
    """A man reading a list at the far end of a telephone line: the tune of speech, and none of its words."""
    strip = _strip(3.0)
    random = np.random.default_rng(150)
    at = 0.1
    for group in (4, 5, 3):
        for syllable in range(group):
            t = seconds(random.uniform(0.12, 0.19))
            fall = 1 - 0.12 * syllable / group
            pitch = np.cumsum(118 * fall * (1 + 0.05 * np.sin(2 * np.pi * t / len(t) * RATE))) / RATE
            mouth = random.uniform(420, 780)
            wave = np.zeros_like(t)
            for n in range(3, 28):
                frequency = 118 * fall * n
                weight = np.exp(-(((frequency - mouth) / 160) ** 2)) + 0.5 * np.exp(-(((frequency - 1750) / 320) ** 2))
                wave += weight * np.sin(2 * np.pi * n * pitch)
            strip.add(at, wave * np.sin(np.pi * t * RATE / len(t)) ** 0.7, random.uniform(0.6, 1.0), 0.15)
            at += len(t) / RATE + 0.02
        at += 0.16
    hiss = np.convolve(random.standard_normal(int(2.9 * RATE)), (1, -0.9), "same")
    strip.add(0.0, _fade(hiss, 0.3), 0.012, 0.15)
    return strip


# Files


def write(folder: str, name: str, ring: Ring, peak: float, smooth_end: bool = False) -> None:
    wave = ring.wave - ring.wave.mean(axis=0)
    wave = np.tanh(wave / np.abs(wave).max() * 1.1) / np.tanh(1.1) * peak
    if smooth_end:
        count = min(len(wave), int(0.08 * RATE))
        wave[-count:] *= np.linspace(1, 0, count)[:, None]
        wave[:64] *= np.linspace(0, 1, 64)[:, None]
    samples = np.round(wave * 32767).astype("<i2").tobytes()
    path = ASSETS / folder / f"{name}.ogg"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = ["ffmpeg", "-v", "error", "-y", "-f", "s16le", "-ar", str(RATE), "-ac", "2", "-i", "-"]
    command += ["-c:a", "libvorbis", "-q:a", "2", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    subprocess.run([*command, str(path)], input=samples, check=True)
    print(f"{folder}/{name}.ogg  {len(wave) / RATE:5.1f} s  {path.stat().st_size / 1024:6.0f} KiB")


def main() -> None:
    write("music", "waiting_room", waltz(0.84, tuned=False), 0.62)
    write("music", "true_pitch", waltz(0.8, tuned=True), 0.68)
    write("music", "lantern_light", lantern_light(), 0.5)
    write("music", "seven_ten", seven_ten(), 0.62)
    write("ambience", "rain", rain(), 0.24)
    write("ambience", "sea", sea(), 0.4)
    write("ambience", "room", room(), 0.3)
    for effect, peak in ((bell, 0.34), (door, 0.7), (thunder, 0.85), (page, 0.5), (rope, 0.7), (note_a, 0.42)):
        write("sfx", effect.__name__, effect(), peak, smooth_end=True)
    write("voice", "far_office", far_office(), 0.4, smooth_end=True)


if __name__ == "__main__":
    main()
