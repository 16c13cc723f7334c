"""Play-throughs that are counted, against what the interpreter's transcripts say."""

from __future__ import annotations

import os
import re
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from comfyvn.explore.contents import contents_of, operations
from comfyvn.explore.tours import tours
from comfyvn.explore.walks import Player
from comfyvn.explore.words import longest, words_of
from comfyvn.plan.requests import asset_requests
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Run
from comfyvn.story.interpreter import Story, keep, nothing
from tests.generate.build import compile_folder, make

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
EXAMPLE = Path(__file__).parent.parent.parent / "example_project"


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    compiled, _ = compile_folder(EXAMPLE)
    assert compiled is not None
    return compiled.program


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Twice? It’s half-past seven — or 7.30…", 6),
        ("no—not now", 3),
        ("<em>You</em> &amp; me &lt;3", 3),
        ("<ruby>雨音<rt>あまおと</rt></ruby>がする。", 2),
        ("ÇA VA ? Où étais-tu…", 4),
        ("पानी बरस रहा है", 4),
        ("ฝนตกหนัก", 2),
        ("Mei は 7 時に来た", 4),
        ("“…” — !", 0),
    ],
)
def test_words_are_what_spaces_and_dashes_part(text: str, words: int) -> None:
    assert words_of(text) == words


def test_a_text_counts_with_its_longest_form() -> None:
    text = [
        "I have ",
        {"v": 0},
        {"plural": 0, "forms": {"one": [" coin"], "other": [" shiny coins"]}},
        {"wording": 1, "of": [["."], [", ", {"em": ["thank you"]}]]},
        {"fx": [{"op": "pause"}]},
        {"ruby": ["雨"], "rt": "あめ"},
    ]
    assert longest(text) == "I have 0 shiny coins, thank you雨"


def plain_words(markup: str) -> int:
    """The words of an English text with a Japanese one in it, counted in another way."""
    text = unescape(re.sub("<[^>]+>", "", re.sub("<rt>.*?</rt>", "", markup)))
    japanese = sum("\u3040" <= letter <= "\u9fff" for letter in text)
    text = "".join(" " if letter in "—–…/" else letter for letter in text)
    english = [word for word in text.split() if re.search("[A-Za-zÀ-ÿ0-9]", word)]
    return len(english) + round(japanese / 2)


def check_against_transcripts(
    program: dict[str, Any], seed: int, count: int, *, words: bool
) -> None:
    """Walks, replayed by another runtime, have the lines, words, choices and ends they say."""
    player = Player(program)
    walks = list(player.walks(seed, count))
    runtime = InterpreterRuntime(program)
    offered: Counter[str] = Counter()
    locked: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for walk in walks:
        if walk.how in ("long", "stuck"):
            continue
        records = runtime.play([Run(walk.seed, tuple(walk.answers))])[0]
        kinds = Counter(record["t"] for record in records)
        assert walk.lines == kinds["line"]
        assert walk.choices == kinds["menu"]
        assert walk.how == records[-1]["t"] == "ending"
        assert walk.ending == records[-1]["id"]
        spoken = {record["id"] for record in records if record["t"] in ("line", "choice")}
        known = contents_of(program)
        assert spoken == (known.lines.keys() | known.choices.keys()) & walk.passed.keys()
        offers = [each for record in records if record["t"] == "menu" for each in record["choices"]]
        offered.update(each["id"] for each in offers)
        locked.update(each["id"] for each in offers if not each["enabled"])
        taken.update(record["id"] for record in records if record["t"] == "choice")
        if words:
            texts = [each["text"] for each in records if each["t"] in ("line", "more", "notify")]
            texts += [each["text"] for each in offers]
            texts += [each["reason"] for each in offers if "reason" in each]
            assert walk.words == sum(map(plain_words, texts))
    if all(walk.how == "ending" for walk in walks):
        assert (offered, locked, taken) == (
            player.tally.offered,
            player.tally.locked,
            player.tally.taken,
        )


def test_walks_of_the_example_are_as_long_as_its_transcripts(example) -> None:
    check_against_transcripts(example, seed=3, count=max(int(100 * SCALE), 10), words=True)


def test_walks_of_generated_stories_are_as_long_as_their_transcripts(tmp_path: Path) -> None:
    for seed in range(max(int(120 * SCALE), 12)):
        print(f"seed {seed}")
        program = make(seed, tmp_path / str(seed)).program
        check_against_transcripts(program, seed, 5, words=False)


def test_the_same_seed_gives_the_same_walks(example) -> None:
    walks = list(Player(example).walks(5, 4))
    assert walks == list(Player(example).walks(5, 4))
    assert walks[:2] == list(Player(example).walks(5, 2))
    assert [walk.seed for walk in walks] != [walk.seed for walk in Player(example).walks(6, 4)]
    again = Player(example).replay(walks[0].seed, walks[0].answers)
    assert again == walks[0]


