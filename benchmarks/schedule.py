"""The engine's placement against a lower bound, and against first come, first served.

    python benchmarks/schedule.py [seeds]

2,000 jobs of 12 model sets, in random order, go to 1 to 16 devices of unequal speed; a device that
turns to another set loads it first. What is simulated is time; what decides is the code that builds
use. Told are, for each number of devices, the worst of all seeds:

- the makespan as a ratio to a bound that no schedule can beat (see `bound`), also where jobs take
  up to 30% more or less than was predicted;
- model loads as a ratio to those of first come, first served: the next job of the queue to the
  first device that is free, as a queue without such knowledge does it;
- what a decision costs.

It ends with 1 if a makespan is above 1.1, or the loads are above a third. Small cases are compared
with all schedules there are in `tests/engine/test_placement.py`.
"""

from __future__ import annotations

import heapq
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from comfyvn.engine.placement import Device, Job, Placement, load
from comfyvn.engine.simulation import Simulation

JOBS, SETS = 2000, 12
DEVICES = (1, 2, 3, 4, 6, 8, 12, 16)
SPEEDS = (0.5, 0.8, 1.0, 1.0, 1.5, 2.0, 3.0, 4.0)
MOST_TIME, MOST_LOADS = 1.1, 1 / 3


def main() -> int:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{JOBS} jobs, {SETS} model sets, {seeds} seeds; the worst of them")
    print("devices  makespan / bound  with ±30%   loads: ours   f.c.f.s.   ratio   decision")
    sound = True
    for count in DEVICES:
        rows = [measure(seed, count) for seed in range(seeds)]
        time_ratio = max(row[0] for row in rows)
        noisy = max(row[1] for row in rows)
        ours, theirs = max((row[2:4] for row in rows), key=lambda pair: pair[0] / pair[1])
        cost = max(row[4] for row in rows)
        print(
            f"{count:>7}  {time_ratio:>16.3f}  {noisy:>9.3f}   {ours:>11}   {theirs:>8}   "
            f"{ours / theirs:>5.3f}   {cost * 1e6:>5.0f} µs"
        )
        sound = sound and time_ratio <= MOST_TIME and ours <= MOST_LOADS * theirs
    return 0 if sound else 1


def measure(seed: int, count: int) -> tuple[float, float, int, int, float]:
    """Return both makespans by the bound, both counts of loads and the seconds of a decision."""
    devices, jobs, loads = case(random.Random(f"{seed} {count}"), count)
    least = bound(devices, jobs, loads)
    began = time.perf_counter()
    end, ours = ended(devices, jobs, loads, lambda job, device: job.seconds / device.speed)
    cost = (time.perf_counter() - began) / len(jobs)
    odds = random.Random(seed)
    real = {job.key: job.seconds * odds.uniform(0.7, 1.3) for job in jobs}
    really = [job._replace(seconds=real[job.key]) for job in jobs]
    late, _ = ended(devices, jobs, loads, lambda job, device: real[job.key] / device.speed)
    return end / least, late / bound(devices, really, loads), ours, in_turn(devices, jobs), cost


def case(odds: random.Random, count: int) -> tuple[list[Device], list[Job], dict[str, float]]:
    """Return devices, jobs in the order in which they come, and how long each set loads."""
    devices = [
        Device(f"d{i}", frozenset({"image"}), speed=odds.choice(SPEEDS)) for i in range(count)
    ]
    wanted = [odds.random() ** 2 + 0.05 for _ in range(SETS)]
    usual = [odds.uniform(3, 20) for _ in range(SETS)]
    jobs = []
    for number in range(JOBS):
        chosen = odds.choices(range(SETS), wanted)[0]
        seconds = usual[chosen] * odds.uniform(0.6, 1.6)
        jobs.append(Job(f"j{number}", models=f"m{chosen}", seconds=seconds))
    return devices, jobs, {f"m{i}": odds.uniform(5, 30) for i in range(SETS)}


def ended(
    devices: Sequence[Device],
    jobs: Sequence[Job],
    loads: Mapping[str, float],
    takes: Callable[[Job, Device], float],
) -> tuple[float, int]:
    """Let placement decide; return the makespan and how often models were loaded."""
    placement = Placement(devices, load=loads.__getitem__)
    done = Simulation(devices, placement, load=loads.__getitem__, takes=takes).run(jobs)
    assert sorted(each.job.key for each in done) == sorted(job.key for job in jobs)
    return max(each.ended for each in done), sum(each.loaded for each in done)


def in_turn(devices: Sequence[Device], jobs: Sequence[Job]) -> int:
    """Return how often models are loaded where jobs go to devices in the order they come.

    Loading takes no time here, which is kind to it: devices are free sooner and swap as often.
    """
    free = [(0.0, i) for i in range(len(devices))]
    memory: list[dict[str, float]] = [{} for _ in devices]
    loaded = 0
    for job in jobs:
        when, i = heapq.heappop(free)
        loaded += load(memory[i], job, devices[i].vram)
        heapq.heappush(free, (when + job.seconds / devices[i].speed, i))
    return loaded


def bound(devices: Sequence[Device], jobs: Sequence[Job], loads: Mapping[str, float]) -> float:
    """Return a time before which no schedule can end.

    Until T the devices do at most ∑ speed · (T - what they spend on loading). One that works loads
    at least once, at least the quickest set (l). Each of the sets is loaded somewhere, so what is
    spent in all is at least ∑ loads; what of that goes beyond l for each device costs least on the
    slowest one. So T is at least the least time with

        ∑ speed · max(0, T - l) - slowest · max(0, ∑ loads - devices · l) ≥ ∑ seconds

    and at least what any one job takes with its load on the fastest device.
    """
    used = sorted(loads[models] for models in {job.models for job in jobs})
    work = sum(job.seconds for job in jobs)
    speeds = [device.speed for device in devices]
    beyond = min(speeds) * max(0.0, sum(used) - len(devices) * used[0])
    whole = used[0] + (work + beyond) / sum(speeds)
    return max(whole, *(loads[job.models] + job.seconds / max(speeds) for job in jobs))


if __name__ == "__main__":
    sys.exit(main())
