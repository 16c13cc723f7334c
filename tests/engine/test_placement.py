"""Placement: nothing is lost, done twice or overfilled, and what it decides is near the best."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comfyvn.engine.fill import Bin, Family, distribute
from comfyvn.engine.placement import Device, Job, Place, Placement
from comfyvn.engine.simulation import Simulation

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
IMAGE, BOTH = frozenset({"image"}), frozenset({"image", "speech"})


def device(name: str = "a", **more: object) -> Device:
    return Device(**{"name": name, "roles": IMAGE, "slots": 1, **more})


def begun(placement: Placement, now: float = 0.0) -> dict[str, Place]:
    found = {}
    while (chosen := placement.next(now)) is not None:
        found[chosen.job.key] = chosen.place
    return found


def played(devices: list[Device], jobs: list[Job], **more: float) -> Simulation:
    placement = Placement(devices, load=lambda models: 5.0, **more)
    simulation = Simulation(devices, placement, load=lambda models: 5.0)
    simulation.run(jobs)
    return simulation


# What it prefers


def test_jobs_of_one_set_follow_one_another() -> None:
    jobs = [Job(str(i), models="xyz"[i % 3], seconds=4) for i in range(30)]
    done = played([device()], jobs).done
    assert sum(each.loaded for each in done) == 3


def test_a_large_set_is_shared_and_small_ones_are_not() -> None:
    jobs = [Job(f"l{i}", models="large", seconds=4) for i in range(60)]
    jobs += [Job(f"s{i}", models="small", seconds=4) for i in range(10)]
    done = played([device("a"), device("b")], jobs).done
    on: dict[str, set[str]] = {}
    for each in done:
        on.setdefault(each.job.models, set()).add(each.device)
    assert len(on["large"]) == 2
    assert len(on["small"]) == 1


def test_a_slow_device_is_left_idle_where_it_would_end_last() -> None:
    fast, slow = device("fast", speed=10), device("slow", speed=0.1)
    done = played([fast, slow], [Job(str(i), seconds=5) for i in range(4)]).done
    assert {each.device for each in done} == {"fast"}


def test_what_unblocks_most_comes_first() -> None:
    jobs = [Job("a", models="x", seconds=9), Job("b", models="y", seconds=1, weight=40)]
    placement = Placement([device()])
    for job in jobs:
        placement.offer(job)
    assert list(begun(placement)) == ["b"]


def test_lower_priority_and_dearer_devices_wait_for_much_work() -> None:
    devices = [device("own", priority=1), device("other"), device("paid", hourly=2.0)]
    few = played(devices, [Job("1", models="m", seconds=3)])
    assert {each.device for each in few.done} == {"own"}
    many = played(devices, [Job(str(i), models="m", seconds=30) for i in range(90)])
    assert {each.device for each in many.done} == {"own", "other", "paid"}


def test_with_sticky_a_set_stays_on_one_device() -> None:
    jobs = [Job(str(i), models="ab"[i % 2], seconds=4) for i in range(40)]
    done = played([device("x"), device("y"), device("z")], jobs, sticky=True).done
    assert len({(each.job.models, each.device) for each in done}) == 2


def test_memory_decides_what_fits_and_what_stays_loaded() -> None:
    small, large = device("small", vram=8.0), device("large", vram=24.0)
    jobs = [Job(str(i), models="huge", vram=20.0, seconds=2) for i in range(5)]
    assert {each.device for each in played([small, large], jobs).done} == {"large"}
    two = [Job(str(i), models="ab"[i % 2], vram=10.0, seconds=2) for i in range(20)]
    assert sum(each.loaded for each in played([large], two).done) == 2


def test_memory_is_freed_between_roles() -> None:
    placement = Placement([device(roles=BOTH, slots=3)])
    for i, role in enumerate(("image", "image", "speech")):
        placement.offer(Job(str(i), role=role, models=role, seconds=9 - i))
    assert [place.free for place in begun(placement).values()] == [False, False, True]


def test_what_somebody_waits_for_jumps_the_queue_and_stops_nothing() -> None:
    placement = Placement([device(slots=2)])
    for i in range(5):
        placement.offer(Job(str(i), models="m", seconds=10))
    begun(placement)
    placement.offer(Job("now", models="m", seconds=10, urgent=True))
    places = begun(placement)
    assert list(places) == ["now"]
    assert places["now"].front
    assert placement.next(0.0) is None


def test_a_job_of_an_earlier_build_stays_where_it_is() -> None:
    placement = Placement([device("a", speed=9), device("b", slots=1)])
    placement.offer(Job("1", seconds=50, held_by="b"))
    placement.offer(Job("2", seconds=50, held_by="nowhere"))
    assert {key: place.device for key, place in begun(placement).items()} == {"1": "b", "2": "a"}


def test_every_choice_has_a_reason() -> None:
    placement = Placement([device("a", slots=9), device("b", slots=9)])
    for i in range(12):
        placement.offer(Job(str(i), models="mn"[i % 2], seconds=9))
    assert all(place.reason for place in begun(placement).values())


def test_jobs_that_no_device_can_do_are_told_with_the_reason() -> None:
    placement = Placement([device("a", vram=8.0), device("b")])
    placement.offer(Job("voice", role="speech"))
    assert placement.hopeless() == {"voice": "no server has the role `speech`"}
    placement.withdraw("voice")
    placement.lose("b", "it does not answer", for_good=True)
    placement.offer(Job("big", vram=10))
    assert "8" in placement.hopeless()["big"] or "does not answer" in placement.hopeless()["big"]


def test_the_speed_that_a_device_shows_counts() -> None:
    # Both are said to be alike; one takes four times as long.
    slowness = {"a": 1.0, "b": 4.0}
    devices = [device("a"), device("b")]
    placement = Placement(devices, load=lambda models: 5.0)
    done = Simulation(
        devices,
        placement,
        load=lambda models: 5.0,
        takes=lambda job, on: job.seconds * slowness[on.name],
    ).run([Job(str(i), models="m", seconds=10) for i in range(200)])
    share = Counter(each.device for each in done)
    assert share["a"] > 3 * share["b"]
    ends = [max(each.ended for each in done if each.device == name) for name in "ab"]
    assert max(ends) < 1.05 * min(ends)


# What holds always

JOBS = st.lists(
    st.tuples(
        st.sampled_from("mno"),
        st.floats(0.1, 50),
        st.sampled_from(["image", "speech"]),
        st.sampled_from([0.0, 6.0, 12.0]),
        st.floats(0, 60),
        st.booleans(),
    ),
    max_size=30,
)
DEVICES = st.lists(
    st.tuples(
        st.sampled_from([0.5, 1.0, 3.0]),
        st.integers(1, 3),
        st.sampled_from([None, 8.0, 24.0]),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=round(1000 * SCALE), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    JOBS,
    DEVICES,
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 80)), max_size=3),
)
def test_no_job_is_lost_or_done_twice_and_no_device_overfilled(
    jobs, devices, sticky, losses
) -> None:
    built = [
        Device(f"d{i}", BOTH, speed, vram, slots, priority)
        for i, (speed, slots, vram, priority) in enumerate(devices)
    ]
    # The last one takes everything and is never lost.
    built.append(Device("last", BOTH, vram=None, slots=1))
    made = [
        (when, Job(f"j{i}", role, f"{models}{vram:g}", vram, seconds, urgent=urgent))
        for i, (models, seconds, role, vram, when, urgent) in enumerate(jobs)
    ]
    placement = Placement(built, sticky=sticky)
    most: Counter[str] = Counter()

    def watch(simulation: Simulation) -> None:
        for name, held in simulation.held().items():
            waited_for = sum(by_key[key].urgent for key in held)
            most[name] = max(most[name], len(held) - (waited_for > 0))

    def arrive(job: Job):
        return lambda simulation: simulation.placement.offer(job)

    def lose(name: str):
        def event(simulation: Simulation) -> None:
            if not simulation.placement.is_gone(name):
                simulation.lose(name)

        return event

    by_key = {job.key: job for _, job in made}
    events = [(when, arrive(job)) for when, job in made]
    events += [(when, lose(f"d{i % len(devices)}")) for i, when in losses]
    events += [(float(t), watch) for t in range(0, 400, 3)]
    simulation = Simulation(built, placement, events=events)
    done = simulation.run([])
    assert sorted(each.job.key for each in done) == sorted(by_key)
    for each in built:
        assert most[each.name] <= each.slots
    for each in done:
        room = next(d.vram for d in built if d.name == each.device)
        assert room is None or each.job.vram <= room
    # No device does two things at once.
    for each in built:
        mine = sorted((d.began, d.ended) for d in done if d.device == each.name)
        assert all(one[1] <= two[0] + 1e-9 for one, two in itertools.pairwise(mine))


@settings(max_examples=round(300 * SCALE), deadline=None)
@given(st.integers(1, 4), st.integers(1, 40), st.floats(0, 100), st.integers(0, 9999))
def test_what_somebody_waits_for_is_next(devices: int, jobs: int, when: float, seed: int) -> None:
    odds = random.Random(seed)
    built = [device(f"d{i}", speed=odds.choice([0.5, 1, 2]), slots=2) for i in range(devices)]
    work = [Job(str(i), models=odds.choice("ab"), seconds=odds.uniform(1, 20)) for i in range(jobs)]
    urgent = Job("now", models=odds.choice("abc"), seconds=3, urgent=True)
    placement = Placement(built, load=lambda models: 5.0)
    ask = (when, lambda simulation: simulation.placement.offer(urgent))
    done = Simulation(built, placement, load=lambda models: 5.0, events=[ask]).run(work)
    mine = next(each for each in done if each.job.key == "now")
    assert mine.chosen == when
    # After what is under way there, at once.
    before = [each for each in done if each.device == mine.device and each.ended <= mine.began]
    assert all(each.began <= when + 1e-9 for each in before)


# Against all schedules there are


def best(bins: list[Bin], families: list[Family]) -> float:
    """Return the least makespan, by trying every assignment; a set is loaded once on a device."""
    jobs = [(i, seconds) for i, family in enumerate(families) for seconds in family.seconds]
    least = float("inf")
    for where in itertools.product(range(len(bins)), repeat=len(jobs)):
        ends = [each.busy for each in bins]
        for b in set(where):
            mine = [jobs[k] for k, at in enumerate(where) if at == b]
            new = {i for i, _ in mine} - bins[b].loaded
            ends[b] += sum(families[i].load for i in new)
            ends[b] += sum(seconds for _, seconds in mine) / bins[b].speed
        least = min(least, max(ends[b] for b in set(where)))
    return least


def test_small_cases_are_near_the_best_there_is() -> None:
    odds = random.Random(4)
    ratios = []
    for _ in range(round(400 * SCALE)):
        devices, sets = odds.randint(1, 3), odds.randint(1, 3)
        bins = [
            Bin(odds.choice([0.0, 3.0]), odds.choice([1.0, 2.0, 4.0]),
                frozenset(i for i in range(sets) if odds.random() < 0.2))
            for _ in range(devices)
        ]  # fmt: skip
        families = []
        for _ in range(sets):
            seconds = sorted((odds.uniform(1, 20) for _ in range(odds.randint(1, 2))), reverse=True)
            families.append(Family(seconds, odds.uniform(0, 10), range(devices)))
        end, shares = distribute(bins, families)
        assert sorted((s.family, j) for s in shares for j in s.jobs) == [
            (i, j) for i, family in enumerate(families) for j in range(len(family.seconds))
        ]
        ratios.append(end / best(bins, families))
    print(f"{len(ratios)} cases: mean {sum(ratios) / len(ratios):.3f}, worst {max(ratios):.3f}")
    assert min(ratios) >= 1 - 1e-9
    assert max(ratios) <= 1.15
    assert sum(ratios) / len(ratios) <= 1.01


def test_a_set_that_suits_nobody_has_no_distribution() -> None:
    assert distribute([Bin(0, 1, frozenset())], [Family([1.0], 1, [])]) == (float("inf"), [])


@pytest.mark.parametrize("count", [1, 5, 16])
def test_many_jobs_end_near_the_bound(count: int) -> None:
    odds = random.Random(count)
    devices = [device(f"d{i}", speed=odds.choice([0.5, 1, 2, 4]), slots=2) for i in range(count)]
    jobs = [Job(str(i), models=f"m{i * i % 12}", seconds=odds.uniform(3, 20)) for i in range(600)]
    simulation = played(devices, jobs)
    sets = len({job.models for job in jobs})
    work = sum(job.seconds for job in jobs) / sum(each.speed for each in devices)
    assert simulation.now <= 1.1 * (work + 5) + (5 * sets if count == 1 else 0)
    assert sum(each.loaded for each in simulation.done) <= sets + 2 * count
