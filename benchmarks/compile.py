"""How long a large project takes to check, cold, beside real Ren'Py's lint of what we emit.

Prints lines a second, the peak memory, and the ratio; wanted: at most a fifth.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from projects import write_project


def timed(command: list[str]) -> float:
    """Run `command`; return its wall seconds."""
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout.decode()[-2000:]}")
    return seconds


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
        write_project(root, options.lines, options.words, options.scenes)
        sources = [path.read_text() for path in root.glob("scenes/*.md")]
        lines = sum(bool(line.strip()) for text in sources for line in text.splitlines())
        words = sum(len(text.split()) for text in sources)
        check = [sys.executable, "-m", "comfyvn", "check", "-q", "-C", str(root)]
        timed([sys.executable, "-m", "comfyvn", "build", "renpy", "-q", "-C", str(root)])
        checks, lints = [], []
        for _ in range(options.rounds):
            checks.append(timed(check))
            lints.append(_lint(root / "build" / "renpy"))
        peak = _peak(check)
    ours, theirs = min(checks), min(lints)
    print(f"{lines} lines, {words} words, {options.scenes} scenes")
    print(f"comfyvn check: {ours:.2f} s, {lines / ours:,.0f} lines/s, peak {peak:.0f} MiB")
    print(f"Ren'Py lint:   {theirs:.2f} s")
    print(f"ratio: {ours / theirs:.3f} (wanted: at most 0.200)")


def _peak(command: list[str]) -> float:
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
        "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, check=True, text=True
    )
    return int(done.stdout) / 1024


def _lint(project: Path) -> float:
    from comfyvn.drivers.renpy_sdk import find_renpy

    sdk = find_renpy()
    if sdk is None:
        sys.exit("this benchmark compares with real Ren'Py, which is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        shutil.copytree(project, copy)
        started = time.perf_counter()
        findings = sdk.lint(copy)
        seconds = time.perf_counter() - started
    if findings:
        sys.exit(f"Ren'Py lint has findings: {findings[:3]}")
    return seconds


if __name__ == "__main__":
    main()
