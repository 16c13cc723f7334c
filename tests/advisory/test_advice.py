"""The advice on a whole project, by the steps that `comfyvn check` runs."""

from __future__ import annotations

import json
import os
import textwrap
from datetime import date
from pathlib import Path

import pytest
from generate.build import make
from PIL import Image

from comfyvn.advisory.check import judged
from comfyvn.plan.check import Checked, Checker
from comfyvn.source.diagnostics import Diagnostic

COUNT = max(2, int(30 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))))
STEPS = ("prose", "texts", "titles", "variant-alt", "names", "judgement", "plugins")
TODAY = date(2026, 11, 22)

FILES = {
    "vn.yaml": "format: 1\nid: story\ntitle: A story\nstart: start\ntheme: day\n"
    "languages: [en, es]\n",
    "characters/mei.yaml": "name: Mei\nlook:\n  expressions: {plain: calm, cross: cross}\n",
    "characters/ken.yaml": "name: Ken\n",
    "themes/day.yaml": "name: Day\n",
    "dictionaries/en.aff": "SET UTF-8\nTRY abcdefghijklmnopqrstuvwxyz\nSFX S Y 1\nSFX S 0 s .\n",
    "dictionaries/en.dic": "5\nrain/S\nfall/S\nthe\nstop/S\nwindow/S\n",
    "scenes/start.md": """
        Mei (cross): The rain falls.

        Ken: The rain stops, {mei.name}?

        - Stop.

          The rain stops.

        - Rain.

          The window.

        [the end](end.md)
        """,
    "scenes/end.md": 'The window falls.\n\n`ending rain "Rain"`\n',
}


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def check(root: Path) -> Checked:
    with Checker(root) as checker:
        checked = checker.check()
    assert failed(checked) == []
    return checked


def failed(checked: Checked) -> list[str]:
    """Return what went wrong in the steps that these tests are about."""
    return [each.message for each in checked.failures if each.step.rule in STEPS]


def advice(root: Path, codes: tuple[str, ...] = ("VN17",)) -> list[Diagnostic]:
    with Checker(root) as checker:
        checked = checker.check()
        found = judged(checked, TODAY).findings.in_order()
    assert failed(checked) == []
    assert not [item for item in found if item.severity == "error" and item.code < "VN16"], found
    return [item for item in found if item.code.startswith(codes)]


def told(found: list[Diagnostic]) -> list[tuple[str, str, int, int]]:
    return [(each.code, each.span.path, each.span.line, each.span.column) for each in found]


def test_a_clean_story_is_told_nothing(root: Path) -> None:
    assert advice(root) == []


def test_what_is_odd_is_told_at_its_place(root: Path) -> None:
    write(
        root,
        {
            "characters/ada.yaml": "name: Ada\n",
            "characters/mei.yaml": "name: Mei\nlook:\n  expressions: {plain: a, cross: b, sad: c}",
            "themes/night.yaml": "name: Night\n",
            "props/kettle.yaml": "alt: A kettle\n",
            "worlds/town.yaml": "locations:\n  hall: {name: Hall}\n",
            "state.yaml": "courage: {type: int}\ncuorage: {type: int}\n",
            "scenes/end.md": """
                The rian falls.

                - Stop.
                - Rain.
                - Stop.

                `ending rain "Rain"`
                """,
        },
    )
    assert told(advice(root)) == [
        ("VN1740", "characters/ada.yaml", 0, 0),
        ("VN1741", "characters/mei.yaml", 3, 37),
        ("VN1742", "props/kettle.yaml", 0, 0),
        ("VN1717", "scenes/end.md", 1, 5),
        ("VN1734", "scenes/end.md", 3, 1),
        ("VN1733", "scenes/end.md", 5, 1),
        ("VN1743", "state.yaml", 2, 1),
        ("VN1742", "themes/night.yaml", 0, 0),
        ("VN1742", "worlds/town.yaml", 2, 3),
    ]


