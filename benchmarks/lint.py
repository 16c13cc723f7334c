"""How long all advice on a large project takes, beside real Ren'Py's lint of what we emit.

Prints wall and CPU seconds of a cold check, of one in which nothing changed and of one after an
edit of one scene, and the ratios; wanted: cold at most what Ren'Py's lint takes, warm at most a
tenth of cold. A cold check is timed with the exploration of where the story leads, and without it:
Ren'Py's lint has no like of that. The words are those of a dictionary of this machine, so that
spelling has to know thousands of them.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from projects import write_project

VOCABULARY = 12_000

WITHOUT = """
import sys
from datetime import date
from pathlib import Path
from comfyvn.advisory.check import judged
from comfyvn.plan.check import Checker
with Checker(Path(sys.argv[1])) as checker:
    judged(checker.check(explore=False), date.today())
"""
"""All of a check but for the exploration, which Ren'Py's lint has no like of."""


class Took(NamedTuple):
    """Seconds that something took."""

    wall: float
    cpu: float


def main() -> None:
    """Measure, alternating the two, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--words", type=int, default=170_000)
    parser.add_argument("--scenes", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["PATH"] += os.pathsep + "/usr/games"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        vocabulary = _vocabulary()
        write_project(root, options.lines, options.words, options.scenes, vocabulary=vocabulary)
        words = sum(len(path.read_text().split()) for path in root.glob("scenes/*.md"))
        _run([sys.executable, "-m", "comfyvn", "build", "renpy", "-q", "-C", str(root)])
        check = [sys.executable, "-m", "comfyvn", "check", "-q", "-C", str(root)]
        without = [sys.executable, "-c", WITHOUT, str(root)]
        cold, fewer, still, edited, lints = [], [], [], [], []
        for number in range(options.rounds):
            shutil.rmtree(root / ".comfyvn/check", ignore_errors=True)
            fewer.append(_run(without))
            shutil.rmtree(root / ".comfyvn/check", ignore_errors=True)
            cold.append(_run(check))
            still.append(_run(check))
            scene = root / "scenes/s0003.md"
            before = scene.read_text()
            scene.write_text(before.replace(".\n", f" {vocabulary[number]}.\n", 1))
            edited.append(_run(check))
            scene.write_text(before)
            lints.append(_lint(root / "build/renpy"))
    ours, theirs = _best(cold), _best(lints)
    print(f"{words} words, {options.scenes} scenes, {len(vocabulary)} different words")
    part = _best(fewer)
    print(f"comfyvn check, cold:       {ours.wall:.2f} s, CPU {ours.cpu:.2f} s")
    print(f"  without the exploration: {part.wall:.2f} s, CPU {part.cpu:.2f} s")
    print(f"Ren'Py lint:               {theirs.wall:.2f} s, CPU {theirs.cpu:.2f} s")
    _ratio("cold / Ren'Py lint", ours, theirs, 1.0)
    _ratio("without the exploration / Ren'Py lint", part, theirs, 1.0)
    for name, found in (("nothing changed", _best(still)), ("one scene edited", _best(edited))):
        print(f"comfyvn check, {name}: {found.wall:.2f} s, CPU {found.cpu:.2f} s")
        _ratio(f"{name} / cold", found, ours, 0.1)


def _vocabulary() -> list[str]:
    """Return words of a dictionary: small letters, no two alike."""
    from comfyvn.advisory.spelling import open_outside
    from comfyvn.plan.dictionaries import dictionaries

    found = [path for name, path, *_ in dictionaries(os.environ) if name.startswith("en")]
    if not found:
        sys.exit("this benchmark needs an English dictionary of hunspell, which is not installed")
    stems = Path(f"{found[0]}.dic").read_text("utf-8", errors="replace").split("\n")
    known = open_outside(found[0])
    words = [
        word
        for word in (line.partition("/")[0] for line in stems)
        if word.isascii() and word.isalpha() and word.islower() and known and word in known
    ]
    return random.Random(1).sample([word for word in words if 3 < len(word) < 10], VOCABULARY)


def _run(command: list[str]) -> Took:
    before, started = _cpu(), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    took = Took(time.perf_counter() - started, _cpu() - before)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout.decode()[-2000:]}")
    return took


def _lint(project: Path) -> Took:
    from comfyvn.drivers.renpy_sdk import find_renpy

    sdk = find_renpy()
    if sdk is None:
        sys.exit("this benchmark compares with real Ren'Py, which is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        shutil.copytree(project, copy)
        before, started = _cpu(), time.perf_counter()
        findings = sdk.lint(copy)
        took = Took(time.perf_counter() - started, _cpu() - before)
    if findings:
        sys.exit(f"Ren'Py lint has findings: {findings[:3]}")
    return took


def _cpu() -> float:
    """Return the CPU seconds of all processes started from here that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _best(took: list[Took]) -> Took:
    return Took(min(each.wall for each in took), min(each.cpu for each in took))


def _ratio(name: str, one: Took, other: Took, most: float) -> None:
    wall, cpu = one.wall / other.wall, one.cpu / other.cpu
    print(f"  {name}: {wall:.3f} wall, {cpu:.3f} CPU (wanted: at most {most:.2f})")


if __name__ == "__main__":
    main()
