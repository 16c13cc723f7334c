"""What builds cost: ComfyVN beside Hugo from scenes to a site, and beside ninja, make, doit and
SCons at copying files.

At each size every tool is measured in turn, in four states: nothing built yet, nothing to do, a
source touched, a source edited. Of each, medians of wall seconds, CPU seconds (all its processes)
and peak memory (of its largest process). Sources, rules and outputs are the same for all, and the
outputs are compared. ComfyVN copies beside building a site of one scene, as any project does.

At 10,000 is wanted: a build with nothing to do at most 2 times ninja's, with every output looked
at, at least 15 times faster than doit's, within 40 MiB; a touched file at most 1.5 times that; an
edited scene to a finished site at most 0.1 of its first build; a first build no slower than Hugo's,
within 300 MB; growth from 1,000 at most linear.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from peers import Peer, copiers, published, publishers

STATES = ("cold", "null", "touched", "edited")
# A process starts with the peak of the one that it came from, so a small one starts them.
LAUNCHER = """
import json, os, sys, time
started = time.perf_counter()
said = (os.POSIX_SPAWN_DUP2, 2, 1)
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[said])
_, status, used = os.wait4(child, 0)
seconds = time.perf_counter() - started
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
SAFETY = 3.1
"""Seconds after which the stamp of a file tells of every further change."""


class Cost(NamedTuple):
    """What one build took: seconds by the clock and of the processor, and its peak in MiB."""

    wall: float
    cpu: float
    peak: float


Costs = dict[tuple[str, str], Cost]
"""By tool and state."""


