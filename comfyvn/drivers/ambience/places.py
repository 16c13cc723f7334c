"""Rooms, crowds, streets, woods and what burns, hums and rolls."""

from __future__ import annotations

import numpy as np

from comfyvn.drivers.ambience.periodic import (
    LENGTH,
    RATE,
    SECONDS,
    TIME,
    Dice,
    Floats,
    band,
    drift,
    echo,
    filtered,
    levelled,
    placed,
    ringing,
    struck,
    swell,
    wide,
)

VOWELS = (
    (730, 1090, 2440),
    (530, 1840, 2480),
    (390, 1990, 2550),
    (570, 840, 2410),
    (440, 1020, 2240),
)
"""Formants in Hz (Peterson and Barney, 1952, men)."""


def room(dice: Dice) -> Floats:
    """Return the tone of a quiet room."""
    walls = wide(dice, band(35, 180, -5), 0.3) * swell(dice, 0.7, 0.04, 0.3)[:, None]
    return walls + 0.28 * wide(dice, band(180, 5000, -4.5), 0.6)


def hum(dice: Dice) -> Floats:
    """Return machines and their fans behind a wall."""
    made = 0.8 * wide(dice, band(70, 700, -4), 0.5)
    for harmonic, gain in ((1, 0.5), (2, 0.8), (3, 0.25), (4, 0.35), (6, 0.15), (8, 0.08)):
        # Both are whole numbers of turns in the loop, and beat slowly.
        for hertz in (50 * harmonic, 50 * harmonic + 1 / SECONDS * round(dice.one(4, 14))):
            turns = 2 * np.pi * hertz * TIME + dice.one(0, 6.28)
            made += 0.35 * gain * np.sin(turns)[:, None]
    return np.asarray(made * swell(dice, 0.5, 0.04, 0.4)[:, None])


def _talk(dice: Dice, voices: int) -> Floats:
    """Return people who speak no language: pulses of the voice, syllables, formants."""
    spoken = np.zeros((len(VOWELS), LENGTH, 2))
    for voice in range(voices):
        pitch = (105, 190)[voice % 2] * dice.one(0.85, 1.2)
        hertz = pitch * 2 ** (drift(dice, 0.2, 2.5) * 2.2 / 12)
        turns = np.cumsum(hertz) / RATE
        turns *= round(turns[-1]) / turns[-1]
        pulse = 1 - 2 * (turns % 1)
        talks = drift(dice, 0.06, 0.35) > dice.one(-0.4, 0.5)
        pace = dice.one(3.4, 5.2)
        count = round(pace * SECONDS)
        vowels = (dice.uniform(0, 1, count) * len(VOWELS)).astype(int)
        stress = dice.uniform(0.25, 1, count)
        phase = TIME * count / SECONDS
        syllable = np.minimum(phase.astype(int), count - 1)
        level = stress[syllable] * np.sin(np.pi * (phase % 1)) ** 1.5 * talks
        angle = dice.one(0.1, np.pi / 2 - 0.1)
        loud = dice.one(0.3, 1) * level * pulse
        for ear, gain in enumerate((np.cos(angle), np.sin(angle))):
            spoken[vowels[syllable], np.arange(LENGTH), ear] += gain * loud
    made = np.zeros((LENGTH, 2))
    for formants, part in zip(VOWELS, spoken, strict=True):

        def mouth(at: Floats, formants: tuple[int, ...] = formants) -> Floats:
            peaks = sum(
                gain / (1 + ((at - each) / (0.07 * each + 30)) ** 2)
                for each, gain in zip(formants, (1, 0.5, 0.22), strict=True)
            )
            return np.asarray(peaks) / np.sqrt(1 + (90 / at) ** 4)

        made += filtered(part, mouth)
    return levelled(made)


def crowd(dice: Dice) -> Floats:
    """Return people who talk in a hall, none to be understood; now and then a cup."""
    near = echo(dice, _talk(dice, 26), 0.9, 0.55)
    cups = np.zeros((LENGTH, 2))
    for _ in range(7):
        pitch = dice.one(2300, 5200)
        at, gain, pan = dice.one(0, SECONDS), dice.one(0.4, 1), dice.one(-0.8, 0.8)
        for partial, seconds, level in ((1, 0.16, 1), (2.76, 0.09, 0.6)):
            placed(ringing(pitch * partial, seconds), at, gain * level, pan, cups)
    return (
        near + 0.2 * wide(dice, band(150, 1500, -4)) + 0.12 * levelled(echo(dice, cups, 0.8, 0.4))
    )


def city(dice: Dice) -> Floats:
    """Return traffic some streets away; cars pass."""
    made = 0.5 * wide(dice, band(40, 300, -3), 0.5) * swell(dice, 1.2, 0.05, 0.4)[:, None]
    made += 0.2 * wide(dice, band(250, 3000, -4.5)) * swell(dice, 1.5, 0.05, 0.5)[:, None]
    for passing in range(6):
        begins = 4 * passing + dice.one(0, 4)
        lasts = dice.one(1.0, 2.0)
        after = (TIME - begins + SECONDS / 2) % SECONDS - SECONDS / 2
        level = dice.one(0.4, 0.9) / (1 + (after / lasts) ** 2) ** 1.5
        side = np.tanh(after / lasts) * (1 if dice.one(0, 1) > 0.5 else -1)
        angle = (0.8 * side + 1) * np.pi / 4
        tyres = wide(dice, band(200, 2200, -3), 0.2) * level[:, None]
        made += tyres * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return made


