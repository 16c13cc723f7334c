"""new, check, fmt, explain and doctor, run as a user does."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from comfyvn.cli.main import main
from comfyvn.source.codes import codes


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert main(["new", "A Comet", "-C", str(tmp_path), "-q"]) == 0
    return tmp_path / "a-comet"


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_playtests_of_a_new_project_pass(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["test", "-C", str(project)]) == 0
    told = capsys.readouterr().err
    assert "2 passed" in told
    assert "[VN" not in told


def test_a_new_project_has_no_findings(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(project)
    assert main(["check", "--strict", "-C", str(project / "scenes")]) == 0
    assert capsys.readouterr().out == "no findings\n"
    after = {path: data for path, data in tree(project).items() if ".comfyvn" not in path}
    assert after == before, "check writes no source"
    assert {".gitignore", ".gitattributes", ".editorconfig", ".vscode/settings.json"} <= set(before)
    for path, data in before.items():
        if path.endswith(".yaml"):
            schema = data.decode().split("$schema=")[1].split("\n")[0]
            assert (project / path).parent.joinpath(schema).resolve().is_file()


def test_a_new_project_plays(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for choices, ending in (("0,0,0", "clouds"), ("1,0", "comet"), ("0,2", "comet")):
        transcript = project / "t.jsonl"
        how = ["--on", "interpreter", "--seed", "1", "--choices", choices]
        done = main(["play", "-C", str(project), *how, "--transcript", str(transcript)])
        assert done == 0, capsys.readouterr().err
        last = json.loads(transcript.read_text(encoding="utf-8").splitlines()[-1])
        assert (last["t"], last["name"]) == ("ending", ending)


def test_new_overwrites_nothing(project: Path) -> None:
    before = tree(project)
    assert main(["new", "A Comet", "-C", str(project.parent)]) == 1
    assert main(["new", "Other", "--here", "-C", str(project)]) == 1
    assert tree(project) == before


@pytest.mark.parametrize(
    ("name", "folder", "title"),
    [
        ("{here}/sub/My Comet", "sub/My Comet", "My Comet"),
        ("sub/comet/", "sub/comet", "comet"),
        ("./comet", "comet", "comet"),
        ("sub\\comet", "sub/comet", "comet"),
        (".", ".", "place"),
        ("other/..", ".", "place"),
    ],
)
def test_new_takes_a_path(name: str, folder: str, title: str, tmp_path: Path) -> None:
    here = tmp_path / "place"
    (here / "other").mkdir(parents=True)
    command = ["new", name.format(here=here), "-C", str(here)]
    assert main(command) == 0
    assert f'title: "{title}"' in (here / folder / "vn.yaml").read_text(encoding="utf-8")
    assert main(["check", "-q", "--strict", "-C", str(here / folder)]) == 0
    assert main(command) == 1, "nothing is overwritten"


def test_new_leaves_the_folder_above_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in ("..", "../../" + tmp_path.name):
        assert main(["new", name]) == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "here"]


def test_a_title_with_a_stroke_is_one_with_here(tmp_path: Path) -> None:
    assert main(["new", "Day/Night", "--here", "-C", str(tmp_path)]) == 0
    assert 'title: "Day/Night"' in (tmp_path / "vn.yaml").read_text(encoding="utf-8")
    assert main(["new", "/", "-C", str(tmp_path)]) == 2


@pytest.mark.parametrize("title", ['"Quoted" & \\ #', "日本語", "a: b", "1984", "Ünï", "{x}"])
def test_any_title_makes_a_project(title: str, tmp_path: Path) -> None:
    assert main(["new", title, "--here", "-C", str(tmp_path), "-q"]) == 0
    assert main(["check", "--strict", "-q", "-C", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("title", "folder", "id"),
    [
        ("my-novel", "my-novel", "my_novel"),
        ("My Novel", "my-novel", "my_novel"),
        ("Salt & Ember", "salt-ember", "salt_ember"),
        ("MyNovel", "MyNovel", "mynovel"),
        ("日本語", "日本語", "my_novel"),
        ("CON", "CON-novel", "vn_con"),
        ("nul.2", "nul.2-novel", "nul_2"),
        ("What? Why: a|b…", "what-why-a-b…", "what_why_a_b"),
        ("...", "my-novel", "my_novel"),
        ("..up", "up", "up"),
        ("1984", "1984", "vn_1984"),
    ],
)
def test_the_folder_has_the_name_that_was_asked(
    title: str, folder: str, id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", title, "-C", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == [folder]
    assert str(tmp_path / folder) in capsys.readouterr().out
    assert f"\nid: {id}\n" in (tmp_path / folder / "vn.yaml").read_text(encoding="utf-8")


def test_findings_in_every_format(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene = project / "scenes" / "start.md"
    text = scene.read_text(encoding="utf-8").replace("[Go in](dome.md)", "[x](#nowhere)")
    scene.write_text(text, encoding="utf-8")
    number = scene.read_text(encoding="utf-8").split("\n").index("[x](#nowhere)") + 1
    shown = {}
    for form in ("text", "json", "sarif", "github"):
        assert main(["check", "-C", str(project), "--format", form]) == 1
        shown[form] = capsys.readouterr().out
    lines = shown["text"].split("\n")
    assert lines[0].startswith("error[VN06")
    assert lines[1].strip().startswith(f"--> scenes/start.md:{number}:")
    assert lines[3].endswith("| [x](#nowhere)")
    under = lines[4].index("^")
    assert lines[3][under : under + lines[4].count("^")].strip("#") == "nowhere"
    assert "1 error" in shown["text"]
    found = json.loads(shown["json"])
    assert found["errors"] == 1
    result = json.loads(shown["sarif"])["runs"][0]["results"][0]
    region = result["locations"][0]["physicalLocation"]["region"]
    span = found["diagnostics"][0]["span"]
    assert (region["startLine"], region["startColumn"]) == (number, span["column"])
    assert shown["github"].startswith(f"::error file=scenes/start.md,line={number},")


def test_strict_and_locked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--locked", "-C", str(project)]) == 1
    assert "VN0903" in capsys.readouterr().out
    assert main(["fmt", "-q", "-C", str(project)]) == 0
    assert main(["check", "--locked", "-C", str(project)]) == 0
    (project / "characters" / "x.yml").write_text("name: X", encoding="utf-8")
    assert main(["check", "-C", str(project)]) == 0
    assert main(["check", "--strict", "-C", str(project)]) == 1


def test_fmt_settles_form_and_nothing_else(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fmt", "-q", "-C", str(project)]) == 0
    canonical = tree(project)
    scene, cast = project / "scenes" / "dome.md", project / "characters" / "wren.yaml"
    text = scene.read_text(encoding="utf-8").replace("- ", "* ").replace("1. ", "1) ")
    text = text.replace("2. ", "2) ").replace("\n\n`set", "\n\n\n`set").replace("+=", "  +=")
    text = text.replace("## look", "## look ##   ").replace("\n", "\r\n")
    text = text.replace(
        "title: Under the dome\r\nlocation: dome", "location: dome\r\ntitle: Under the dome"
    )
    scene.write_bytes(text.encode())
    indented = re.sub(r"(?m)^( +)", r"\1\1", cast.read_text(encoding="utf-8"))
    cast.write_text(indented.replace("at work", "at work  # !"), encoding="utf-8")
    ugly = tree(project)
    assert main(["fmt", "--check", "-C", str(project)]) == 1
    assert main(["fmt", "--diff", "-C", str(project)]) == 0
    assert "+- [Keep looking.](#look)" in capsys.readouterr().out
    assert tree(project) == ugly
    assert main(["fmt", "-q", "-C", str(project)]) == 0
    after = tree(project)
    assert b"doubt: one eyebrow at work" in after["characters/wren.yaml"]
    assert b"# !" in after.pop("characters/wren.yaml")
    canonical.pop("characters/wren.yaml")
    assert after == canonical
    assert main(["fmt", "--check", "-C", str(project)]) == 0


def test_fmt_that_cannot_write_says_so(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space left", str(path))

    monkeypatch.setattr("comfyvn.engine.objects.update_file", full)
    assert main(["fmt", "-C", str(project)]) == 3
    said = capsys.readouterr().err
    assert "cannot write" in said
    assert "no space left" in said


def test_fmt_leaves_what_has_errors(project: Path) -> None:
    scene = project / "scenes" / "start.md"
    scene.write_text("a\n\n\n\n{ unclosed  \n", encoding="utf-8")
    before = scene.read_bytes()
    assert main(["fmt", "-q", "-C", str(project)]) == 1
    assert scene.read_bytes() == before


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    for code in codes():
        assert main(["explain", code]) == 0
        assert capsys.readouterr().out.startswith(f"# {code}: ")
    assert main(["explain", "show"]) == 0
    assert "show WHAT" in capsys.readouterr().out
    assert main(["explain", "shwo"]) == 2
    assert "did you mean `show`?" in capsys.readouterr().err
    assert main(["explain", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["codes"]) == set(codes())


def test_doctor(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["doctor", "--json"]) == 0
    parts = {part["name"]: part for part in json.loads(capsys.readouterr().out)}
    assert parts["Python"]["found"]
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("COMFYVN_RENPY_SDK", "/nowhere")
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    for name in ("Node.js", "Chromium", "Ren'Py", "FFmpeg"):
        assert any(line.split()[:2] == ["-", name] for line in shown.splitlines()), name
    assert "would enable" in shown


ON_A_PROJECT = [
    ["check"],
    ["build"],
    ["build", "web"],
    ["build", "--dry-run"],
    ["fmt"],
    ["play", "--choices", "0"],
    ["serve"],
    ["why", "x"],
    ["graph"],
    ["stats"],
    ["clean"],
    ["cache", "stats"],
]


@pytest.mark.parametrize("inside", [False, True])
def test_a_folder_that_does_not_exist_is_named(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], inside: bool
) -> None:
    nowhere = (project if inside else tmp_path) / "nowhere"
    if inside:  # where a build would have nothing to do
        assert main(["build", "web", "-q", "-C", str(project)]) == 0
    for command in ON_A_PROJECT:
        assert main([*command, "-C", str(nowhere)]) == 1
        shown = capsys.readouterr()
        assert f"the folder `{nowhere}` does not exist" in shown.out + shown.err


def test_every_command_says_in_one_way_that_there_is_no_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = set()
    for command in ON_A_PROJECT:
        assert main([*command, "-C", str(tmp_path)]) == 1
        shown = capsys.readouterr()
        said.add(shown.out + shown.err)
    (text,) = said
    assert f"error[VN0150]: no project in `{tmp_path}`: there is no `vn.yaml`" in text


def test_a_start_that_is_no_scene_is_a_finding(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = project / "vn.yaml"
    facts.write_text(facts.read_text("utf-8").replace("start: start", "start: strat"), "utf-8")
    assert main(["check", "-C", str(project)]) == 1
    said = capsys.readouterr()
    assert "error[VN0226]: there is no scene `strat`" in said.out
    assert said.err == ""


def test_check_looks_for_sounds_and_draws_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = project / "scenes" / "start.md"
    text = scene.read_text(encoding="utf-8")
    scene.write_text(f"{text.rstrip()}\n".replace("\n\n", "\n\n`play sfx knok`\n\n", 1))
    (project / "assets").mkdir(exist_ok=True)
    (project / "assets" / "knock.ogg").write_bytes(b"OggS")
    assert main(["check", "--strict", "-C", str(project)]) == 1
    shown = capsys.readouterr().out
    assert "VN1002" in shown
    assert "did you mean `knock`?" in shown
    written = {each.name for each in (project / ".comfyvn").iterdir()}
    assert written <= {"check", "rules.json", "tmp"}
    (project / "assets" / "knok.ogg").write_text("not a sound")
    before = {name: data for name, data in tree(project).items() if ".comfyvn" not in name}
    for command in (["check"], ["build", "web", "-q"]):
        assert main([*command, "-C", str(project)]) == 1
        shown = capsys.readouterr()
        assert (shown.out + shown.err).count("VN1003") == 1
    after = {name: data for name, data in tree(project).items() if ".comfyvn" not in name}
    assert after == before | {"vn.lock": after["vn.lock"]}


def test_check_imports_nothing_that_draws(project: Path) -> None:
    script = (
        "import sys; from comfyvn.cli.main import main\n"
        f"code = main(['check', '-q', '-C', {str(project)!r}])\n"
        "sys.exit(repr(code or sorted({'PIL', 'numpy'} & set(sys.modules)) or 0))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stderr == "0\n"
