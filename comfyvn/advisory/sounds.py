"""Hand-made sounds: what clicks, comes late, or is not heard as loud as others of its kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from comfyvn.plan.sounds import CEILING, LEVELS, gain
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

_SOFTER = 4.0
"""dB below its level that a sound may be played."""
_ABOVE_VOICE = 10.0
"""dB by which an effect may be louder than voices; effects are as loud as they are made."""
_JUMP = 0.02
"""The smallest step that clicks, as a part of full scale."""
_UNUSUAL = 3.0
"""How many times as far as from one sample to the next a step goes that is heard."""
_LATE: Mapping[str, float] = {"sfx": 0.15, "voice": 0.5}
"""Seconds of silence before a sound that is to be heard at once."""
_ONE_SIDED = 0.01
"""What part of the other side's peak a side has that is meant to be silent: 40 dB below."""


class Use(NamedTuple):
    """A hand-made sound, and what it is used as.

    Attributes:
        path: the file.
        facts: `@checked/KEY`: what it is.
        heard: what was measured of it, `@measured/KEY`; empty if nobody listened.
        names: what it answers: kinds and names.
    """

    path: str
    facts: Mapping[str, Any]
    heard: Mapping[str, Any]
    names: tuple[tuple[str, str], ...]


def check_sounds(
    uses: Iterable[Use], looped: Collection[tuple[str, str]], out: Diagnostics
) -> None:
    """Report what is odd to hear.

    Args:
        uses: the hand-made sounds.
        looped: the kinds and names of what the story repeats.
        out: where findings go.
    """
    for use in uses:
        for kind in sorted({kind for kind, _ in use.names}):
            _check_level(use, kind, out)
        if use.heard:
            _check_heard(use, not looped.isdisjoint(use.names), out)  # type: ignore[attr-defined]
        _check_name(use, out)


def _check_level(use: Use, kind: str, out: Diagnostics) -> None:
    """Report a sound that its level cannot be brought to."""
    loudness, peak = use.facts.get("loudness"), use.facts.get("peak")
    if loudness is None or peak is None:
        return
    played = loudness + gain(kind, use.facts)
    if kind in LEVELS and LEVELS[kind] - played > _SOFTER:
        highest = peak + gain(kind, use.facts) > CEILING - 0.5
        out.warning(
            "VN1810",
            f"`{use.path}` is played at {played:.0f} LUFS, and other {_PLURALS[kind]} at "
            f"{LEVELS[kind]:.0f}: "
            + (
                f"its peaks, {peak:.1f} dBTP, leave no room"
                if highest
                else f"it has {loudness:.0f}, and is not made so much louder"
            ),
            Span.whole_file(use.path),
            help="export it with its peaks limited" if highest else "export it louder",
        )
    elif kind == "sfx" and played > LEVELS["voice"] + _ABOVE_VOICE:
        out.warning(
            "VN1810",
            f"`{use.path}` is played at {played:.0f} LUFS, and voices at {LEVELS['voice']:.0f}",
            Span.whole_file(use.path),
            help="export it softer: effects are played as loud as they are made",
        )


_PLURALS = {"music": "music", "ambience": "ambiences", "voice": "voices"}


def _check_heard(use: Use, repeated: bool, out: Diagnostics) -> None:
    whole = Span.whole_file(use.path)
    jump, usual = use.heard["jump"], use.heard["usual"]
    if repeated and jump > max(_JUMP, _UNUSUAL * usual):
        out.warning(
            "VN1811",
            f"`{use.path}` clicks where it is repeated: the signal leaps by {jump:.0%} of full "
            "scale",
            whole,
            help="cut it where the signal crosses zero, or let it fade out and in",
        )
    kinds = {kind for kind, _ in use.names}
    late = min((_LATE[kind] for kind in kinds & _LATE.keys()), default=None)
    if late is not None and use.heard["lead"] > late:
        out.warning(
            "VN1812",
            f"`{use.path}` begins with {use.heard['lead']:.2f} s of silence",
            whole,
            help="cut them off: it is heard that much too late",
        )
    sides = use.heard["sides"]
    if len(sides) == 2 and max(sides) > 0 and min(sides) < _ONE_SIDED * max(sides):
        out.warning(
            "VN1813",
            f"`{use.path}` is heard on the {'left' if sides[0] > sides[1] else 'right'} only",
            whole,
            help="export it as mono, or copy the side that is heard to the other one",
        )


_EMPTY = frozenset(
    "audio bg bgm clip cue effect export file final fx loop master mix music new noise old "
    "output recording se sfx sfx sound soundtrack test tmp track untitled wav".split()
)
"""Words that say nothing of what is heard."""
_NUMBER = re.compile(r"v?[0-9]+[a-z]?|[0-9a-f]{6,}")


def _check_name(use: Use, out: Diagnostics) -> None:
    """Report a name that says nothing: players who do not hear are shown it as a caption."""
    for kind, name in use.names:
        if kind == "voice":
            continue
        words = re.findall(r"[^\W_]+", PurePosixPath(name).name.casefold())
        told = [re.sub(r"[0-9]+$", "", word) for word in words if not _NUMBER.fullmatch(word)]
        if all(word in _EMPTY for word in told):
            out.append(
                Diagnostic(
                    "VN1824",
                    "note",
                    f"`{name}` says nothing of what is heard, and is its caption",
                    Span.whole_file(use.path),
                    "name the file after its sound, such as `door_slams`, and the directive too",
                )
            )
            return
