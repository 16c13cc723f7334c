"""The report of stories of which everything is known."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from explore_report.branching import FILES, HIDDEN, make_fork

from comfyvn.explore.contents import contents_of
from comfyvn.explore.explore import explore
from comfyvn.explore.placing import answers_told, placed
from comfyvn.explore.report import Coverage, Report
from comfyvn.explore.result import Budget, Exploration, Finding, Witness
from comfyvn.explore.shown import Shown
from comfyvn.explore.statistics import Given, report_of, spread
from comfyvn.explore.walks import Player
from comfyvn.plan.explore_figures import minutes, remarks, share
from comfyvn.plan.requests import asset_requests
from comfyvn.play.route import parse_answers
from comfyvn.source.diagnostics import Span
from tests.generate.build import compile_folder, make

NOTHING = Exploration(False, 0, "", frozenset(), frozenset(), {}, False, (), None, ())
RUNS = 400
SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))


def compiled(root: Path, files: dict[str, str]) -> dict[str, Any]:
    found, out = compile_folder(make_fork(root, files))
    assert found is not None
    assert not out.has_errors, out
    return found.program


def assets_of(program: dict[str, Any]) -> set[Shown]:
    return {(each.kind, each.subject, each.traits) for each in asset_requests(program)}


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return compiled(tmp_path_factory.mktemp("fork"), HIDDEN)


@pytest.fixture(scope="module")
def report(fork) -> Report:
    return report_of(fork, NOTHING, Given(seed=1, runs=RUNS, assets=assets_of(fork)))


def of(report: Report, kind: str) -> Coverage:
    return next(each for each in report.coverage if each.kind == kind)


def test_coverage_counts_what_there_is_and_what_was_met(report) -> None:
    counts = {each.kind: (each.reached, each.total, each.unknown) for each in report.coverage}
    assert counts == {
        "lines": (4, 5, 1),
        "choices": (5, 5, 0),
        "endings": (3, 4, 1),
        "sections": (2, 3, 1),
        "assets": (2, 3, 1),
    }
    assert [place.text for place in of(report, "lines").missing] == ["Nobody ever comes up here."]
    assert [place.id for place in of(report, "assets").missing] == ["background cellar"]
    assert of(report, "lines").by_routes is None


def test_what_is_proven_to_be_out_of_reach_is_said_to_be(fork) -> None:
    line = next(
        op["id"]
        for section in fork["scenes"]["attic"]["sections"]
        for op in section["body"]
        if op["op"] == "say"
    )
    known = NOTHING._replace(impossible=frozenset({line}))
    report = report_of(fork, known, Given(runs=20))
    (place,) = of(report, "lines").missing
    assert (place.id, place.status) == (line, "impossible")
    assert of(report, "lines").impossible == 1


def test_a_route_of_the_search_reaches_what_no_walk_does(fork) -> None:
    cellar = next(each for each in fork["endings"] if each["name"] == "cellar")["id"]
    way = Witness(0, (1, 0))
    known = NOTHING._replace(
        reached=frozenset({cellar}), shortest={cellar: way}, fewest=True, whole=True
    )
    report = report_of(fork, known, Given())
    ending = next(each for each in report.endings if each.id == cellar)
    assert ending.status == "reached"
    assert ending.fewest
    assert ending.shortest is not None
    assert (ending.shortest.seed, ending.shortest.answers) == way
    assert ending.shortest.ending == cellar
    assert (ending.walks, ending.share) == (0, 0)
    assert [each.status for each in report.endings if each.id != cellar] == ["unknown"] * 3


def test_a_scene_counts_as_reached_by_any_of_its_sections(tmp_path: Path) -> None:
    files = {
        **FILES,
        "scenes/door.md": "A door.\n\n[In](hall.md#inside)\n",
        "scenes/hall.md": 'The top.\n\n## Inside\n\nA hall.\n\n`ending home "Home"`\n',
    }
    program = compiled(tmp_path, files)
    # Without routes nothing is played that would come there.
    told = report_of(program, explore(program)._replace(shortest={}), Given())
    status = {each.place: each.status for each in told.sections}
    assert status == {"door#": "reached", "hall#": "reached", "hall#inside": "reached"}
    assert [place.text for place in of(told, "lines").missing] == ["The top."]
    # Nobody goes from the top of the hall inside.
    ways = {(link.source, link.target): link.status for link in told.links}
    assert ways["door#", "hall#inside"] == "reached"
    assert ways["hall#", "hall#inside"] == "impossible"


def test_what_the_search_and_the_walks_say_agrees(tmp_path: Path) -> None:
    for seed in range(max(int(60 * SCALE), 6)):
        print(f"seed {seed}")
        program = make(seed, tmp_path / str(seed)).program
        known = explore(program, Budget(2000, 500, 2000, 20, 50))
        told = report_of(program, known, Given(seed=seed, runs=10, assets=assets_of(program)))
        for each in told.coverage:
            assert each.reached >= each.by_walks
            assert each.reached + each.impossible + each.unknown == each.total
        player = Player(program)
        list(player.walks(seed, 10))
        assert (
            not player.tally.passed.keys() & known.impossible - contents_of(program).sections.keys()
        )
        for ending in told.endings:
            if ending.shortest is not None:
                walk = Player(program).replay(ending.shortest.seed, ending.shortest.answers)
                assert walk.ending == ending.id
                assert walk.choices == ending.shortest.choices


def test_endings_come_as_often_as_the_choices_that_lead_there_say(report) -> None:
    # Away: 1 of 3. The Cellar: with the key (1 of 3), then 1 of 2. Home: the rest.
    shares = {each.name: each.share for each in report.endings}
    wanted = {"away": 1 / 3, "cellar": 1 / 6, "home": 1 / 2, "attic": 0}
    for name, share_wanted in wanted.items():
        # Four standard errors.
        assert abs(shares[name] - share_wanted) <= 4 * (0.25 / RUNS) ** 0.5, name
    assert sum(each.walks for each in report.endings) == RUNS == report.walks.ended


def test_the_shortest_way_to_each_ending_has_its_choices_and_words(report) -> None:
    routes = {each.name: each.shortest for each in report.endings}
    assert routes["attic"] is None
    # Choices count when they are offered: 2 + 3 + 3 words at the door, 3 + 3 in the hall.
    door = len("You stand at a door. Do we go in?".split()) + 2 + 3 + 3
    assert (routes["away"].choices, routes["away"].lines, routes["away"].words) == (1, 2, door)
    hall = len("The hall is dark. Unlock the cellar. Go back home.".split())
    reason = len("You have no key".split())
    key = len("It is warm.".split())
    for name in ("home", "cellar"):
        assert (routes[name].choices, routes[name].words) == (2, door + key + hall)
    assert report.lengths.shortest.ending == routes["away"].ending
    assert report.lengths.longest.words == door + hall + reason


def test_choices_are_counted_as_offered_locked_and_taken(report) -> None:
    choices = {each.text: each for each in report.choices}
    unlock, home = choices["Unlock the cellar."], choices["Go back home."]
    assert unlock.offered == home.offered
    assert unlock.conditional
    assert not home.conditional
    assert home.locked == 0
    assert unlock.taken + home.taken == unlock.offered
    key = choices["Take the key."]
    assert unlock.locked == unlock.offered - key.taken
    assert sum(choices[text].taken for text in ("Go in.", "Take the key.")) == unlock.offered
    assert remarks(unlock) == ("often locked" if unlock.locked * 2 > unlock.offered else "")


def test_speakers_have_their_lines_words_and_minutes(fork) -> None:
    ada = next(
        op["id"]
        for section in fork["scenes"]["door"]["sections"]
        for op in section["body"]
        if op["op"] == "say" and op["who"] == ["ada"]
    )
    report = report_of(fork, NOTHING, Given(seconds={ada: 3.0}, speaking=120, reading=100))
    told = {each.name: (each.lines, each.words, each.minutes) for each in report.speakers}
    assert told == {"Narration": (3, 14, 14 / 120), "Ada": (1, 4, 4 / 120), "Bo": (1, 3, 3 / 120)}
    clips = {each.name: (each.clips, each.measured) for each in report.speakers}
    assert clips == {"Narration": (0, None), "Ada": (1, 0.05), "Bo": (0, None)}
    assert report.pace.source == "given"


def test_given_routes_are_told_apart_from_all_that_can_be_reached(fork) -> None:
    routes = [Witness(0, (2,)), Witness(0, (0,))]
    report = report_of(fork, NOTHING, Given(runs=60, assets=assets_of(fork), routes=routes))
    covered = {each.kind: each.by_routes for each in report.coverage}
    assert covered == {"lines": 3, "choices": 2, "endings": 1, "sections": 2, "assets": 2}
    lines = of(report, "lines")
    # What Bo says: the hall's line is passed, and the attic's cannot be.
    assert len(lines.missed_by_routes) == 1
    texts = Counter(each.text for each in report.choices)
    assert len(of(report, "choices").missed_by_routes) == len(texts) - 2


def test_without_walks_and_without_a_search_nothing_is_claimed(fork) -> None:
    report = report_of(fork, NOTHING, Given())
    assert all(each.reached == 0 == each.by_walks for each in report.coverage)
    assert report.lengths.shortest is None
    assert report.walks.words is None
    assert all(each.status == "unknown" for each in report.endings)


def test_a_story_that_goes_in_circles_ends_no_walk(tmp_path: Path) -> None:
    files = {
        **FILES,
        "scenes/door.md": "Round.\n\n- [Once more.](door.md)\n- [Hall](hall.md)\n",
        "scenes/hall.md": "Stay.\n\n- [Stay.](hall.md)\n",
    }
    program = compiled(tmp_path, files)
    report = report_of(program, NOTHING, Given(runs=3))
    assert (report.walks.ended, report.walks.long, report.walks.runs) == (0, 3, 3)
    assert report.lengths.shortest is None


def test_a_spread_has_quartiles_and_counts_every_number_once() -> None:
    found = spread([1, 2, 3, 4, 5])
    assert found is not None
    assert (found.least, found.low, found.middle, found.high, found.most) == (1, 2, 3, 4, 5)
    assert found.histogram == (1, 1, 1, 1, 1)
    assert spread([7]) is not None
    assert spread([7]).histogram == (1,)  # type: ignore[union-attr]
    wide = spread(list(range(1000)))
    assert wide is not None
    assert wide.histogram == (100,) * 10
    assert spread([0.25, 0.5]).histogram == (1, *[0] * 8, 1)  # type: ignore[union-attr]
    assert spread([]) is None


def test_figures_say_none_and_all_only_where_it_is_so() -> None:
    assert [share(n, 1000) for n in (0, 1, 500, 999, 1000)] == ["0%", "<1%", "50%", ">99%", "100%"]
    assert share(0, 0) == "–"
    told = ["6 s", "14 min", "1 h 0 min", "2 h 5 min"]
    assert [minutes(n) for n in (0.1, 14.4, 59.8, 125)] == told


def test_a_report_is_plain_data_that_fits_its_schema(report) -> None:
    import json

    from pydantic import TypeAdapter

    text = json.dumps(asdict(report))
    assert TypeAdapter(Report).validate_json(text) == report


def test_a_finding_says_how_to_see_it() -> None:
    answers = (0, 'a "b" \\, d\'or', 2)
    assert parse_answers(answers_told(answers)) == answers
    span = Span.on_line("scenes/door.md", 3, 1, 9)
    finding = Finding("VN1600", "b1234567", "found", "it is odd", "mend it", "note", None)
    item = placed(finding, lambda id, spot: span)
    assert (item.code, item.severity, item.span, item.help) == ("VN1600", "note", span, "mend it")
    item = placed(finding._replace(witness=Witness(7, answers)), lambda id, spot: span)
    assert item.help is not None
    command = item.help.removeprefix("mend it; `").removesuffix("` shows it")
    *words, said = shlex.split(command)
    assert words == "comfyvn play --seed 7 --choices".split()
    assert parse_answers(said) == answers
    item = placed(finding._replace(help="", witness=Witness(7, ())), lambda id, spot: span)
    assert item.help == "`comfyvn play --seed 7` shows it"
