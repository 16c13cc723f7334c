"""Voices, encoding and painting on one core, against real time and against the ffmpeg command.

    python benchmarks/assets.py [lines]

*Voices*: lines of the example as its characters say them: spoken with their pitch and formants,
treated, levelled, and written as FLAC, Opus and AAC. The figure is seconds heard for a second of
one core; at least 20 is asked for. *Encoding*: the same clip by us and by the `ffmpeg` command, at
the same bitrate; ffmpeg's time includes that it starts, and is taken over a clip of a minute so
that it counts for little. *Painting*: seconds for each background of the example.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import numpy as np  # noqa: E402

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))

from comfyvn.drivers.audio.clip import Clip  # noqa: E402
from comfyvn.drivers.audio.decode import decode  # noqa: E402
from comfyvn.drivers.audio.encode import Codec, encode  # noqa: E402
from comfyvn.drivers.speech.maker import Brief, Voice  # noqa: E402
from comfyvn.drivers.speech.makers import maker  # noqa: E402
from comfyvn.drivers.speech.master import AAC_BITS, OPUS_BITS, mastered  # noqa: E402
from comfyvn.model.load import LoadedProject, load_project  # noqa: E402
from comfyvn.model.voice import voice_of  # noqa: E402
from comfyvn.source.diagnostics import Diagnostics  # noqa: E402
from comfyvn.source.lock import read_lock  # noqa: E402
from comfyvn.story.compile import compile_project  # noqa: E402

EXAMPLE = REPOSITORY / "example_project"
LINES = 60
RUNS = 5
MINUTE = 60


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    loaded = load_project(EXAMPLE, Diagnostics())
    assert loaded is not None
    program = compile_project(loaded, read_lock(EXAMPLE, Diagnostics()), Diagnostics())
    assert program is not None
    clip = voices(loaded, list(said(program.program))[:: 512 // lines])
    encoding(clip)
    painting(loaded, program.program)


def said(value: Any) -> Iterator[tuple[str, str, str]]:
    """Yield who says what in which manner, of the lines without anything to fill in."""
    if isinstance(value, dict):
        if value.get("op") == "say" and all(isinstance(each, str) for each in value["text"]):
            who = (value.get("who") or ["noor"])[0]
            yield who, "".join(value["text"]), value.get("manner", "")
        for each in value.values():
            yield from said(each)
    elif isinstance(value, list):
        for each in value:
            yield from said(each)


def voices(loaded: LoadedProject, lines: list[tuple[str, str, str]]) -> Clip:
    """Measure; return a minute of what was spoken."""
    sheets = {id: each.model_dump(exclude_unset=True) for id, each in loaded.characters.items()}
    speaker = maker("hibari", Voice())
    speaker.speak(Brief("Hello there.", "en", Voice(1)))
    spent: Counter[str] = Counter()
    heard, sizes, parts = 0.0, Counter[str](), []
    for who, text, manner in lines:
        voice = Voice(*voice_of(who, sheets.get(who, {}), "hibari"))
        start = time.process_time()
        spoken = speaker.speak(Brief(text, "en", voice, 7))
        after = time.process_time()
        kept = encode(spoken.clip, "flac")
        between = time.process_time()
        made = mastered(decode(kept), text, spoken.sounds, spoken.words, manner, 7)
        end = time.process_time()
        spent["speaking"] += after - start
        spent["keeping (FLAC)"] += between - after
        spent["mastering"] += end - between
        heard += made.facts["seconds"]
        sizes["Opus"] += len(made.opus)
        sizes["AAC"] += len(made.aac)
        parts.append(spoken.clip.samples)
    whole = sum(spent.values())
    print(f"voices: {len(lines)} lines, {heard:.0f} s heard, on one core")
    for name, seconds in spent.items():
        print(f"  {name:<16} {heard / seconds:6.1f} x real time")
    verdict = "as asked" if heard / whole >= 20 else "TOO SLOW: 20 are asked for"
    print(f"  {'in all':<16} {heard / whole:6.1f} x real time, {verdict}")
    rates = ", ".join(
        f"{name} {size * 8 / heard / 1000:.0f} kbit/s" for name, size in sizes.items()
    )
    print(f"  {rates}")
    joined = np.concatenate(parts)
    rate = spoken.clip.rate
    return Clip(np.resize(joined, (MINUTE * rate, 1)), rate)


def encoding(clip: Clip) -> None:
    """Measure a minute of speech against the command."""
    print("encoding a minute of speech, median of", RUNS)
    if not shutil.which("ffmpeg"):
        print("  no ffmpeg to compare with")
    named: list[tuple[Codec, int, str, tuple[str, ...]]] = [
        ("opus", OPUS_BITS, "ogg", ("-c:a", "libopus")),
        ("aac", AAC_BITS, "m4a", ("-c:a", "aac", "-aac_coder", "fast")),
        ("flac", 0, "flac", ("-c:a", "flac")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "clip.f32"
        source.write_bytes(clip.samples.astype("<f4").tobytes())
        for codec, bits, ending, encoder in named:
            ours = _median(lambda codec=codec, bits=bits: encode(clip, codec, bits or None))  # type: ignore[misc]
            line = f"  {codec:<5} {MINUTE / ours:7.0f} x real time"
            if shutil.which("ffmpeg"):
                command = [
                    *("ffmpeg", "-v", "error", "-y", "-threads", "1"),
                    *("-f", "f32le", "-ar", str(clip.rate), "-ac", "1", "-i", str(source)),
                    *(*encoder, *(("-b:a", str(bits)) if bits else ())),
                    f"{folder}/out.{ending}",
                ]
                theirs = _median(lambda command=command: subprocess.run(command, check=True))  # type: ignore[misc]
                line += f", ffmpeg {MINUTE / theirs:7.0f}: {theirs / ours:.2f} times as fast"
            print(line)


def painting(loaded: LoadedProject, program: Any) -> None:
    """Measure each background of the example."""
    from comfyvn.drivers import painter
    from comfyvn.plan.registry import found_in

    found = found_in(EXAMPLE, loaded, program, Diagnostics())
    briefs = {
        request: found.briefs[key]
        for request, key in found.answers.items()
        if request.kind == "background" and found.made.get(key) == "painter"
    }
    if not briefs:
        print("painting: the example has files for all backgrounds")
        return
    seconds = {}
    for request, brief in briefs.items():
        start = time.process_time()
        painter.draw(brief)
        seconds[request.name] = time.process_time() - start
    slowest = max(seconds, key=lambda name: seconds[name])
    verdict = "as asked" if seconds[slowest] <= 0.5 else "TOO SLOW: 0.5 s are asked for"
    median = statistics.median(seconds.values())
    print(
        f"painting: {len(seconds)} backgrounds, median {median:.2f} s, "
        f"slowest {seconds[slowest]:.2f} s ({slowest}), {verdict}"
    )


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
