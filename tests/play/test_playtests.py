"""Playtests: what they find, where they say it, what they write."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from builds.example import EXAMPLE

from comfyvn.cli.main import main
from comfyvn.play.answers import shown_texts
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.playthrough import play
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.compile import compile_project
from comfyvn.story.interpreter import Story
from tests.generate.build import make

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))

SCENE = """\
The gate is *shut.*

- Knock. ^knock

  Nobody comes.

  `set trust += 1`

- Climb over. `if trust > 5` `locked "It is high."`

- [Go home.](#home)

`input name "Who is there?"`

Mei: {name}! Come in.

`ending inside "Inside"`

## home

`ending home "Home"`
"""
FILES = {
    "vn.yaml": "format: 1\nid: gate\ntitle: Gate\nstart: gate\n",
    "state.yaml": "trust: {type: int}\nname: {type: text}\n",
    "characters/mei.yaml": "name: Mei\n",
    "scenes/gate.md": SCENE,
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("CI", raising=False)
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    assert main(["fmt", "-q", "-C", str(tmp_path)]) == 0
    (tmp_path / "playtests").mkdir()
    return tmp_path


def run(root: Path, text: str, *options: str) -> int:
    (root / "playtests/all.yaml").write_text(text, "utf-8")
    return main(["test", "-C", str(root), *options])


def test_what_is_not_written_as_a_playtest_is_not_played(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "bad:\n  choices: [0, 1.5]\nworse: {expect: none}\nends: {choices: [1], sed: 3}\n"
    assert run(root, text + "good: {choices: [1]}\n") == 1
    told = capsys.readouterr()
    assert "passed good on interpreter" in told.out + told.err
    assert "1 passed" in told.out + told.err
    assert "was not played" in told.out + told.err
    for name in ("bad", "worse", "ends"):
        assert f"passed {name}" not in told.out + told.err
    assert run(root, text, "bad") == 1
    assert "no playtest" not in capsys.readouterr().err


def test_what_is_expected_comes(root: Path) -> None:
    text = """
        inside:
          choices: [^knock, Zoë]
          expect:
            ending: inside
            holds: [trust == 1, name == "Zoë"]
            lines: ["Nobody comes", "Come in.", "The gate is shut."]
            never: [home]
          always: [trust <= 1]
        away:
          choices: [1]
          expect: {ending: home, never: [Nobody]}
        on_the_way: {choices: [Knock.], expect: {ending: none}}
        """
    assert run(root, text.replace("[home]", "[Nobody at home]")) == 0
    assert run(root, text) == 0


def test_goldens_of_no_playtest_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "old: {choices: [1], golden: true}", "--update") == 0
    assert run(root, "new: {choices: [1]}") == 0
    assert "goldens/old.txt is of no playtest" in "".join(capsys.readouterr())
    assert run(root, "old: {choices: [1], golden: true}") == 0
    assert "is of no playtest" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("text", "code", "place", "said"),
    [
        ("a: {choices: [Knok.]}", "VN2001", (1, 15), "did you mean `Knock.`?"),
        ("a: {choices: [Climb over.]}", "VN2001", (1, 15), "locked"),
        ("a: {choices: [2]}", "VN2001", (1, 15), "it offers 0 `Knock.`"),
        ("a: {choices: [1, 0]}", "VN2003", (1, 18), "before answer 2 of 2"),
        ("a: {expect: {ending: insid}}", "VN2002", (1, 22), "did you mean `inside`?"),
        ("a: {language: de}", "VN2002", (1, 15), "no language"),
        ("a: {always: [chance(0.5)]}", "VN2004", (1, 14), "draws"),
        ("a: {always: [trst > 1]}", "VN0505", (1, 14), "did you mean `trust`?"),
        ("a: {expect: {lines: [Nobody knows]}}", "VN2005", (1, 22), "no line of the story"),
        ("a: {expect: {shows: [mei]}}", "VN2005", (1, 22), "never shows `mei`"),
        ("a: {expect: {plays: [bell]}}", "VN2005", (1, 22), "never plays `bell`"),
        ("a: {choices: [1], expect: {ending: inside}}", "VN2010", (1, 36), "`home`"),
        ("a: {choices: [0], always: [trust == 0]}", "VN2010", (1, 28), "at the line `Nobody"),
        ("a: {choices: [0], expect: {holds: [trust > 1]}}", "VN2010", (1, 36), "where the story"),
        ("a: {choices: [0], expect: {never: [Nobody comes]}}", "VN2010", (1, 36), "is shown"),
        ("a: {choices: [1], expect: {lines: [Nobody comes]}}", "VN2010", (1, 36), "not shown"),
        ("a: {walks: 20, always: [trust == 0]}", "VN2010", (1, 25), "--choices "),
        ("a: {choices: [0], golden: true}", "VN2011", (1, 27), "no `goldens/a.txt` yet"),
        ("a: {}\nb: {chocies: []}", "VN0210", (2, 5), "did you mean `choices`?"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    root: Path,
    text: str,
    code: str,
    place: tuple[int, int],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = run(root, text, "-q")
    shown = capsys.readouterr().err
    assert f"[{code}]" in shown
    assert f"playtests/all.yaml:{place[0]}:{place[1]}" in shown
    assert said in shown
    assert found == 1


STAGED = """\
`scene pier at night in rain`

`show mei smile at left`

`show old map`

Rain.

`time dusk`

Mei (frown, coat): Still.

`scene hall`

`play sfx bell`

`show mei`

In.

- Go.

  `show a flash`

  `hide a flash`

- Stay.

`ending in "In"`
"""


@pytest.fixture
def staged(root: Path) -> Path:
    (root / "scenes/gate.md").write_text(STAGED, "utf-8")
    (root / "characters/mei.yaml").write_text(
        "name: Mei\nlook:\n  expressions: {plain: calm, smile: glad, frown: cross}\n"
        "  outfits: {dress: red, coat: wet}\n",
        "utf-8",
    )
    (root / "state.yaml").unlink()
    (root / "worlds").mkdir()
    (root / "worlds/sea.yaml").write_text("locations: {pier: {}, hall: {}}\n", "utf-8")
    return root


@pytest.mark.parametrize(
    ("shows", "said"),
    [
        ("pier, pier night, pier rain night, pier dusk, hall, hall dusk", ""),
        ("mei, mei smile, mei smile dress, mei frown coat, mei coat, old map", ""),
        ("mei smile coat", "`mei smile coat` is never on the stage"),
        ("hall night", "`hall night` is never on the stage"),
        ("mei plain", "`mei plain` is never on the stage"),
        ("pier dsuk", "did you mean `dusk`?"),
        ("mie", "did you mean `mei`?"),
        ("mei smiel", "did you mean `smile`?"),
    ],
)
def test_what_stands_on_the_stage_is_shown(
    staged: Path, shows: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"a: {{choices: [1], expect: {{shows: [{shows}]}}}}"
    assert run(staged, text, "-q") == (1 if said else 0)
    assert said in capsys.readouterr().err


def test_what_is_shown_between_two_lines_counts(staged: Path) -> None:
    assert run(staged, "a: {choices: [0], expect: {shows: [a flash]}}", "-q") == 0
    assert run(staged, "a: {choices: [1], expect: {shows: [a flash]}}", "-q") == 1


def test_a_route_of_play_takes_texts_and_ids(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    route = root / "route.yaml"
    play_it = ["play", "-q", "-C", str(root), "--route", str(route)]
    route.write_text("choices: [Knock., Zoë]\n", "utf-8")
    assert main(play_it) == 0
    first = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first[-1]["name"] == "inside"
    chosen = next(each["id"] for each in first if each["t"] == "choice")
    route.write_text(f"choices: [{chosen}, Zoë]\n", "utf-8")
    assert main(play_it) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == first
    route.write_text("choices: [Knok.]\n", "utf-8")
    assert main(play_it) == 2
    assert "did you mean `Knock.`?" in capsys.readouterr().err


def test_goldens_are_written_by_hand_and_hold_through_edits(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "a: {choices: [Knock., Ana], golden: true}"
    assert run(root, text, "--update") == 0
    golden = root / "goldens/a.txt"
    reviewed = golden.read_text("utf-8")
    assert "Mei: Ana! Come in." in reviewed
    assert run(root, text) == 0
    scene = root / "scenes/gate.md"
    scene.write_text("<!-- a comment -->\n\n" + scene.read_text("utf-8"), "utf-8")
    assert run(root, text) == 0
    scene.write_text(scene.read_text("utf-8").replace("Nobody comes.", "Nobody came."), "utf-8")
    capsys.readouterr()
    assert run(root, text) == 1
    told = capsys.readouterr().err
    assert "goldens/a.txt and the story as it is now: 1 reworded" in told
    assert "scenes/gate.md:7\n    > Knock.\n  ~ Nobody [-comes-]{+came+}.\n    > “Ana”\n" in told
    assert golden.read_text("utf-8") == reviewed
    monkeypatch.setenv("CI", "true")
    assert run(root, text, "--update") == 2
    monkeypatch.delenv("CI")
    assert run(root, text, "--update") == 0
    changed = set(golden.read_text("utf-8").splitlines()) ^ set(reviewed.splitlines())
    assert len(changed) == 2
    assert len({line.split()[0] for line in changed}) == 1, "the line kept its id"
    assert run(root, "a: {choices: [1], expect: {ending: inside}, golden: true}", "--update") == 1
    assert "Mei" in golden.read_text("utf-8"), "what fails is not written"


def test_results_for_ci(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = root / "out/report.xml"
    text = "good: {choices: [1]}\nbad: {choices: [1], expect: {ending: inside}}\n"
    assert run(root, text, "--junit", str(report), "--json", "-q") == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["playtest"], each["passed"]) for each in lines] == [
        ("good", True),
        ("bad", False),
    ]
    suites = ElementTree.parse(report).getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    failed = [each for each in suites.iter("testcase") if each.find("failure") is not None]
    assert [(each.get("name"), each.get("file")) for each in failed] == [
        ("bad", "playtests/all.yaml")
    ]
    assert main(["test", "god", "-C", str(root)]) == 2
    assert "did you mean `good`?" in capsys.readouterr().err
    assert main(["test", "good", "-q", "-C", str(root)]) == 0
    assert run(root, f"{text}ugly: {{chocies: []}}\n", "good") == 1
    told = capsys.readouterr().err
    assert "1 passed" in told
    assert told.count("[VN0210]") == 1, "what cannot be read is said once"


def test_what_is_recorded_passes_when_it_is_replayed(tmp_path: Path) -> None:
    """Of generated stories: any walk, told by texts and ids, plays the same, as runtimes do."""
    from comfyvn.model.load import load_project
    from comfyvn.source.lock import read_lock

    print(f"COMFYVN_SEED={SEED}")
    for number in range(max(int(300 * SCALE), 1)):
        root = tmp_path / str(number)
        make(SEED + number, root)
        out = Diagnostics()
        loaded = load_project(root, out)
        assert loaded is not None
        compiled = compile_project(loaded, read_lock(root, out), out)
        assert compiled is not None
        story = Story(compiled.program)
        rng = random.Random(SEED + number)
        walked = play(story, rng.randrange(2**53), (), rest=rng)
        if walked.end["t"] == "waiting":
            continue  # It goes round for ever.
        menus = iter([each for each in walked.records if each["t"] in ("menu", "input")])
        told: list[int | str] = []
        for answer in walked.run.answers:
            record = next(menus)
            if record["t"] == "input":
                told.append(answer)
                continue
            texts = shown_texts([record])
            free = [each["id"] for each in record["choices"] if each["enabled"]]
            id = free[int(answer)]
            alone = [text for text in texts.values() if text.casefold() == texts[id].casefold()]
            told.append(texts[id] if len(alone) == 1 and rng.random() < 0.5 else id)
        again = play(story, walked.run.seed, told)
        assert again.records == walked.records
        assert InterpreterRuntime(compiled.program).play([again.run]) == [walked.records]
        shutil.rmtree(root)


def test_the_playtests_of_the_example_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "-C", str(EXAMPLE)]) == 0
    assert "7 passed" in capsys.readouterr().err


@pytest.mark.chromium
@pytest.mark.renpy
def test_other_targets_play_the_same(root: Path) -> None:
    text = "a: {choices: [Knock., Zoë], golden: true}\nb: {walks: 5}\nc: {start: gate#home}"
    text += "\nd: {choices: [Knock., Ana]}\ne: {choices: [Go home.], expect: {ending: home}}"
    # On the web nobody can go home.
    with (root / "vn.yaml").open("a") as file:
        file.write("rating: teen\ncontent: {web: {mode: sfw, rating: everyone}}\n")
    scene = SCENE.replace("[Go home.](#home)", "[Go home.](#home) `rated teen`")
    (root / "scenes/gate.md").write_text(scene, "utf-8")
    assert run(root, text, "--update", "-q") == 0
    # A process of its own: the tests here have a browser open.
    command = [sys.executable, "-m", "comfyvn", "test", "-C", str(root), "--on", "web"]
    report = root / "report.xml"
    done = subprocess.run(
        [*command, "--on", "renpy", "--junit", str(report)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "left out e on web: its route takes `Go home.`, which is not there" in done.stderr
    assert "7 passed, 3 left out" in done.stderr
    assert ElementTree.parse(report).getroot().get("skipped") == "3"
    kept = {each.relative_to(root / ".comfyvn/test").as_posix() for each in root.rglob("a.jsonl")}
    assert kept == {"web/a.jsonl", "renpy/a.jsonl"}


SPOKEN = """\
## look

- Mei: Anybody there?

  `play sfx bell`

  `ending inside "Inside"`

- Wait.

1. The wind.
2. A dog.

`ending home "Home"`
"""


@pytest.fixture
def spoken(root: Path) -> Path:
    (root / "scenes/gate.md").write_text(SPOKEN, "utf-8")
    (root / "assets/sfx").mkdir(parents=True)
    (root / "assets/sfx/bell.wav").touch()
    assert main(["fmt", "-q", "-C", str(root)]) == 0
    return root


def test_what_choices_and_outcomes_say_is_named_by_its_id(
    spoken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(spoken, "a: {choices: [0], golden: true}", "--update", "-q") == 0
    golden = (spoken / "goldens/a.txt").read_text("utf-8")
    (line,) = [each for each in golden.splitlines() if each.endswith("  Mei: Anybody there?")]
    id = line.split()[0]
    assert id.endswith("_s")
    text = f"a: {{choices: [0], golden: true, expect: {{lines: [{id}], at: {{{id}: []}}}}}}"
    assert run(spoken, text, "-q") == 0
    capsys.readouterr()
    edited = SPOKEN.replace("Anybody there?", "Anybody in there?")
    (spoken / "scenes/gate.md").write_text(edited, "utf-8")
    assert run(spoken, "a: {choices: [0], golden: true}", "-q") == 1
    assert "Mei: Anybody {+in +}there?" in capsys.readouterr().err
    assert run(spoken, "a: {choices: [0]}", "-q", "--coverage", "--json") == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    missed = {(each["text"], each["line"]) for each in told["coverage"]["lines"]["missed"]}
    assert missed == {("The wind.", 11), ("A dog.", 12)}


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("a: {choices: [0], expect: {at: {gate#look: [], gate.md#look: [trust > 2]}}}", 1, "> 2`"),
        ('a: {choices: [0], expect: {plays: [""]}}', 1, "`` is never played"),
        ("a: {choices: [0], expect: {plays: [bell]}}", 0, ""),
    ],
)
def test_odd_expectations(
    spoken: Path, text: str, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(spoken, text, "-q") == code
    assert said in capsys.readouterr().err


def test_files_that_cannot_be_read_or_written_are_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "a: {choices: [1], golden: true}\nb: {choices: [1]}\n"
    (root / "goldens/a.txt").mkdir(parents=True)
    report = root / "report.xml"
    for options in (("-q",), ("-q", "--update")):
        assert run(root, text, *options, "--junit", str(report)) == 1
        assert "cannot read `goldens/a.txt`" in capsys.readouterr().err
        assert ElementTree.parse(report).getroot().get("failures") == "1"
    (root / "goldens/a.txt").rmdir()
    (root / "goldens/a.txt").write_bytes(b"\xff\xfe")
    assert run(root, text, "-q") == 1
    assert "it is not UTF-8" in capsys.readouterr().err
    shutil.rmtree(root / "goldens")
    (root / "goldens").touch()
    assert run(root, text, "-q", "--update") == 1
    assert "cannot write `goldens/a.txt`" in capsys.readouterr().err
    assert run(root, "b: {choices: [1]}", "--junit", str(root / "goldens/report.xml")) == 3
    assert "cannot write" in capsys.readouterr().err


def test_what_no_target_plays_has_failed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = root / "report.xml"

    def away(*_: object) -> None:
        raise RuntimeError("no browser")

    monkeypatch.setattr("comfyvn.play.targets.runtime_on", away)
    options = ["-q", "--on", "web", "--junit", str(report)]
    assert run(root, "a: {choices: [1]}\nb: {choices: [Go hme.]}\n", *options) == 3
    suites = ElementTree.parse(report).getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("2", "2")
    told = {case.get("name"): case.find("failure") for case in suites.iter("testcase")}
    assert "web could not play: no browser" in told["a"].get("message")
    assert "Go hme." in told["b"].get("message")


def test_the_route_of_a_failure_is_a_command_for_a_shell(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shlex

    name = 'O\'Brien "x"'
    text = f"a: {{choices: [0, {json.dumps(name)}], expect: {{never: [Come in.]}}}}"
    assert run(root, text, "-q") == 1
    told = capsys.readouterr().err
    command = told.partition("it is `")[2].partition("`\n")[0]
    words = shlex.split(command)
    record = root / "told.jsonl"
    assert words[:2] == ["comfyvn", "play"]
    assert main([*words[1:], "-q", "--transcript", str(record), "-C", str(root)]) == 0
    (asked,) = [each for each in map(json.loads, record.open("rb")) if each["t"] == "input"]
    assert asked["value"] == name
