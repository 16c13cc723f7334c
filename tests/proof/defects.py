"""Defects, one a kind: each makes a clean story wrong in one way, and says where and what of it.

A text that is put into a scene has `⟦` where the finding is to stand; it is taken out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from proof.clean import Files

MARK = "⟦"


class Defect(NamedTuple):
    """A story with a defect: the files that changed, the codes that tell it, and its place, where
    line 0 is the whole file."""

    files: Files
    codes: frozenset[str]
    path: str
    line: int


Operator = Callable[[Files, random.Random], Defect]
OPERATORS: dict[str, Operator] = {}


def operator(make: Operator) -> Operator:
    """Count a function among the operators, by its name."""
    OPERATORS[make.__name__] = make
    return make


def marked(path: str, text: str, *codes: str) -> Defect:
    """Return the defect of one file whose text has the mark."""
    line = text.partition(MARK)[0].count("\n") + 1
    return Defect({path: text.replace(MARK, "")}, frozenset(codes), path, line)


def some_scene(files: Files, rng: random.Random) -> str:
    return rng.choice(sorted(path for path in files if path.startswith("scenes/")))


def last_scene(files: Files) -> str:
    """Return the path of the last scene that comes to an ending."""
    return max(path for path, text in files.items() if "\n`ending " in text)


def after_opening(files: Files, path: str, block: str) -> str:
    """Return a scene with a block of its own behind its first lines."""
    parts = files[path].split("\n\n")
    at = next(
        at
        for at in range(1, len(parts))
        if parts[at][0].isalnum() and not parts[at + 1].startswith((" ", "-", "1"))
    )
    return "\n\n".join([*parts[: at + 1], block, *parts[at + 1 :]])


def inserting(name: str, block: str, *codes: str) -> None:
    """Add an operator that puts a block into any scene."""

    def make(files: Files, rng: random.Random) -> Defect:
        path = some_scene(files, rng)
        return marked(path, after_opening(files, path, block), *codes)

    OPERATORS[name] = make


def at_the_end(name: str, block: str, *codes: str) -> None:
    """Add an operator that puts a block at the end of the last scene."""

    def make(files: Files, rng: random.Random) -> Defect:
        path = last_scene(files)
        return marked(path, files[path] + "\n" + block + "\n", *codes)

    OPERATORS[name] = make


def with_state(name: str, state: str, block: str, *codes: str, where: str = "scene") -> None:
    """Add an operator that declares a variable and uses it in a block."""

    def make(files: Files, rng: random.Random) -> Defect:
        path = some_scene(files, rng)
        text = after_opening(files, path, block) if block else files[path]
        declared = f"{files['state.yaml']}{state}\n"
        place, held = (path, text) if where == "scene" else ("state.yaml", declared)
        line = held.partition(MARK)[0].count("\n") + 1
        changed = {path: text.replace(MARK, ""), "state.yaml": declared.replace(MARK, "")}
        return Defect(changed, frozenset(codes), place, line)

    OPERATORS[name] = make


def replacing(name: str, path: str, old: str, new: str, *codes: str) -> None:
    """Add an operator that changes what a pattern finds first in one file."""

    def make(files: Files, rng: random.Random) -> Defect:
        text, count = re.subn(old, new, files[path], count=1, flags=re.MULTILINE)
        assert count, (name, old)
        return marked(path, text, *codes)

    OPERATORS[name] = make


# What is no Scene Markdown
inserting("underlined_heading", "A title\n⟦=======", "VN0301")
inserting("html", "The ⟦<b>lamp</b> turns red.", "VN0312")
inserting("table", "| a | b |\n⟦| - | - |\n| 1 | 2 |", "VN0314")
inserting("check_box", "- ⟦[ ] A box.", "VN0339")
inserting("footnote", "A word⟦[^1] with a note.", "VN0315")
inserting("indented_code", "⟦    Four spaces.", "VN0302", "VN0303")
inserting("silent_speaker", "⟦Ana:", "VN0338")
inserting("unknown_speaker", "⟦Bem: It is late.", "VN0325", "VN0326")
inserting("picture_without_words", "⟦![](boat)", "VN0336")
inserting("unfinished", "⟦TODO: write this.", "VN0337")
at_the_end("open_comment", "⟦<!-- never closed", "VN0311")
at_the_end("open_fence", "⟦```stage\nshow ben", "VN0318")

# Expressions
inserting("no_such_variable", "`set ⟦courag += 1`", "VN0505")
inserting("wrong_type", '`set courage = ⟦"high"`', "VN0506", "VN0812")
inserting("no_such_function", "`if ⟦chanse(0.5)`\n\nIt rains.\n\n`end`", "VN0509")
inserting("broken_expression", "`if courage ⟦>`\n\nIt rains.\n\n`end`", "VN0501")
inserting("division_by_zero", "`set courage = courage // ⟦0`", "VN0520")
inserting("outside_of_the_range", "`set courage = ⟦99`", "VN0521")
inserting("one_outcome", "`if ⟦courage >= 0`\n\nIt rains.\n\n`end`", "VN0522")
inserting("more_than_certain", "`if chance(⟦1.5)`\n\nIt rains.\n\n`end`", "VN0523")

# Names
inserting("no_such_scene", "[Go.](⟦nowhere.md)\n\nStill here.", "VN0601")
inserting("no_such_heading", "- [⟦Go.](#nowhere)\n- Stay here.", "VN0602")
inserting("no_such_location", "`scene ⟦peer`", "VN0605")
inserting("no_such_character", "`show ⟦bem at left`", "VN0606")
inserting("no_such_look", "Ana (⟦smiel): It is late.", "VN0613")
inserting("no_such_time", "`time ⟦noon`", "VN0607")
inserting("no_such_place", "`show ben at ⟦middel`", "VN0608")


@operator
def no_such_front_location(files: Files, rng: random.Random) -> Defect:
    path = some_scene(files, rng)
    text = re.sub(r"^location: \S+", "location: ⟦peer", files[path], count=1, flags=re.MULTILINE)
    return marked(path, text, "VN0605")


# Directives
inserting("no_such_directive", "`⟦shwo ben`", "VN0801")
inserting("lacking", "`⟦play music`", "VN0802")
inserting("a_word_too_many", "`pause 1 ⟦quickly`", "VN0803")
# Within another `if` it would take that one's `end`.
at_the_end("open_if", "`⟦if courage > 1`\n\nIt rains.", "VN0807")


@operator
def return_without_a_call(files: Files, rng: random.Random) -> Defect:
    path = last_scene(files)
    block = "- Go back.\n\n  ⟦`return`\n\n- Stay here."
    return marked(path, after_opening(files, path, block), "VN0708")


# Flow
at_the_end(
    "heading_nobody_goes_to", '## ⟦attic\n\nIt is dusty.\n\n`ending attic "Attic"`', "VN0707"
)


@operator
def falling_off_the_end(files: Files, rng: random.Random) -> Defect:
    path = last_scene(files)
    before, _, _ = files[path].rpartition("\n`ending ")
    return marked(path, before + "\nThe last word is⟦ said.\n", "VN0701")


@operator
def scene_nobody_goes_to(files: Files, rng: random.Random) -> Defect:
    text = '⟦The attic is dusty.\n\n`ending attic "Attic"`\n'
    return marked("scenes/attic.md", text, "VN1617")


@operator
def beginning_nobody_goes_to(files: Files, rng: random.Random) -> Defect:
    path = min(path for path in files if path.startswith("scenes/"))
    text = "⟦It is dusty.\n\n`return`\n\n## trunk\n\nThe trunk is open.\n\n`return`\n"
    made = marked(f"{path.rpartition('/')[0]}/attic.md", text, "VN1617")
    opened = after_opening(files, path, "`call` [The trunk](attic.md#trunk)")
    return made._replace(files={**made.files, path: opened})


inserting(
    "menu_that_may_be_empty",
    "- ⟦Be bold. `if courage > 1`\n\n  Not now.",
    "VN0705",
    "VN1607",
)

# What exploration finds
with_state(
    "line_never_shown",
    "lit: {type: bool, doc: The lamp is lit.}",
    "⟦The lamp is bright. `if lit`",
    "VN1601",
)
with_state(
    "choice_nobody_can_take",
    "lit: {type: bool, doc: The lamp is lit.}",
    "- ⟦Put it out. `if lit`\n\n  It is dark.\n\n- Leave it.\n\n  It stays as it is.",
    "VN1602",
)
with_state(
    "branch_never_taken",
    "lit: {type: bool, doc: The lamp is lit.}",
    "It is late.\n\n⟦`if lit`\n\nThe lamp is bright.\n\n`else`\n\nThe lamp is cold.\n\n`end`",
    "VN1604",
)
with_state(
    "value_beyond_its_range",
    "steps: {type: int, range: [0, 3], doc: How far she went.}\n"
    "lit: {type: int, default: 5, doc: How many lamps are lit.}",
    "`set lit -= 1`\n\n`⟦set steps = lit + 9`\n\nThe lamp is bright. `if steps > 2`",
    "VN1611",
)
with_state(
    "branch_that_is_always_taken",
    "lit: {type: bool, doc: The lamp is lit.}",
    "`set lit`\n\nIt is late.\n\n⟦`if lit`\n\nIt is bright.\n\n`else`\n\nIt is cold.\n\n`end`",
    "VN1603",
)
with_state(
    "condition_that_always_holds",
    "lit: {type: bool, doc: The lamp is lit.}",
    "`set lit = true`\n\n⟦The lamp is bright. `if lit`",
    "VN1603",
)
with_state(
    "variable_nobody_asks_for",
    "⟦lit: {type: bool, doc: The lamp is lit.}",
    "`set lit = true`",
    "VN1614",
    where="state",
)
with_state(
    "variable_nothing_sets",
    "⟦lit: {type: int, doc: How many lamps are lit.}",
    "The lamps are bright. `if lit > 0`",
    "VN1615",
    where="state",
)
with_state(
    "variable_nobody_needs",
    "⟦lit: {type: bool, doc: The lamp is lit.}",
    "",
    "VN1616",
    where="state",
)
at_the_end(
    "round_without_a_wait",
    "## spin\n\n`set courage += 1`\n\n⟦[](#spin)",
    "VN0703",
    "VN1613",
)


@operator
def ending_nobody_can_reach(files: Files, rng: random.Random) -> Defect:
    path = last_scene(files)
    way = "`set steps += 3`\n\n- [Climb.](#attic) `if steps > 19`\n- Stay here."
    text = after_opening(files, path, way)
    text += '\n## attic\n\nIt is dusty.\n\n⟦`ending attic "Attic"`\n'
    state = files["state.yaml"] + "steps: {type: int, doc: How far she went.}\n"
    return marked(path, text, "VN1608")._replace(
        files={path: text.replace(MARK, ""), "state.yaml": state}
    )


@operator
def no_way_out(files: Files, rng: random.Random) -> Defect:
    path = last_scene(files)
    text = after_opening(files, path, "- [Go up.](#hall)\n- Stay here.")
    text += "\n## hall\n\nThe hall is long.\n\n- ⟦[Go on.](#hall)\n- [Turn round.](#hall)\n"
    return marked(path, text, "VN1612")


# Texts
inserting("a_word_twice", "It is ⟦the the lamp.", "VN1716")
inserting("three_dots", "And then⟦... nothing.\n\nAnd then… nothing more.", "VN1711")
inserting("two_spaces", "It is ⟦ late  now.", "VN1712")
inserting("mixed_quotes", 'She said ⟦"no" twice.\n\nHe said “yes” once.', "VN1710")
inserting("space_before_a_mark", "It is late⟦ !", "VN1713")
inserting("two_hyphens", "It is late — too late.\n\nIt is ⟦-- as I said -- late.", "VN1714")
inserting("open_quote", "She said ⟦“no and left.", "VN1715")
inserting("same_choices", "- Wait.\n\n  It rains.\n\n- ⟦Wait.\n\n  It stops.", "VN1733")
inserting("line_too_long", "⟦" + "It is a long evening with many words. " * 30, "VN1720")
inserting(
    "choice_too_long",
    "- ⟦" + "Go on with many words and more. " * 12 + "\n\n  It rains.\n\n- Wait.\n\n  It stops.",
    "VN1721",
)
inserting("no_difference", "- ⟦Left.\n- Right.", "VN1734")


@operator
def unused_character(files: Files, rng: random.Random) -> Defect:
    text = 'name: Cleo\ncolour: "#c0f0c0"\n'
    return Defect({"characters/cleo.yaml": text}, frozenset({"VN1740"}), "characters/cleo.yaml", 0)


replacing(
    "unused_look",
    "characters/ben.yaml",
    r"^    plain: .*$",
    r"\g<0>\n    ⟦angry: frowning",
    "VN1741",
)
replacing(
    "unused_location",
    "worlds/town.yaml",
    r"^locations:\n",
    r"\g<0>  ⟦attic: {name: The attic, kind: interior, alt: A dusty attic}\n",
    "VN1742",
)
with_state(
    "names_alike",
    "⟦cuorage: {type: int, doc: Another one.}",
    "- Dare.\n\n  `set cuorage += 1`\n\n- Wait.\n\n  It rains.\n\nBe bold. `if cuorage > 0`",
    "VN1743",
    where="state",
)
replacing(
    "alt_that_says_nothing",
    "worlds/town.yaml",
    r"alt: [^}\n]*",
    "alt: ⟦image",
    "VN1820",
)
replacing("unreadable_name", "characters/ben.yaml", r'"#\w{6}"', '⟦"#05060a"', "VN1831")

# Files


inserting("missing_sound", "`⟦play sfx doorbell`", "VN1002")


@operator
def waiver_of_no_rule(files: Files, rng: random.Random) -> Defect:
    text = files.get("waivers.yaml", "") + "- {code: ⟦VN1999, at: c0, reason: it is fine}\n"
    return marked("waivers.yaml", text, "VN1703")


@operator
def key_that_is_none(files: Files, rng: random.Random) -> Defect:
    text = re.sub("pictures:", "⟦picturs:", files["vn.yaml"], count=1)
    return marked("vn.yaml", text, "VN0210", "VN0209", "VN0211")
