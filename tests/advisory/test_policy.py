"""Ratings, hints, licences and classifiers in whole projects, as a check says it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from comfyvn.advisory.check import judged
from comfyvn.advisory.hints import Lexicon, shipped_words, words_for
from comfyvn.advisory.licences import ways
from comfyvn.advisory.nudity import guesses
from comfyvn.model.policy import Bucket, Words
from comfyvn.model.reuse import Told, read_beside, read_reuse
from comfyvn.plan import classifiers
from comfyvn.plan.check import Checker
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

VN = "format: 1\nid: tale\ntitle: A tale\nstart: one\n"
END = '\n\n`ending done "Done"`\n'


def lay_out(root: Path, files: dict[str, str]) -> None:
    for name, text in {"vn.yaml": VN, **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def picture(root: Path, name: str, colour: str = "red") -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (1920, 1080), colour).save(root / name)


def found(root: Path, *codes: str) -> list[Diagnostic]:
    """Check a project; return the findings of some codes."""
    with Checker(root) as checker:
        checked = checker.check()
        assert not checked.failures, checked.failures
        return [each for each in judged(checked, date(2027, 1, 1)).findings if each.code in codes]


def said(findings: Sequence[Diagnostic]) -> list[tuple[str, str, int]]:
    return [(each.code, each.span.path, each.span.line) for each in findings]


# Hints


@pytest.mark.parametrize(
    ("language", "text", "rating"),
    [
        ("en", "She was found strangled in the hold.", "teen"),
        ("en", "He is a heroin addict.", "mature"),
        ("en-GB", "HEROIN, again.", "mature"),
        ("en", "The heroine sings.", None),
        ("en", "A class of assassins assesses Scunthorpe.", None),
        ("en", "The rapeseed is in bloom.", None),
        ("es", "Un charco de sangre.", "mature"),
        ("fr", "He is a heroin addict.", None),
    ],
)
def test_hints(language: str, text: str, rating: str | None) -> None:
    hint = Lexicon(shipped_words(), language).highest(text)
    assert (hint.rating if hint else None) == rating


def test_a_project_changes_the_lists() -> None:
    sea = Bucket(rating="teen", hint="swearing at sea", sure=0.6, words={"en": ["barnacle*"]})
    words = words_for(Words(buckets={"drugs": None, "sea": sea}, harmless=["Corpse"]))
    lexicon = Lexicon(words, "en")
    assert lexicon.highest("Cocaine, and a corpse.") is None
    assert lexicon.highest("You barnacles!") == ("teen", "swearing at sea", 0.6, "barnacles")


def test_doubts_end_where_somebody_rated(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "scenes/one.md": "A heroin addict.\nHeroin. `rated everyone`\n\n"
            "- Heroin? `rated mature`\n\n  More heroin.\n\n- No.\n\n[](two.md)\n",
            "scenes/two.md": f"---\nrating: mature\n---\n\nHeroin.{END}",
        },
    )
    assert said(found(tmp_path, "VN1901")) == [("VN1901", "scenes/one.md", 1)]


# Ratings


def test_a_story_above_its_rating(tmp_path: Path) -> None:
    files = {"scenes/one.md": f"Fine.\nNot fine. `rated mature`{END}"}
    lay_out(tmp_path, files)
    assert said(found(tmp_path, "VN1902")) == [("VN1902", "scenes/one.md", 2)]
    only = "targets: [web]\ncontent: {web: {mode: sfw, rating: everyone}}\n"
    lay_out(tmp_path, files | {"vn.yaml": VN + only})
    assert found(tmp_path, "VN1902") == []
    lay_out(tmp_path, files | {"vn.yaml": VN + "rating: mature\n"})
    assert found(tmp_path, "VN1902") == []


def test_a_decision_wins(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "scenes/one.md": f"---\nrating: adult\n---\n\nFine.{END}",
            "policy/ratings.yaml": "overrides:\n"
            "  - {item: one, rating: everyone, reason: it was a joke}\n"
            "  - {item: tow, rating: teen, reason: a fight}\n",
        },
    )
    assert said(found(tmp_path, "VN1902", "VN1906")) == [("VN1906", "policy/ratings.yaml", 3)]


def test_a_decision_about_nothing_offers_what_is_near(tmp_path: Path) -> None:
    items = {"oen": "one", "wuond": "picture wound", "image wound": "picture wound", "l1x": None}
    lay_out(
        tmp_path,
        {
            "scenes/one.md": f"![A wound](wound){END}",
            "policy/ratings.yaml": "overrides:\n"
            + "".join(f"  - {{item: {item}, rating: teen, reason: a fight}}\n" for item in items),
        },
    )
    picture(tmp_path, "assets/wound.png")
    helps = [each.help for each in found(tmp_path, "VN1906")]
    assert helps == [
        f"did you mean `{near}`?" if near else "name an id, a scene, or `picture NAME`"
        for near in items.values()
    ]


def test_a_mistyped_licence_in_reuse_offers_what_is_near(tmp_path: Path) -> None:
    reuse = 'version = 1\n[[annotations]]\npath = "**"\nSPDX-License-Identifier = "CC-BYE-4.0"\n'
    lay_out(tmp_path, {"scenes/one.md": f"![A wound](wound){END}", "REUSE.toml": reuse})
    picture(tmp_path, "assets/wound.png")
    (told,) = found(tmp_path, "VN1910")
    assert told.message == "`CC-BYE-4.0` is no SPDX licence, and `assets/wound.png` is under it"
    assert told.help == "did you mean `CC-BY-4.0`?"


def test_a_variant_that_a_sidecar_names_is_asked_for_and_must_fit(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "vn.yaml": VN + "rating: adult\ntargets: [web]\ncontent: {web: {mode: sfw}}\n",
            "scenes/one.md": f"![A wound](wound){END}",
            "assets/wound.png.asset.yaml": "rating: mature\nsfw_variant: bandage\n"
            "sfw_alt: A bandage\n",
        },
    )
    picture(tmp_path, "assets/wound.png")
    picture(tmp_path, "assets/bandage.png")
    assert found(tmp_path, "VN1905") == []
    (tmp_path / "assets/bandage.png.asset.yaml").write_text("rating: adult\n", encoding="utf-8")
    assert said(found(tmp_path, "VN1905")) == [("VN1905", "vn.yaml", 0)]


def test_of_two_decisions_none_holds(tmp_path: Path) -> None:
    overrides = "".join(f"  - {{item: one, rating: {r}, reason: so}}\n" for r in ("adult", "teen"))
    files = {"scenes/one.md": f"Rain.{END}", "policy/ratings.yaml": f"overrides:\n{overrides}"}
    lay_out(tmp_path, files)
    (told,) = found(tmp_path, "VN0232")
    assert said([told]) == [("VN0232", "policy/ratings.yaml", 3)]
    assert told.severity == "error"


def test_a_decision_on_a_day_that_is_none(tmp_path: Path) -> None:
    decided = "overrides:\n  - {item: one, rating: teen, reason: a fight, date: 2027-13-31}\n"
    lay_out(tmp_path, {"scenes/one.md": f"Rain.{END}", "policy/ratings.yaml": decided})
    (told,) = found(tmp_path, "VN0214")
    assert told.span == Span.on_line("policy/ratings.yaml", 2, 54, 64)


def test_a_background_cannot_be_left_out(tmp_path: Path) -> None:
    lay_out(
        tmp_path,
        {
            "vn.yaml": VN + "rating: adult\nworld: town\ntargets: [web]\n"
            "content: {web: {mode: sfw}}\n",
            "worlds/town.yaml": "locations: {attic: {name: The attic, alt: An attic}}\n",
            "scenes/one.md": f"---\nlocation: attic\n---\n\nDust.{END}",
            "policy/ratings.yaml": "overrides:\n"
            "  - {item: background attic, rating: mature, reason: what hangs there}\n",
        },
    )
    assert [each.code for each in found(tmp_path, "VN1904", "VN1906")] == ["VN1904"]
    settings = (tmp_path / "vn.yaml").read_text(encoding="utf-8")
    settings = settings.replace("[web]", "[web, renpy]").replace(
        "{web:", "{renpy: {mode: sfw}, web:"
    )
    (tmp_path / "vn.yaml").write_text(settings, encoding="utf-8")
    (told,) = found(tmp_path, "VN1904")
    assert told.message.startswith("each of `renpy` and `web` shows `background attic`")


# Licences


def test_ways_to_meet_an_expression() -> None:
    assert ways("MIT") == [("MIT",)]
    assert ways("MIT OR CC-BY-4.0 AND CC0-1.0") == [("MIT",), ("CC-BY-4.0", "CC0-1.0")]
    assert ways("(MIT OR ISC) AND (GPL-2.0-only WITH Font-exception-2.0)") == [
        ("MIT", "GPL-2.0-only WITH Font-exception-2.0"),
        ("ISC", "GPL-2.0-only WITH Font-exception-2.0"),
    ]


def test_reuse() -> None:
    out = Diagnostics()
    reuse = read_reuse(
        'version = 1\n[[annotations]]\npath = "assets/**"\n'
        'SPDX-FileCopyrightText = "2024-2026 Jane Doe <jane@example.org>"\n'
        'SPDX-License-Identifier = "CC-BY-4.0"\n'
        '[[annotations]]\npath = ["assets/*.ogg", "b"]\nSPDX-License-Identifier = "CC0-1.0"\n',
        out,
    )
    assert not out
    assert reuse.of("assets/a/b.ogg") == Told("CC-BY-4.0", "Jane Doe")
    assert reuse.of("assets/b.ogg") == Told("CC0-1.0", None)
    assert reuse.of("other") == Told()
    beside = "SPDX-FileCopyrightText: © 2020 A. Smith\nSPDX-License-Identifier: OFL-1.1\n"
    assert read_beside(beside) == Told("OFL-1.1", "A. Smith")


LICENCES = [
    ("licence: CC-BY-4.0\nauthor: Jane\n", "", set()),
    ("licence: CC-BY-4.0\n", "", {"VN1912"}),
    ("licence: CC0-1.0\n", "commercial: true\n", set()),
    ("licence: CC-BY-NC-4.0\nauthor: Jane\n", "", set()),
    ("licence: CC-BY-NC-4.0\nauthor: Jane\n", "commercial: true\n", {"VN1911"}),
    ("licence: CC-BY-NC-4.0\nauthor: Jane\n", "licence: CC-BY-4.0\n", {"VN1911"}),
    (
        "licence: CC-BY-NC-4.0\nauthor: Jane\n",
        "licence: CC-BY-4.0 AND CC-BY-NC-4.0\n",
        set(),
    ),
    ("licence: CC-BY-NC-4.0 OR CC0-1.0\n", "commercial: true\n", set()),
    ("licence: CC-BY-ND-4.0\nauthor: Jane\n", "", {"VN1911"}),
    ("licence: CC-BY-SA-4.0\nauthor: Jane\n", "", {"VN1913"}),
    ("licence: CC-BY-SA-3.0\nauthor: Jane\n", "licence: CC-BY-SA-4.0\n", set()),
    ("licence: LicenseRef-Shop\n", "", set()),
    ("licence: Elastic-2.0\nauthor: Jane\n", "", {"VN1910"}),
    ("tags: [sea]\n", "", {"VN1910"}),
]


@pytest.mark.parametrize(("sidecar", "project", "codes"), LICENCES)
def test_licences_of_files(tmp_path: Path, sidecar: str, project: str, codes: set[str]) -> None:
    lay_out(
        tmp_path,
        {
            "vn.yaml": VN + project,
            "scenes/one.md": f"![The sea](sea){END}",
            "assets/sea.png.asset.yaml": sidecar,
        },
    )
    picture(tmp_path, "assets/sea.png")
    looked = [f"VN191{number}" for number in range(4)]
    assert {each.code for each in found(tmp_path, *looked)} == codes


# Classifiers


SEER = """
import io