def run(peer: Peer) -> Cost:
    """Build; stop everything if that fails."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    # Modules are compiled once, as they are where they are installed.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *peer.command],
        cwd=peer.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    code, *cost = json.loads(done.stdout) if done.returncode == 0 else (done.returncode, 0, 0, 0)
    if code:
        sys.exit(f"{peer.name} failed:\n{done.stderr[-2000:]}")
    return Cost(*cost)


def measure(peers: list[Peer], count: int, rounds: int) -> Costs:
    """Build with every tool in every state, one after the other; return medians."""
    seen: dict[tuple[str, str], list[Cost]] = {}
    for turn in range(rounds):
        for peer in peers:
            peer.clear()
            for state in STATES:
                if state == "null":
                    # What was just written may be written again unseen; a tool may look once more.
                    time.sleep(SAFETY)
                    run(peer)
                times = 3 if state in ("null", "touched") else 1
                for again in range(times):
                    change(peer, state, (turn * 7919 + again * 104_729) % count)
                    seen.setdefault((peer.name, state), []).append(run(peer))
    return {
        key: Cost(*(median(column) for column in zip(*costs, strict=True)))
        for key, costs in seen.items()
    }


def change(peer: Peer, state: str, index: int) -> None:
    """Touch or edit one source."""
    source = peer.source(index)
    if state == "touched":
        os.utime(source)
    elif state == "edited":
        with source.open("a", encoding="utf-8") as file:
            file.write("\nThe last train had left.\n")


def check_copies(peers: list[Peer], count: int) -> None:
    """Stop unless every tool made of each file what it is."""
    for peer in peers:
        assert peer.result is not None
        for index in range(count):
            if peer.result(index).read_bytes() != peer.source(index).read_bytes():
                sys.exit(f"{peer.name} did not copy {peer.source(index).name}")


def check_sites(peers: list[Peer], count: int) -> None:
    """Stop unless the first words of every scene are in both sites."""
    for peer in peers:
        texts = published(peer.root) if peer.result is None else set()
        for index in range(count):
            words = peer.source(index).read_text().split("\n\n", 2)[1].strip()
            if words not in (texts if peer.result is None else peer.result(index).read_text()):
                sys.exit(f"{peer.name} has lost {peer.source(index).name}")


def show(title: str, peers: list[Peer], costs: Costs) -> None:
    """Print a table: wall s / CPU s / peak MiB."""
    print(f"\n{title}\n{'':9}" + "".join(f"{state:>24}" for state in STATES))
    for peer in peers:
        cells = [costs[peer.name, state] for state in STATES]
        row = (f"{cell.wall:10.3f} {cell.cpu:7.3f} {cell.peak:5.0f}" for cell in cells)
        print(f"{peer.name:9}{''.join(row)}")


class Bars:
    """What is wanted, printed as it is judged."""

    def __init__(self) -> None:
        self.missed = 0

    def at_most(self, text: str, value: float, bar: float) -> None:
        """Print a figure beside the most it may be."""
        self.missed += value > bar
        print(
            f"{text:64} {value:8.3f}  wanted: at most {bar:g}{'' if value <= bar else '  MISSED'}"
        )

    def ratio(self, text: str, one: Cost | None, other: Cost | None, bar: float) -> None:
        """Print the ratio of two costs by the clock, and in brackets of processor time."""
        if one is None or other is None:
            print(f"{text:64} not measured")
            return
        self.at_most(f"{text} (CPU {one.cpu / other.cpu:.3f})", one.wall / other.wall, bar)


def judge(copies: dict[int, Costs], sites: dict[int, Costs], sizes: list[int]) -> int:
    """Print the ratios that are wanted at the largest size; return how many bars were missed."""
    small, large = sizes[0], sizes[-1]
    copy, site, bars = copies[large], sites[large], Bars()
    null, cold = copy["comfyvn", "null"], site["comfyvn", "cold"]
    print(f"\nat {large:,}" + ("" if large >= 10_000 else ", where nothing is promised"))
    bars.ratio("null: ComfyVN / ninja", null, copy.get(("ninja", "null")), 2)
    bars.ratio("null: ComfyVN / doit", null, copy.get(("doit", "null")), 1 / 15)
    bars.at_most("null: peak MiB", max(null.peak, site["comfyvn", "null"].peak), 40)
    bars.ratio("copies, touched / null", copy["comfyvn", "touched"], null, 1.5)
    bars.ratio("site, touched / null", site["comfyvn", "touched"], site["comfyvn", "null"], 1.5)
    bars.ratio("site, edited / cold", site["comfyvn", "edited"], cold, 0.1)
    bars.ratio("site, cold: ComfyVN / Hugo", cold, site.get(("hugo", "cold")), 1)
    for name in ("ninja", "make", "doit", "scons"):
        other = copy.get((name, "cold"))
        if other is not None:
            ratio = copy["comfyvn", "cold"].wall / other.wall
            print(f"copies, cold: ComfyVN / {name}: {ratio:.3f}")
    peak = max(of["comfyvn", state].peak for of in (copy, site) for state in STATES)
    bars.at_most("peak MB", peak * 1.048576, 300)
    if small != large:
        for title, of in (("copies", copies), ("site", sites)):
            for state in ("cold", "null"):
                one, other = of[large]["comfyvn", state], of[small]["comfyvn", state]
                bars.ratio(f"{title}, {state}: {large:,} / {small:,}", one, other, large / small)
    return bars.missed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 and 1,000 sources, once each")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["copies", "sites"])
    options = parser.parse_args()
    sizes, rounds = ([100, 1000], 1) if options.quick else (sorted(options.sizes), options.rounds)
    measured: dict[str, dict[int, Costs]] = {"copies": {}, "sites": {}}
    kinds = {"copies": (copiers, check_copies), "sites": (publishers, check_sites)}
    for size in sizes:
        for kind, (write, check) in kinds.items():
            if options.only not in (None, kind):
                continue
            with tempfile.TemporaryDirectory() as folder:
                peers, absent = write(Path(folder), size)
                time.sleep(SAFETY)
                measured[kind][size] = measure(peers, size, rounds)
                check(peers, size)
            show(f"{size:,} {kind} (wall s, CPU s, peak MiB)", peers, measured[kind][size])
            for name in absent:
                print(f"{name:9} is not installed, so it is left out")
    if options.only is None:
        missed = judge(measured["copies"], measured["sites"], sizes)
        print(f"\n{missed} of the wanted figures missed" if missed else "\nall as wanted")


if __name__ == "__main__":
    main()
