"""Playtests whose story was edited since: routes, expectations and goldens follow the lock."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from comfyvn.cli.main import main
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock

SCENE = """\
The gate is shut, and the bell has no rope.

- Knock at the gate.

  Nobody comes to open it.

  Somewhere inside, a dog turns over.

- Climb over the wall.

  `set trust += 1`

  The wall is higher than it looks.

- Wait for the morning.

The lamp above the gate goes out.

- Look for another door.

- Sit down on the step.

`ending outside "Outside"`
"""
FILES = {
    "vn.yaml": "format: 1\nid: gate\ntitle: Gate\nstart: gate\n",
    "state.yaml": "trust: {type: int, range: [0, 3]}\n",
    "scenes/gate.md": SCENE,
}
ROUTE = ["Knock at the gate.", "Sit down on the step."]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with a playtest by texts and one by ids, and its reviewed golden."""
    root = tmp_path_factory.mktemp("written")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    assert main(["fmt", "-q", "-C", str(root)]) == 0
    (root / "playtests").mkdir()
    ids = ids_of(root)
    tests = {
        "by_text": {"choices": ROUTE, "golden": True},
        "by_id": {
            "choices": [ids[each] for each in ROUTE],
            "expect": {
                "ending": "outside",
                "lines": [ids["Somewhere inside, a dog turns over."]],
                "never": [ids["The wall is higher than it looks."]],
                "at": {ids["Somewhere inside, a dog turns over."]: ["trust == 0"]},
            },
        },
    }
    (root / "playtests/gate.yaml").write_text(json.dumps(tests), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CI", raising=False)
        assert main(["test", "-q", "--update", "-C", str(root)]) == 0
    return root


@pytest.fixture
def root(written: Path, tmp_path: Path) -> Path:
    """Return a copy of it to edit."""
    shutil.copytree(written, tmp_path, dirs_exist_ok=True)
    return tmp_path


def ids_of(root: Path) -> dict[str, str]:
    scenes = read_lock(root, Diagnostics()).scenes.values()
    return {record.anchor.text: record.id for records in scenes for record in records}


def edited(old: str, new: str) -> Callable[[Path], None]:
    """Return the edit that writes something else."""

    def edit(root: Path) -> None:
        path = root / "scenes/gate.md"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return edit


def renamed(root: Path) -> None:
    (root / "scenes/gate.md").rename(root / "scenes/wall.md")
    (root / "vn.yaml").write_text(FILES["vn.yaml"].replace("start: gate", "start: wall"), "utf-8")


KNOCK = SCENE[SCENE.index("- Knock") : SCENE.index("- Climb")]
NOBODY = "  Nobody comes to open it.\n\n"
INSIDE = "  Somewhere inside, a dog turns over.\n\n"
CLIMB = SCENE[SCENE.index("- Climb") : SCENE.index("- Wait")]


@pytest.mark.parametrize(
    ("edit", "failing", "said"),
    [
        # What is the same story passes, by text too.
        (renamed, set(), []),
        (edited(KNOCK + CLIMB, CLIMB + KNOCK), {"by_text"}, []),
        (edited("- Knock at the gate.", "- Knock on the gate."), {"by_text"},
         ["`Knock at the gate.` says `Knock on the gate.` now",
          "~ - Knock [-at-]{+on+} the gate."]),
        (edited("shut, and the bell has", "shut. The bell has"), {"by_text"},
         ["~ The gate is shut[-, and the-]{+. The+} bell has no rope."]),
        # Split and merged.
        (edited("is shut, and the bell has no rope.", "is shut.\n\nThe bell has no rope."),
         {"by_text"}, ["+ The"]),
        (edited("comes to open it.\n\n  Somewhere inside", "comes to open it. Somewhere inside"),
         {"by_text"}, ["- Nobody comes to open it.  (deleted)",
          "~ {+Nobody comes to open it. +}Somewhere inside, a dog turns over."]),
        # Moved, and replaced by another.
        (edited(NOBODY + INSIDE, INSIDE + NOBODY), {"by_text"},
         ["+ Somewhere inside, a dog turns over.  (came elsewhere before)",
          "- Somewhere inside, a dog turns over.  (comes elsewhere now)"]),
        (edited("The lamp above the gate goes out.", "A cart is heard on the road."), {"by_text"},
         ["- The lamp above the gate goes out.  (deleted)", "+ A cart is heard on the road."]),
        # Deleted: a line, what must not come, a choice, a menu.
        (edited(INSIDE, ""), {"by_text"},
         ["- Somewhere inside, a dog turns over.  (deleted)", "is followed to"]),
        (edited("  The wall is higher than it looks.\n\n", ""), set(),
         ["nothing shows it any more"]),
        (edited("- Sit down on the step.\n\n", ""), {"by_text"},
         ["Sit down on the step.` was deleted, and is followed to",
          "- > Sit down on the step.  (deleted)"]),
        (edited("- Look for another door.\n\n- Sit down on the step.\n\n", ""), {"by_text"},
         ["Sit down on the step.` was deleted with its menu"]),
    ],
)  # fmt: skip
def test_a_playtest_survives_an_edit(
    root: Path,
    edit: Callable[[Path], None],
    failing: set[str],
    said: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    edit(root)
    # As a check does it, without writing the lock; then after a build has written it.
    for _ in range(2):
        main(["test", "-C", str(root)])
        told = capsys.readouterr().err
        assert set(re.findall(r"^FAILED (\w+)", told, re.MULTILINE)) == failing, told
        for each in said:
            assert each in told
        # It is the golden that differs, and nothing else: every route was followed.
        assert set(re.findall(r"^error\[(\w+)\]", told, re.MULTILINE)) <= {"VN2011"}, told
        assert main(["fmt", "-q", "-C", str(root)]) == 0


def test_what_is_not_open_is_refused_in_the_words_of_the_route(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tests = json.loads((root / "playtests/gate.yaml").read_text("utf-8"))
    turned = {**tests["by_text"], "choices": ROUTE[::-1]}
    (root / "playtests/gate.yaml").write_text(json.dumps({"by_text": turned}), "utf-8")
    assert main(["test", "-q", "-C", str(root)]) == 1
    assert "has no choice `Sit down on the step.`" in capsys.readouterr().err
    deleted = ids_of(root)["Sit down on the step."]
    edited("- Sit down on the step.\n\n", "")(root)
    (root / "playtests/gate.yaml").write_text(f"a: {{choices: [{deleted}]}}", "utf-8")
    assert main(["test", "-q", "-C", str(root)]) == 1
    assert "was deleted, and the one beside it is not open then" in capsys.readouterr().err


def test_a_route_of_play_is_followed_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    route = root / "route.yaml"
    route.write_text(f"choices: [{ids_of(root)['Knock at the gate.']}]", "utf-8")
    edited(KNOCK, "")(root)
    assert main(["play", "-q", "-C", str(root), "--route", str(route)]) == 0
    told = capsys.readouterr()
    assert "Knock at the gate.` was deleted, and is followed to `" in told.err
    assert "The wall is higher than it looks." in told.out


def test_a_playtest_begins_elsewhere(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "goldens/by_text.txt").unlink()
    scene = root / "scenes/gate.md"
    text = scene.read_text("utf-8").replace("The lamp", "## night\n\nThe lamp")
    scene.write_text(text.replace("goes out.", "goes out. ^lamp"), "utf-8")

    def passes(text: str) -> bool:
        (root / "playtests/gate.yaml").write_text(text, "utf-8")
        code = main(["test", "-q", "-C", str(root)])
        assert code in (0, 1)
        return code == 0

    begins = "a: {start: gate#night, given: {trust: 2}, choices: [0], "
    assert passes(
        begins + "expect: {ending: outside, never: [The gate is shut], holds: [trust == 2]}}"
    )
    assert passes(begins + "expect: {at: {gate.md#night: [trust == 2], gate#^lamp: []}}}")
    assert passes(
        "a: {choices: [1, 0], expect: {at: {gate#night: [trust == 1], gate: [trust == 0]}}}"
    )
    assert not passes("a: {choices: [0, 0], expect: {at: {gate#night: [trust == 1]}}}")
    assert "where it comes to `gate#night`" in capsys.readouterr().err
    assert not passes("a: {choices: [], expect: {at: {gate#night: []}}}")
    assert "the story does not come to `gate#night`" in capsys.readouterr().err
    assert not passes("a: {start: gate#nigth}")
    assert "did you mean `gate#night`?" in capsys.readouterr().err
    assert not passes("a: {given: {trust: 4}}")
    assert "`trust` cannot be `4`: it goes from 0 to 3" in capsys.readouterr().err
    assert not passes("a: {given: {trsut: 1}}")
    assert "did you mean `trust`?" in capsys.readouterr().err


def test_a_route_begins_elsewhere_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = root / "scenes/gate.md"
    scene.write_text(scene.read_text("utf-8").replace("The lamp", "## night\n\nThe lamp"), "utf-8")
    play = ["play", "-q", "-C", str(root)]
    assert main([*play, "--start", "gate#night", "--choices", "0"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["text"] == "The lamp above the gate goes out."
    assert main([*play, "--start", "gate#nihgt", "--choices", "0"]) == 2
    assert "did you mean `gate#night`?" in capsys.readouterr().err
    assert main([*play, "--start", "gate#night", "--on", "web"]) == 2
    # What a playtest shows that begins elsewhere can be played again from the route that it leaves.
    begins = "a: {start: gate#night, given: {trust: 2}, choices: [0], expect: {ending: none}}"
    (root / "playtests/gate.yaml").write_text(begins, "utf-8")
    assert main(["test", "-q", "-C", str(root)]) == 1
    capsys.readouterr()
    kept = root / ".comfyvn/test/interpreter"
    assert main([*play, "--route", str(kept / "a.yaml")]) == 0
    assert capsys.readouterr().out == (kept / "a.jsonl").read_text("utf-8")
    (kept / "a.yaml").write_text("given: {trust: 4}", "utf-8")
    assert main([*play, "--route", str(kept / "a.yaml")]) == 2
    assert "`trust` cannot be `4`: it goes from 0 to 3" in capsys.readouterr().err


def test_what_was_shown_is_kept(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    test = ["test", "-q", "-C", str(root)]
    assert main(test) == 0
    kept = root / ".comfyvn/test/interpreter"
    assert sorted(each.name for each in kept.iterdir()) == [
        "by_id.jsonl", "by_id.txt", "by_id.yaml",
        "by_text.jsonl", "by_text.txt", "by_text.yaml",
    ]  # fmt: skip
    edited("- Look for", "- Search for")(root)
    assert main([*test, "by_text"]) == 1
    story = (kept / "by_text.txt").read_text("utf-8").splitlines()
    assert not (kept / "by_id.txt").exists(), "those of the last run alone"
    assert story[0] == "# by_text (playtests/gate.yaml:1) on interpreter"
    command = re.search(r"`comfyvn (play .*)`", story[1])
    assert command is not None
    replayed = root / "replayed.jsonl"
    again = [*shlex.split(command[1]), "--transcript", str(replayed)]
    assert main([*again, "-q", "-C", str(root)]) == 0
    assert replayed.read_bytes() == (kept / "by_text.jsonl").read_bytes()
    assert "what is shown is not what `goldens/by_text.txt` has" in story[2]
    there = tmp_path_factory.mktemp("kept")
    assert main([*test, "by_id", "--record", str(there)]) == 0
    assert (there / "interpreter/by_id.txt").is_file()
    (there / "file").touch()
    assert main([*test, "by_id", "--record", str(there / "file")]) == 3


def test_what_no_playtest_comes_to_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--coverage", "-C", str(root)]) == 0
    told = capsys.readouterr().err
    assert re.search(r"choices +2 of 5 by routes\n", told)
    assert "scenes/gate.md:9  the choice “Climb over the wall.”" in told
    for path in ("playtests", str(root / "playtests/gate.yaml")):
        options = ["--runs", "0", "--json", "-C", str(root)]
        assert main(["explore", "--covered-by", path, *options]) == 0
        report = json.loads(capsys.readouterr().out)
        choices = next(each for each in report["coverage"] if each["kind"] == "choices")
        assert choices["by_routes"] == 2
        assert "Climb over the wall." in [each["text"] for each in choices["missed_by_routes"]]
    walking = "a: {choices: [0], walks: 20}"
    (root / "playtests/gate.yaml").write_text(walking, "utf-8")
    assert main(["test", "-q", "--json", "--coverage", "-C", str(root)]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])["coverage"]
    assert [found["choices"][key] for key in ("total", "by_routes", "covered")] == [5, 1, 3]
    assert {(each["text"], each["line"]) for each in found["lines"]["missed"]} == {
        ("The wall is higher than it looks.", 13)
    }