def test_a_choice_that_may_be_asked_for_makes_a_difference(root: Path) -> None:
    write(root, {"scenes/end.md": "- Stop. ^stop\n- Rain.\n\n`ending rain`\n"})
    assert advice(root) == []


def test_long_scenes_and_long_menus(root: Path) -> None:
    menu = "".join(f"- The rain {{{i}}} falls.\n" for i in range(10))
    text = f"{'The rain falls. ' * 90}\n\n" * 50 + menu + "\n`ending rain`\n"
    write(root, {"scenes/end.md": text})
    found = {each.code: each for each in advice(root)}
    assert "13," in found["VN1731"].message
    assert found["VN1732"].span.line == 110
    assert "VN1720" in found


def test_translations_are_read_beside_their_lines(root: Path) -> None:
    lines = {id: place for id, place in _places(root).items() if id[0] in "bc"}
    texts = (root / "scenes/start.md").read_text().split("\n")
    ids = {line: id for id, (line, _) in lines.items()}
    made = {
        ids[1]: ("The rain falls.", "The rain falls."),
        ids[3]: ("The rain stops, {mei.name}?", "La lluvia  para."),
        ids[5]: ("Stop.", "Para."),
    }
    assert texts[2] == f"Ken: {made[ids[3]][0]}"
    entries = "".join(
        f'msgctxt "{id}"\nmsgid "{source}"\nmsgstr "{text}"\n\n'
        for id, (source, text) in made.items()
    )
    write(root, {"i18n/es.po": f'msgid ""\nmsgstr "Language: es\\n"\n\n{entries}'})
    found = advice(root)
    assert told(found) == [
        ("VN1750", "i18n/es.po", 0, 0),
        ("VN1751", "i18n/es.po", 6, 9),
        ("VN1753", "i18n/es.po", 10, 9),
        ("VN1752", "i18n/es.po", 10, 9),
        ("VN1712", "i18n/es.po", 10, 18),
    ]
    assert found[0].message == "4 of 7 lines have no translation into `es`"
    assert all(f"`{id}`" in (found[0].help or "") for id in lines if id not in made)
    assert found[1].related[0].span.path == "scenes/start.md"


def test_the_reason_of_a_locked_choice_wants_a_translation(root: Path) -> None:
    scene = (root / "scenes/start.md").read_text("utf-8")
    locked = '- Rain. `if mei.cross` `locked "The rain falls."`'
    mei = f"{FILES['characters/mei.yaml']}stats: {{cross: {{type: bool}}}}\n"
    start = scene.replace("- Rain.", locked)
    write(root, {"scenes/start.md": start, "characters/mei.yaml": mei})
    (id,) = [id for id, (line, _) in _places(root).items() if start.split("\n")[line - 1] == locked]
    entry = (
        f'msgid ""\nmsgstr "Language: es\\n"\n\nmsgctxt "{id}"\nmsgid "Rain."\nmsgstr "Lluvia."\n'
    )
    write(root, {"i18n/es.po": entry})
    (found,) = [each for each in advice(root) if each.code == "VN1750"]
    assert found.message == "7 of 8 lines have no translation into `es`"


def _places(root: Path) -> dict[str, tuple[int, int]]:
    with Checker(root) as checker:
        places = checker.check().read("@places/start")
    assert places is not None
    # Without a lock ids are provisional, and the same until the scene changes.
    return {id: tuple(place) for id, place in json.loads(places).items()}


