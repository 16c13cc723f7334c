"""The order of a build whose story is played meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from builds.example import build
from spoken_story import write

import comfyvn.plan.stage
from comfyvn.plan.build import Builder
from comfyvn.plan.outcome import Options, Outcome

FILES = {
    "vn.yaml": """\
        format: 1
        id: house
        title: The house
        start: hall
        world: house
        targets: [web]
        speech: {make: espeak, narrator: mei}
        """,
    "characters/mei.yaml": "name: Mei\npronouns: she\n",
    "worlds/house.yaml": """\
        locations:
          attic: {name: The attic, alt: A dusty attic, kind: interior}
          cellar: {name: The cellar, alt: A wet cellar, kind: interior}
          hall: {name: The hall, alt: A wide hall, kind: interior}
        """,
    "scenes/hall.md": """\
        ---
        location: hall
        ---

        The door creaks. ^creaks

        - [Up.](attic.md)
        - [Down.](cellar.md)
        """,
    "scenes/attic.md": """\
        ---
        location: attic
        ---

        Dust everywhere. ^dust

        A trunk. ^trunk

        `ending done "Done"`
        """,
    "scenes/cellar.md": """\
        ---
        location: cellar
        ---

        Water drips. ^drips

        A rat. ^rat

        `ending done "Done"`
        """,
}
DEAR = {"draw", "deliver-made", "speak", "master"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("played")
    write(root, FILES)
    return root


def scene_of(step: str) -> str:
    """Return the scene that a picture or a voice is of, by the name of its step."""
    (found,) = [name for name in ("attic", "cellar", "hall") if f" {name}" in step]
    return found


def order(outcome: Outcome) -> list[str]:
    """Return the scenes that dear steps were of, in the order in which they ended."""
    assert not outcome.failures
    assert not outcome.findings.has_errors, list(outcome.findings)
    ran = [each.step for each in outcome.ran if each.step.rule in DEAR]
    assert {step.rule for step in ran} == DEAR
    return [scene_of(step.name) for step in ran]


@pytest.mark.parametrize(
    ("scenes", "first"),
    [
        (("attic",), {"attic"}),
        (("cellar",), {"cellar"}),
        (("",), {"hall"}),
        (("attic", "gone", "hall"), {"attic", "hall"}),
    ],
)
def test_what_is_played_is_made_first(root: Path, scenes: tuple[str, ...], first: set[str]) -> None:
    made = order(build(root, "web", jobs=1, always=tuple(DEAR), scenes=scenes))
    many = sum(scene in first for scene in made)
    assert many > 2
    assert set(made[:many]) == first
    assert len(made) > many


def test_who_makes_nothing_follows_no_story(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = Builder(root, Options(scenes=("attic",)))
    assert not builder.build(["web"]).failures

    def never(*_: object) -> set[str]:
        raise AssertionError

    monkeypatch.setattr(comfyvn.plan.stage, "played", never)
    again = builder.build(["web"])
    assert not again.failures
    assert again.targets["web"].ran == 0
    # Nor does a build that changes nothing of what is seen and heard.
    path = root / "scenes/attic.md"
    path.write_text(path.read_text().replace("`ending", "`pause 1`\n\n`ending"), "utf-8")
    assert not builder.build(["web"]).failures