def train(dice: Dice) -> Floats:
    """Return a carriage under way: a rumble, and the joints of the rails."""
    made = wide(dice, band(35, 160, -4), 0.4) * swell(dice, 1, 0.2, 1.2)[:, None]
    made += 0.35 * wide(dice, band(180, 1400, -4)) * swell(dice, 1.2, 0.3, 2)[:, None]
    length = round(0.22 * RATE)
    at = np.arange(length) / RATE
    knock = dice.uniform(-1, 1, length) * np.exp(-at / 0.02)
    knock += np.sin(2 * np.pi * 92 * at) * np.exp(-at / 0.05) * np.minimum(1, at / 0.002)
    # Two axles at each joint, a joint each 1.2 seconds; the far bogie is fainter.
    joints = np.arange(20) * 1.2
    moments = np.concatenate([joints + late for late in (0, 0.16, 0.62, 0.78)])
    moments += dice.uniform(-0.008, 0.008, len(moments))
    gains = np.repeat([1.0, 0.8, 0.4, 0.35], 20) * dice.uniform(0.7, 1.1, len(moments))
    clacks = struck(moments, gains, np.repeat([-0.3, -0.1, 0.3, 0.4], 20), knock)
    return made + 0.9 * levelled(filtered(clacks, band(60, 2500)))


def fire(dice: Dice) -> Floats:
    """Return a fire of dry wood."""
    made = 0.6 * wide(dice, band(40, 260, -4), 0.5) * swell(dice, 2, 0.3, 4)[:, None]
    made += 0.12 * wide(dice, band(600, 7000, -2)) * swell(dice, 3, 0.4, 5)[:, None]
    for count, longest, gain in ((900, 0.004, 0.15), (140, 0.012, 0.12), (18, 0.03, 0.05)):
        crackle = np.zeros((LENGTH, 2))
        for _ in range(4):
            length = round(longest * dice.one(0.5, 1) * RATE)
            fall = 10 ** (-3 * np.arange(length) / length)
            crack = dice.uniform(-1, 1, length) * fall
            each = count // 4
            gains = dice.uniform(0, 1, each) ** 3
            sparks = struck(dice.times(each), gains, dice.uniform(-0.6, 0.6, each), crack)
            crackle += filtered(sparks, band(700, 9000))
        made += gain * levelled(crackle)
    return made


def night(dice: Dice) -> Floats:
    """Return crickets in the grass, near and far."""
    air = 0.3 * wide(dice, band(80, 700, -4)) + 0.08 * wide(dice, band(2500, 9000))
    made = np.zeros((LENGTH, 2))
    for cricket in range(7):
        pitch = dice.one(3900, 5100)
        chirps = round(SECONDS * dice.one(1.1, 1.9))
        pulses = 3 + cricket % 2
        length = round(pulses * 0.032 * RATE)
        at = np.arange(length) / RATE
        chirp = np.sin(2 * np.pi * pitch * at) * np.sin(np.pi * (at / 0.032 % 1)) ** 2
        moments = (np.arange(chirps) + dice.uniform(-0.04, 0.04, chirps)) * SECONDS / chirps
        gains = (
            dice.uniform(0.7, 1, chirps)
            * (drift(dice, 0.05, 0.2) > -0.9)[(moments % SECONDS * RATE).astype(int) % LENGTH]
        )
        pan = np.full(chirps, dice.one(-0.9, 0.9))
        near = dice.one(0.15, 0.8)
        made += near * struck(moments + dice.one(0, 1), gains, pan, chirp)
    return air + 0.5 * levelled(echo(dice, made, 0.5, 0.12))


def forest(dice: Dice) -> Floats:
    """Return leaves that stir, and birds."""
    leaves = wide(dice, band(900, 8000, -2)) * swell(dice, 3, 0.05, 0.5)[:, None]
    made = 0.25 * leaves + 0.25 * wide(dice, band(80, 500, -4)) * swell(dice, 2, 0.05, 0.3)[:, None]
    birds = np.zeros((LENGTH, 2))
    for _ in range(6):
        centre, pan, near = dice.one(2300, 5200), dice.one(-0.9, 0.9), dice.one(0.25, 1)
        notes = [
            (dice.one(-0.3, 0.3), dice.one(-0.35, 0.35), dice.one(0.05, 0.14)) for _ in range(4)
        ]
        for _ in range(round(dice.one(2, 5))):
            at = dice.one(0, SECONDS)
            for start, sweep, seconds in notes:
                time = np.arange(round(seconds * RATE)) / RATE
                hertz = centre * 2 ** (start + sweep * time / seconds)
                tone = np.sin(2 * np.pi * np.cumsum(hertz) / RATE)
                note = tone * np.sin(np.pi * time / seconds) ** 2
                placed(note, at, near * dice.one(0.7, 1), pan, birds)
                at += seconds + dice.one(0.03, 0.08)
    return made + 0.4 * levelled(echo(dice, birds, 1.2, 0.3))
