"""Every code has a page whose examples are true, and every page a code that is in use."""

from __future__ import annotations

import re
from contextlib import redirect_stderr
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

import comfyvn
from comfyvn.advisory.check import judged
from comfyvn.cli.common import compile_at
from comfyvn.cli.main import main
from comfyvn.model.families import ADVISORY
from comfyvn.model.find import RATINGS_FILE
from comfyvn.model.ratings import read_ratings
from comfyvn.plan.check import Checker
from comfyvn.plan.devices import compute_at
from comfyvn.plan.rendering_checks import check_renderings
from comfyvn.plan.sidecars import check_sidecars
from comfyvn.source.codes import Example, codes, page
from comfyvn.source.diagnostics import Diagnostics

PACKAGE = Path(comfyvn.__file__).parent
USED = {
    code
    for path in PACKAGE.rglob("*.py")
    for code in re.findall(r'"(VN\d{4})"', path.read_text(encoding="utf-8"))
}

# The project that the examples on the pages stand in; a page replaces or adds files.
PROJECT = {
    "vn.yaml": """
        format: 1
        id: story
        title: A story
        start: start
        world: town
        """,
    "state.yaml": """
        courage: {type: int, default: 1, range: [0, 10]}
        stakes: {type: int}
        note_burned: {type: bool}
        player: {type: text, default: Ana}
        luck: {type: number, default: 0.5}
        mood: {type: enum, values: [calm, cross]}
        bag: {type: set, values: [key, lamp, rope]}
        fate: {type: label, values: [lab.md#result, lab.md]}
        """,
    "characters/mei.yaml": """
        name: Mei
        pronouns: she
        stats: {trust: {type: int, default: 1}}
        look:
          outfits: {uniform: school uniform, coat: a long coat}
          poses: {standing: upright, seated: on a chair}
          expressions: {plain: calm, smile: smiling, worried: brows up, angry: frowning}
        """,
    "characters/kenji.yaml": """
        name: Kenji
        aliases: [Ken]
        pronouns: he
        look: {expressions: {plain: calm, smile: a grin}}
        """,
    "worlds/town.yaml": """
        times: [dusk, night]
        weathers: [clear, drizzle, storm]
        locations:
          school/roof: {name: The roof, alt: The roof}
          school/lab: {name: The lab, alt: The lab}
        """,
    "props/lamp.yaml": """
        alt: A lamp
        anchors: {desk: [0.4, 0.6]}
        """,
    "themes/day.yaml": "name: Day",
    "scenes/start.md": 'The rain stops.\n\n`ending rain "Rain"`\n',
    "scenes/lab.md": """
        The lab is empty.

        ## result

        The needle has not moved.

        `return`
        """,
}


def lay_out(root: Path, example: Example) -> None:
    for path, text in {**PROJECT, **example.files}.items():
        lines = text.lstrip("\n").split("\n")
        margin = len(lines[0]) - len(lines[0].lstrip()) if path not in example.files else 0
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(
            "\n".join(line[margin:] if not line[:margin].strip() else line for line in lines),
            encoding="utf-8",
        )


def advised_in(root: Path, example: Example) -> set[str]:
    """Look for advice: where a page's scene does not lead on, an ending follows it."""
    lay_out(root, example)
    start = root / "scenes/start.md"
    if not re.search(r"`ending|^\[.*\]\(", said := start.read_text(encoding="utf-8"), re.MULTILINE):
        start.write_text(f'{said}\n\n`ending rain "Rain"`\n', encoding="utf-8")
    with Checker(root) as checker:
        return {item.code for item in judged(checker.check(), date.today()).findings}


def of_playtests(root: Path, example: Example) -> set[str]:
    """Play the playtests."""
    lay_out(root, example)
    told = StringIO()
    with redirect_stderr(told):
        main(["test", "-C", str(root)])
    return set(re.findall(r"\[(VN\d{4})\]", told.getvalue()))


def found_in(root: Path, example: Example) -> set[str]:
    lay_out(root, example)
    out = Diagnostics()
    _, loaded, compiled = compile_at(root, out)
    if loaded is not None and compiled is not None and not out.has_errors:
        check_renderings(root, loaded, compiled.program, compiled.lock.pins, out)
    check_sidecars(root, example.files.keys(), out)
    if RATINGS_FILE in example.files:
        read_ratings(lambda path: (root / path).read_bytes(), out)
    compute_at(root, out)
    return {item.code for item in out}


def test_every_code_has_a_page() -> None:
    assert sorted(USED - set(codes())) == []


def test_every_page_has_a_code() -> None:
    assert sorted(set(codes()) - USED) == []


EXAMPLES = [
    pytest.param(code, example, id=f"{code}-{example.verdict}-{i}")
    for code in codes()
    for i, example in enumerate(page(code).examples)  # type: ignore[union-attr]
]


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_examples_are_true(code: str, example: Example, tmp_path: Path) -> None:
    looked = advised_in if code.startswith(ADVISORY) else found_in
    found = (of_playtests if code.startswith("VN20") else looked)(tmp_path, example)
    assert (code in found) == (example.verdict == "bad"), found


def test_pages_have_a_title_and_text() -> None:
    for code in codes():
        found = page(code)
        assert found is not None
        assert found.title, code
        assert len(found.text) > 40, code