from PIL import Image

from comfyvn.plan.classifiers import Guess


class RedIsBlood:
    def classify(self, picture):
        colour = Image.open(io.BytesIO(picture)).convert("RGB").getpixel((0, 0))
        if colour == (0, 128, 0):
            raise ValueError("it is green")
        return [Guess("mature", "blood", 0.75)] if colour == (255, 0, 0) else []
"""


@pytest.fixture
def seer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a classifier that sees blood in what is red, and breaks on what is green."""
    site = tmp_path / "site"
    info = site / "seer-2.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seer\nVersion: 2.0\n", "utf-8")
    points = f"[{classifiers.GROUP}]\nred = seer:RedIsBlood\n"
    (info / "entry_points.txt").write_text(points, "utf-8")
    (site / "seer.py").write_text(SEER, "utf-8")
    monkeypatch.syspath_prepend(str(site))
    # Worker processes find it here.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
    classifiers.installed.cache_clear()
    classifiers.opened.cache_clear()
    yield
    classifiers.installed.cache_clear()
    classifiers.opened.cache_clear()


def test_a_classifier_looks_at_what_nobody_rated(tmp_path: Path, seer: None) -> None:
    assert classifiers.installed()["red"] == "2.0"
    root = tmp_path / "tale"
    names = {"wall": "red", "lawn": "green", "sky": "blue", "rose": "red"}
    shown = "\n\n".join(f"![A picture]({name})" for name in names)
    lay_out(
        root,
        {
            "scenes/one.md": f"{shown}{END}",
            "policy/ratings.yaml": "classifier: red\n",
            "assets/rose.png.asset.yaml": "rating: everyone\n",
        },
    )
    for name, colour in names.items():
        picture(root, f"assets/{name}.png", colour)
    assert sorted(said(found(root, "VN1903", "VN1930"))) == [
        ("VN1903", "assets/wall.png", 0),
        ("VN1930", "assets/lawn.png", 0),
    ]
    (root / "policy/ratings.yaml").write_text("classifier: rde\n", encoding="utf-8")
    assert said(found(root, "VN1903", "VN1930")) == [("VN1930", "policy/ratings.yaml", 1)]