def test_a_menu_that_nobody_answers_is_no_choice(example) -> None:
    walk = next(iter(Player(example).walks(5, 1)))
    for count in (0, 1, 3):
        begun = Player(example).replay(walk.seed, walk.answers[:count])
        assert (begun.how, begun.ending, begun.choices) == ("waiting", "", count)


def stages(program: dict[str, Any], seed: int, answers: list[int | str]) -> list[dict[str, Any]]:
    """The states of a play-through in which a player looks at the stage."""
    story, persistent = Story(program), nothing()
    step = story.start(seed, persistent)
    found, given = [step.state], iter(answers)
    while (state := step.state)["waiting"] is not None:
        answer = None
        if state["menu"]:
            enabled = [each["id"] for each in state["menu"]["choices"] if each["enabled"]]
            answer = enabled[int(next(given))]
        elif state["input"]:
            answer = str(next(given))
        keep(persistent, step.changes)
        step = story.advance(state, answer, persistent)
        found.append(step.state)
    return found


def test_what_a_walk_shows_is_what_stands_on_the_stage_and_what_the_story_asks_for(
    example,
) -> None:
    asked = {(each.kind, each.subject, each.traits) for each in asset_requests(example)}
    for walk in list(Player(example).walks(11, 4)):
        player = Player(example)
        player.replay(walk.seed, walk.answers)
        shown = set(player.tally.shown)
        assert shown <= asked
        for state in stages(example, walk.seed, walk.answers):
            stage = state["stage"]
            if "location" in stage:
                traits = tuple(stage[kind] for kind in ("time", "weather") if kind in stage)
                assert ("background", stage["location"], traits) in shown
            for sprite in stage["sprites"]:
                what = sprite["what"]
                look = state["looks"].get(what, {}) if sprite["kind"] == "sprite" else {}
                kinds = ("expression", "pose", "outfit")
                traits = tuple(look[kind] for kind in kinds if kind in look)
                assert (sprite["kind"], what, traits) in shown
            for channel in ("music", "ambience"):
                if channel in stage:
                    assert (channel, stage[channel]["name"], ()) in shown
            if "picture" in stage:
                assert ("picture", stage["picture"]["asset"], ()) in shown


def test_what_generated_stories_show_is_what_they_ask_for(tmp_path: Path) -> None:
    for seed in range(max(int(60 * SCALE), 6)):
        print(f"seed {seed}")
        program = make(seed, tmp_path / str(seed)).program
        player = Player(program)
        list(player.walks(seed, 6))
        asked = {(each.kind, each.subject, each.traits) for each in asset_requests(program)}
        assert player.tally.shown.keys() <= asked


def test_contents_are_all_there_is_and_links_lead_wherever_a_walk_goes(tmp_path: Path) -> None:
    for seed in range(max(int(120 * SCALE), 12)):
        print(f"seed {seed}")
        program = make(seed, tmp_path / str(seed)).program
        contents = contents_of(program)
        said = {
            op["id"]
            for scene in program["scenes"].values()
            for section in scene["sections"]
            for op in operations(section["body"])
            if op["op"] == "say"
        }
        # Every `"op": "say"` of the JSON, however deep.
        assert said == set(contents.lines) == set(all_lines(program["scenes"]))
        assert {each["id"] for each in program["endings"]} == set(contents.endings)
        player = Player(program)
        list(player.walks(seed, 6))
        places = {contents.sections[id] for id in player.tally.passed if id in contents.sections}
        reachable, waiting = set(), [f"{program['start']}#"]
        while waiting:
            place = waiting.pop()
            if place not in reachable:
                reachable.add(place)
                waiting += [link.target for link in contents.links if link.source == place]
        # A scene counts as entered, and so its first section, by a jump into its middle too.
        assert places <= reachable | {f"{place.partition('#')[0]}#" for place in reachable}


def all_lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["id"]] if value.get("op") == "say" else []
        return own + [id for each in value.values() for id in all_lines(each)]
    return [id for each in value for id in all_lines(each)] if isinstance(value, list) else []


def test_tours_pass_all_that_walks_pass_and_none_is_in_vain(example) -> None:
    walks = list(Player(example).walks(2, 30))
    chosen = tours(walks)
    every = set().union(*(walk.passed for walk in walks))
    assert set().union(*(walk.passed for walk in chosen)) == every
    assert len(chosen) < len(walks)
    before: set[str] = set()
    for walk in chosen:
        assert not walk.passed.keys() <= before
        before |= walk.passed.keys()
