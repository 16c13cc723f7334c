"""`comfyvn play` without a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from comfyvn.cli.main import main


def play(small: Path, *options: str) -> int:
    return main(["play", "-C", str(small), *options])


def records(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_it_plays_to_an_ending(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert play(small, "--choices", '0,"Bo, b"') == 0
    transcript = records(capsys.readouterr().out)
    assert transcript[-1]["title"] == "Inside"
    assert {
        "t": "line",
        "manner": "whisper",
        "name": "Mei",
        "text": "Bo, b.",
        "who": ["mei"],
    }.items() <= (transcript[-2].items())


def test_a_number_counts_what_can_be_chosen(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert play(small, "--choices", "1") == 0
    assert records(capsys.readouterr().out)[-1]["title"] == "Outside"


def test_when_the_answers_run_out_it_waits(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert play(small, "--choices", "") == 0
    assert records(capsys.readouterr().out)[-1]["t"] == "waiting"


def test_a_route_is_a_file(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    route = small / "in.yaml"
    route.write_text("seed: 3\nlanguage: es\nchoices: [3, Ana]\n")
    assert play(small, "--route", str(route), "--transcript", str(small / "out")) == 0
    assert capsys.readouterr().out == ""
    assert records((small / "out").read_text())[-1]["title"] == "Outside"


@pytest.mark.parametrize(
    "options",
    [
        ["--choices", "0,"],
        ["--choices", ",0"],
        ["--choices", '"open'],
        ["--choices", "foo"],
        ["--choices=0,-1"],
        ["--choices", "1.5"],
        ["--choices", "¹"],
        ["--choices", "0", "--seed", "-1"],
        ["--choices", "0", "--seed", str(2**53 + 1)],
        ["--choices", "0", "--language", "ed"],
        ["--route", "missing.yaml"],
        ["--on", "paper"],
        [],
    ],
)
def test_a_bad_route_is_wrong_usage(
    small: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = play(small, *options)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_an_answer_that_is_none_is_named(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert play(small, "--choices", "0,foo,1") == 2
    assert "`foo` is no answer" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("choices: [-1]\n", "at least 0"),
        ("choices: 3\n", "`choices` must be a list, not `3`"),
        ("choices: [null]\n", "help: write what it is"),
        ("chioces: [1]\n", "did you mean `choices`?"),
        ("seed: x\n", "a whole number"),
        ("- 1\n", "keys with values"),
        ("a: [\n", ""),
    ],
)
def test_a_bad_route_file_is_wrong_usage(
    small: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    route = small / "route.yaml"
    route.write_text(text)
    assert play(small, "--route", str(route)) == 2
    shown = capsys.readouterr().err
    assert "route.yaml" in shown
    assert said in shown


def test_sources_with_errors_are_not_played(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "scenes" / "door.md").write_text("[](#nowhere)\n")
    assert play(small, "--choices", "0") == 1
    assert "nowhere" in capsys.readouterr().err