@pytest.mark.package("nudenet")
def test_the_classifier_of_the_extra_looks(tmp_path: Path) -> None:
    root = tmp_path / "tale"
    lay_out(
        root,
        {"scenes/one.md": f"![A wall](wall){END}", "policy/ratings.yaml": "classifier: nudenet\n"},
    )
    picture(root, "assets/wall.png")
    assert found(root, "VN1903", "VN1930") == []
    (root / "assets/wall.png").write_bytes(b"no picture at all")
    assert "VN1930" in {each.code for each in found(root, "VN1903", "VN1930")}


def test_of_what_a_detector_sees_each_kind_is_a_guess() -> None:
    seen: list[dict[str, object]] = [
        {"class": "BUTTOCKS_EXPOSED", "score": 0.5},
        {"class": "FACE_FEMALE", "score": 0.9},
        {"class": "BUTTOCKS_EXPOSED", "score": 0.7},
        {"class": "ANUS_EXPOSED", "score": 0.6},
    ]
    assert [(each.rating, each.sure) for each in guesses(seen)] == [("mature", 0.7), ("adult", 0.6)]


def test_a_variant_of_a_scene_is_led_to(tmp_path: Path) -> None:
    scene = "---\nsfw_variant: mild\n---\n\nBlood."
    lay_out(tmp_path, {"scenes/one.md": f"{scene}{END}", "scenes/mild.md": f"Rain.{END}"})
    assert found(tmp_path, "VN1617") == []
    lay_out(tmp_path, {"scenes/one.md": f"Blood.{END}"})
    assert said(found(tmp_path, "VN1617")) == [("VN1617", "scenes/mild.md", 1)]
