"""Spelling: the reader of dictionaries beside Spylls, and what is reported."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from advisory.scenes import marked, passages

from comfyvn.advisory.hunspell import Words, is_simple
from comfyvn.advisory.spelling import Speller, check_spelling, open_outside, own_words
from comfyvn.plan.dictionaries import dictionaries
from comfyvn.source.diagnostics import Diagnostic, Diagnostics

COUNT = int(10_000 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1")))

AFFIXES = """\
SET UTF-8
TRY abcdefghijklmnopqrstuvwxyz'
ICONV 1
ICONV ’ '
NEEDAFFIX n
FORBIDDENWORD f
REP 1
REP lite light

PFX U Y 1
PFX U 0 un .

SFX S Y 2
SFX S y ies [^aeiou]y
SFX S 0 s [^y]

SFX D Y 1
SFX D 0 ed/S [^e]
"""
STEMS = "happy/U light/SU window/S harbour/S city/S want/D rains/f rain/S stem/nS the isn't it it's"


def speller(*own: str, language: str = "en") -> Speller:
    return Speller(language, [Words(AFFIXES, "12\n" + STEMS.replace(" ", "\n"))], own)


def advice(text: str, knows: Speller) -> list[Diagnostic]:
    out = Diagnostics()
    check_spelling(passages(text), knows, out)
    return out


def test_affixes_make_words() -> None:
    words = Words(AFFIXES, "12\n" + STEMS.replace(" ", "\n"))
    known = "unhappy lights unlights cities wanteds Windows HARBOUR stems isn’t rain".split()
    assert [word for word in known if word not in words] == []
    wrong = "unwindow citys unwant stem rains lightss windowed hAppy".split()
    assert [word for word in wrong if word in words] == []
    assert words.suggest("wnidow") == ["window"]
    assert words.suggest("lites") == ["lights"]
    assert words.suggest("Harbur") == ["Harbour"]


def test_words_with_capitals_within_may_be_all_capitals() -> None:
    words = Words(AFFIXES, "3\nOD/S\nMcAdam/S\nDNA\n")
    known = "OD ODs ODS McAdams MCADAM MCADAMS DNA".split()  # as hunspell 1.7.1 says
    assert [word for word in known if word not in words] == []
    assert [word for word in "Ods ods Mcadam mcadams DNAS Dna".split() if word in words] == []


def test_flags_come_in_four_forms() -> None:
    for flag, stem in (("long", "light/SxYy"), ("num", "light/17,4"), ("UTF-8", "light/é")):
        name = {"long": "Sx", "num": "17", "UTF-8": "é"}[flag]
        made = Words(f"FLAG {flag}\nSFX {name} Y 1\nSFX {name} 0 s .\n", f"1\n{stem}\n")
        assert "lights" in made
        assert "lightx" not in made
    aliased = Words("AF 2\nAF AB\nAF S\nSFX S Y 1\nSFX S 0 s .\n", "2\nlight/2\nrain/1\n")
    assert "lights" in aliased
    assert "rains" not in aliased


def test_words_put_together_are_left_to_spylls() -> None:
    assert is_simple(AFFIXES)
    assert not is_simple("SET UTF-8\nCOMPOUNDFLAG x\n")


@pytest.mark.package("spylls")
@pytest.mark.parametrize("language", ["en_US", "ru"])
def test_the_reader_agrees_with_spylls(language: str) -> None:
    from spylls.hunspell import Dictionary

    (path,) = [each[1] for each in dictionaries(os.environ) if each[0] == language]
    ours, theirs = open_outside(path), Dictionary.from_files(path)
    assert isinstance(ours, Words)
    seed = int(os.environ.get("COMFYVN_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    rng = random.Random(seed)
    lines = Path(f"{path}.dic").read_bytes().decode("utf-8", "ignore").split("\n")[1:]
    stems = [word for word in (line.partition("/")[0] for line in lines) if word.isalpha()]
    stems = stems or list("abc")
    for _ in range(COUNT):
        word = rng.choice(stems)
        match rng.randrange(4):
            case 0:
                word += rng.choice(["s", "ing", "ed", "ly", "ness", "er", "'s"])
            case 1:
                word = rng.choice(["un", "re", "dis", "in"]) + word
            case 2 if len(word) > 2:
                place = rng.randrange(len(word) - 1)
                word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        # Of what is all capitals, Spylls takes INH for a word, and hunspell does not.
        if not word.isupper():
            assert (word in ours) == theirs.lookup(word), word


def test_words_that_nobody_knows_are_reported_each_time_at_their_place() -> None:
    text = "The rian in the cities.\n\nMei: The *wn*idow, the rian."
    found = advice(text, speller("in", "Mei"))
    assert [marked(text, each) for each in found] == ["rian", "wn*idow", "rian"]
    assert [each.help for each in found] == [
        "did you mean `rain`?",
        "did you mean `window`?",
        "did you mean `rain`?",
    ]


def test_what_is_no_word_is_none_to_spell() -> None:
    clean = (
        "The wiiindow, W-window, NPC, rain{n, plural, one {} other {s}}, x, 忘れ物, Mei's, "
        "rain@example.org, `play sfx xyzzy`, {xyzzy}, re-light, the 3rd, city’s"
    )
    assert advice(clean, speller("mei", "on", "Mei", "example", "org")) == []


def test_own_words_hold_with_capitals() -> None:
    own = own_words("# names\nMerrin\nboathook # a hook\n\n")
    assert own == {"Merrin", "boathook"}
    knows = speller(*own)
    assert all(map(knows.knows, ["Merrin", "MERRIN", "Merrin's", "boathook", "Boathook"]))
    assert not knows.knows("merrin")
    assert speller("homme", language="fr").knows("l'homme")


def test_dictionaries_are_found(tmp_path: Path) -> None:
    for name in ("xx_YY.aff", "xx_YY.dic", "zz.aff", "hyph_xx.aff", "hyph_xx.dic"):
        (tmp_path / name).write_text("SET UTF-8\n")
    found = {each[0]: each for each in dictionaries({"DICPATH": str(tmp_path)})}
    assert found["xx_YY"][1] == (tmp_path / "xx_YY").as_posix()
    assert "zz" not in found
    assert not any(name.startswith("hyph") for name in found)
    before = found["xx_YY"]
    (tmp_path / "xx_YY.dic").write_text("1\nrain\n")
    assert before not in dictionaries({"DICPATH": str(tmp_path)})
