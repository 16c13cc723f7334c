"""Whether a hand-made sound is one, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from comfyvn.plan.sniff import is_sound
from comfyvn.plan.sounds import can_hear
from comfyvn.source.diagnostics import Diagnostics, Span

if TYPE_CHECKING:
    from comfyvn.drivers.audio.hear import Heard

CONVERTED = frozenset({".aif", ".aiff", ".wma", ".aac"})
"""Endings of sounds that no target plays before they are converted."""
LONGEST = 1800.0
"""Seconds. What is longer was most likely not cut."""
LOWEST_RATE = 16_000
QUIETEST = -45.0
"""LUFS: less is brought up with all its hiss, or not at all."""
OFFSET = 0.02
CLIPPED = 10
"""How many flat peaks may be a matter of taste."""

CONTAINERS: Mapping[str, tuple[str, ...]] = {
    ".ogg": ("ogg",),
    ".opus": ("ogg",),
    ".mp3": ("mp3",),
    ".wav": ("wav", "w64"),
    ".flac": ("flac", "ogg"),
    ".m4a": ("mov,mp4,m4a,3gp,3g2,mj2",),
    ".aif": ("aiff",),
    ".aiff": ("aiff",),
    ".wma": ("asf",),
    ".aac": ("aac",),
}
"""What FFmpeg calls the containers that an ending stands for."""


def check_sound(
    path: Path, name: str, out: Diagnostics, *, listen: bool
) -> Mapping[str, Any] | None:
    """Look into a sound; report what is wrong with it.

    Args:
        path: the file.
        name: what messages call it: its path in the project.
        out: where findings go: an error if no target can play it.
        listen: whether it is decoded, or only its beginning looked at.

    Returns:
        What it is, as JSON; None if no target can play it.
    """
    whole = Span.whole_file(name)
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        out.error("VN0151", f"cannot be read: {error.strerror}", whole)
        return None
    converted = PurePosixPath(name).suffix.lower() in CONVERTED
    if not start or start.startswith(b"version https://git-lfs"):
        _no_sound(name, start, out)
        return None
    if not listen:
        if converted and not can_hear():
            out.error(
                "VN1321",
                f"`{name}` has to be converted, and nothing here can do that",
                whole,
                help="run `pip install comfyvn[speech]`, or save it as Ogg, Opus or MP3",
            )
            return None
        if converted or is_sound(start):
            return {}
        _no_sound(name, start, out)
        return None
    return _listen(path, name, start, out)


def _listen(path: Path, name: str, start: bytes, out: Diagnostics) -> Mapping[str, Any] | None:
    from comfyvn.drivers.audio.decode import AudioError
    from comfyvn.drivers.audio.hear import hear

    try:
        heard = hear(path)
    except (AudioError, OSError, MemoryError, OverflowError) as error:
        known = is_sound(start) or PurePosixPath(name).suffix.lower() in CONVERTED
        if isinstance(error, AudioError) and not known:
            _no_sound(name, start, out)
            return None
        out.error(
            "VN1320",
            f"`{name}` cannot be played: {error}",
            Span.whole_file(name),
            help="export it again, or remove it to have silence",
        )
        return None
    _judge(name, heard, out)
    return heard._asdict()


def _judge(name: str, heard: Heard, out: Diagnostics) -> None:
    """Report what is wrong with a sound that can be played."""
    whole = Span.whole_file(name)
    ending = PurePosixPath(name).suffix.lower()
    if heard.container not in CONTAINERS.get(ending, (heard.container,)):
        out.warning(
            "VN1322",
            f"`{name}` is not what its ending says: it is `{heard.codec}` in `{heard.container}`",
            whole,
            help="rename it to the ending of its format",
        )
    if heard.damage:
        out.warning(
            "VN1323",
            f"`{name}` ends after {heard.seconds:.1f} s: {heard.damage}",
            whole,
            help="export it again, or copy it again",
        )
    if heard.loudness is None or heard.loudness < QUIETEST:
        how = "silent" if heard.loudness is None else f"very quiet: {heard.loudness:.0f} LUFS"
        out.warning("VN1325", f"`{name}` is {how}", whole, help="export it louder")
    elif heard.clipped > CLIPPED:
        out.warning(
            "VN1324",
            f"`{name}` is clipped: it is flat at full scale {heard.clipped} times",
            whole,
            help="export it 3 dB softer; ComfyVN brings it to its level",
        )
    if heard.offset > OFFSET:
        out.warning(
            "VN1326",
            f"`{name}` is off centre by {heard.offset:.0%} of full scale: it clicks at both ends",
            whole,
            help="remove the DC offset in an audio editor",
        )
    if heard.seconds > LONGEST:
        out.warning(
            "VN1327",
            f"`{name}` is {heard.seconds / 60:.0f} minutes long",
            whole,
            help="cut it to the part that is played: every player has to load it",
        )
    if heard.rate < LOWEST_RATE:
        out.warning(
            "VN1328",
            f"`{name}` has {heard.rate} samples a second, which sounds like a telephone",
            whole,
            help="export it with 44100 or 48000",
        )
    if heard.channels > 2:
        out.warning(
            "VN1329",
            f"`{name}` has {heard.channels} channels, and players have two",
            whole,
            help="mix it down to stereo yourself, or leave the mix to FFmpeg",
        )


def _no_sound(name: str, start: bytes, out: Diagnostics) -> None:
    pointer = start.startswith(b"version https://git-lfs")
    out.error(
        "VN1003",
        f"`{name}` holds no sound" + (": it is empty" if not start else ""),
        Span.whole_file(name),
        help="it only points to the file: run `git lfs pull`"
        if pointer
        else "replace it, or remove it to have silence",
    )