def test_titles_and_alt_texts_of_yaml_are_read(root: Path) -> None:
    write(
        root,
        {
            "worlds/town.yaml": """
                locations:
                  hall: {alt: The rian falls}
                  yard:
                    alt: The rain
                      stops the the
                      window
                  tower: {alt: "The \\"rian\\" falls"}
                """,
            "props/kettle.yaml": "alt: >\n  The rain\n  stops  the window\n",
            "timelines/all.yaml": """
                chapters:
                  - {title: The rain sotps, scenes: [start, end]}
                """,
            "policy/ratings.yaml": """
                overrides:
                  - {item: start, rating: teen, reason: A brawl, sfw_alt: The the rain}
                """,
            "assets/pictures/rain.png.asset.yaml": "sfw_alt: The windwo\n",
            "scenes/end.md": """
                ---
                title: The FALLS Stop
                ---

                The rain falls.

                `notify "The rian"`

                `ending rain "Sotp"`
                """,
        },
    )
    Image.new("RGB", (8, 8)).save(root / "assets/pictures/rain.png")
    assert told(advice(root, ("VN171",))) == [
        ("VN1717", "assets/pictures/rain.png.asset.yaml", 1, 14),
        ("VN1716", "policy/ratings.yaml", 2, 63),
        ("VN1712", "props/kettle.yaml", 3, 8),
        ("VN1717", "scenes/end.md", 7, 14),
        ("VN1717", "scenes/end.md", 9, 15),
        ("VN1717", "timelines/all.yaml", 2, 22),
        ("VN1717", "worlds/town.yaml", 2, 19),
        ("VN1716", "worlds/town.yaml", 5, 17),
        ("VN1717", "worlds/town.yaml", 7, 16),
    ]


def test_words_and_dictionaries_of_the_project(root: Path) -> None:
    write(root, {"scenes/end.md": 'The fogs fall.\n\n`ending rain "Rain"`\n'})
    assert [each.code for each in advice(root)] == ["VN1717"]
    write(root, {"words.txt": "fogs # of Merrin\n"})
    assert advice(root) == []
    (root / "words.txt").write_text("fogs\n", "utf-8-sig")
    assert advice(root) == []
    (root / "words.txt").unlink()
    write(root, {"dictionaries/en.dic": FILES["dictionaries/en.dic"] + "fog/S\n"})
    assert advice(root) == []
    write(root, {"vn.yaml": FILES["vn.yaml"] + "prose: {spelling: {en: en_XX}}\n"})
    assert told(advice(root)) == [("VN1718", "vn.yaml", 7, 24)]
    broken = "SET UTF-8\nCOMPOUNDFLAG x\nSFX A Y many\n"
    write(root, {"vn.yaml": FILES["vn.yaml"], "dictionaries/en.aff": broken})
    assert told(advice(root)) == [("VN1718", "dictionaries/en.aff", 0, 0)]
    write(root, {"vn.yaml": FILES["vn.yaml"] + "prose: {spelling: {en: none}}\n"})
    write(root, {"scenes/end.md": 'Xyzzy.\n\n`ending rain "Rain"`\n'})
    assert advice(root) == []


def test_an_edit_of_a_scene_looks_at_that_scene_alone(root: Path) -> None:
    with Checker(root) as checker:
        whole = checker.check()
        assert failed(whole) == []
        assert checker.check().ran == 0
        edited = checker.check({"scenes/end.md": b"The window stops.\n\n`ending rain`\n"})
    assert 0 < edited.ran < whole.ran
    assert edited.ran <= whole.ran // 2


def test_severities_and_waivers_of_the_project_hold(root: Path) -> None:
    write(root, {"scenes/end.md": "The the rain.\n\n- Stop.\n- Rain.\n\n`ending rain`\n"})
    assert [each.code for each in advice(root)] == ["VN1716", "VN1734"]
    lint = FILES["vn.yaml"] + "lint: {structure: off, VN1716: error}\n"
    write(root, {"vn.yaml": lint})
    assert [(each.code, each.severity) for each in advice(root)] == [("VN1716", "error")]
    write(root, {"waivers.yaml": "- {code: VN1716, at: end, reason: so}\n"})
    assert advice(root) == []


def test_generated_stories_are_read_without_an_accident(tmp_path: Path) -> None:
    for seed in range(COUNT):
        make(seed, tmp_path / str(seed))
        for each in check(tmp_path / str(seed)).findings:
            if each.code.startswith("VN17") and each.span.line:
                lines = (tmp_path / str(seed) / each.span.path).read_text("utf-8").split("\n")
                assert 1 <= each.span.column <= each.span.end_column
                assert each.span.end_column <= len(lines[each.span.line - 1]) + 1
