"""What editors are answered, by a real server and a real client."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from builds.example import EXAMPLE, copy_project
from lsp.editor import Editor, RefusedError
from lsp.small import FILES, SCENE, make

from comfyvn.lsp.hints import hints
from comfyvn.lsp.project import Project
from comfyvn.lsp.text import Document
from comfyvn.source.diagnostics import Diagnostics, Span

ONE, TWO = "scenes/one.md", "scenes/deep/two.md"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("answers") / "story")


@pytest.fixture(scope="module")
def running(root: Path) -> Iterator[Editor]:
    with Editor(root, hints={"ids": True}) as editor:
        editor.open(ONE)
        editor.findings(ONE)
        yield editor


@pytest.fixture
def editor(running: Editor) -> Editor:
    """The running editor, with the scene as it is in its file."""
    running.write(ONE, SCENE)
    return running


def place(text: str, mark: str) -> tuple[int, int]:
    """Return where `|` stands in a part of a text, as an editor tells it."""
    before, _, after = mark.partition("|")
    offset = text.index(before + after) + len(before)
    line = text.count("\n", 0, offset)
    column = offset - text.rfind("\n", 0, offset)
    found = Document(text).place(line + 1, column)
    return found.line, found.character


def typed(editor: Editor, text: str, path: str = ONE, before: str = SCENE) -> list[dict[str, Any]]:
    """Return what is offered at the end of a text that is written below a scene."""
    whole = before + text
    if path == ONE:
        editor.write(path, whole)
    else:
        editor.open(path, whole)
    line = whole.count("\n")
    found = Document(whole).place(line + 1, len(whole.rpartition("\n")[2]) + 1)
    return editor.at("completion", path, *found)["items"]


OFFERS = [
    ("\nM", "Mei", "Mei: "),
    ("\n- Ken", "Kenji", "Kenji: "),
    ("\nMei & K", "Kenji", "Kenji: "),
    ("\nMei (w", "worried", "worried"),
    ("\nMiss Tan (worried, ", "standing", "standing"),
    ("\nMei (", "whisper", "whisper"),
    ("\n`sho", "show", "show"),
    ("\n`show m", "mei", "mei"),
    ("\n`show mei ", "smile", "smile"),
    ("\n`show mei at ", "far_left", "far_left"),
    ("\n`prop lamp at ", "desk", "desk"),
    ("\n`scene ", "school/roof", "school/roof"),
    ("\n`scene school/roof at ", "dusk", "dusk"),
    ("\n`scene school/roof in ", "clear", "clear"),
    ("\n`hide mei with ", "dissolve", "dissolve"),
    ("\n`play ", "music", "music"),
    ("\n`play music ", "first_rain", "first_rain"),
    ("\n`theme ", "paper", "paper"),
    ("\n`set mei.h", "mei.hope", "mei.hope"),
    ('\n`set mood = "', "cross", "cross"),
    ("\n`if tr", "trust", "trust"),
    ("\n`if vis", "visited", "visited("),
    ('\n`if visited("', "deep/two.md", "deep/two.md"),
    ('\n`if visited("deep/two.md#', "landing", "landing"),
    ('\n`if seen("#^', "came", "came"),
    ("\nMei: {tr", "trust", "trust"),
    ("\n[](", "#honest", "#honest"),
    ("\n[](deep/", "deep/ask.md", "deep/ask.md"),
    ("\n[](deep/two.md#", "landing", "landing"),
    ("\n- Ask. `on", "once", "once"),
    ("\n```stage\nwea", "weather", "weather"),
    ("\n```stage\nweather ", "rain", "rain"),
    ("\n`ending ", "cold", "cold"),
    ("\n`call into ", "trust", "trust"),
    ('\n`if mood in ["calm", "', "cross", "cross"),
]


@pytest.mark.parametrize(("text", "label", "new"), OFFERS)
def test_completion_in_a_scene(editor: Editor, text: str, label: str, new: str) -> None:
    item = next(each for each in typed(editor, text) if each["label"] == label)
    assert item["textEdit"]["newText"] == new
    end = item["textEdit"]["range"]["end"]
    assert (end["line"], end["character"]) == (
        (SCENE + text).count("\n"), len(text.rpartition("\n")[2]),
    )  # fmt: skip


def test_directives_are_offered_with_their_pages(editor: Editor) -> None:
    item = next(each for each in typed(editor, "\n`sc") if each["label"] == "scene")
    assert item["detail"].startswith("scene LOCATION")
    assert "Changes the background" in item["documentation"]["value"]


@pytest.mark.parametrize(
    ("path", "text", "label"),
    [
        ("vn.yaml", "sub", "subtitle"),
        ("vn.yaml", "features:\n  s", "skip"),
        ("vn.yaml", "start: ", "deep/two"),
        ("vn.yaml", "rating: ", "teen"),
        ("vn.yaml", "targets: [", "renpy"),
        ("state.yaml", "x:\n  type: ", "label"),
        ("playtests/all.yaml", "way:\n  exp", "expect"),
        ("playtests/all.yaml", "way:\n  expect:\n    ending: ", "cold"),
        ("playtests/all.yaml", "way:\n  always:\n    - tru", "trust"),
        ("playtests/all.yaml", "way:\n  given:\n    mei", "mei.hope"),
        ("playtests/all.yaml", "way:\n  given: {mei.hope: 2, m", "mood"),
        ("playtests/all.yaml", "way:\n  given:\n    mood: ", "cross"),
        ("playtests/all.yaml", "way:\n  expect:\n    at:\n      on", "one#honest"),
        ("playtests/all.yaml", "way:\n  expect:\n    at:\n      one#^", "one#^came"),
        ("playtests/all.yaml", "way:\n  expect:\n    at:\n      one#honest: [tr", "trust"),
        ("playtests/all.yaml", "way:\n  expect:\n    at:\n      one:\n        - t", "trust"),
        ("playtests/all.yaml", "way:\n  expect:\n    shows: [", "school/roof"),
        ("playtests/all.yaml", "way:\n  expect:\n    shows: [mei ", "smile"),
        ("playtests/all.yaml", "way:\n  expect:\n    plays:\n      - ", "storm"),
        ("vn.yaml", "world: ", "town"),
        ("vn.yaml", "timeline: ", "main"),
        ("characters/kenji.yaml", "name: K\nlook:\n  loras:\n    - na", "name"),
        ("timelines/main.yaml", "chapters:\n  - title: A\n    scenes:\n      - ", "one"),
        ("music/far.yaml", "style: ", "muffled"),
        ("music/far.yaml", "source: ", "first_rain"),
        (TWO, "---\nloc", "location"),
        (TWO, "---\nlocation: ", "school/roof"),
        (TWO, "---\npov: ", "kenji"),
    ],
)
def test_completion_of_keys_and_their_values(
    editor: Editor, path: str, text: str, label: str
) -> None:
    assert label in [item["label"] for item in typed(editor, text, path, "")]
    editor.close_file(path)


def test_a_broken_project_still_completes(editor: Editor) -> None:
    editor.open("vn.yaml", "format: [\n")
    editor.open("worlds/town.yaml", "locations: {\n")
    try:
        assert "Mei" in [each["label"] for each in typed(editor, "\n`if {\n\nM")]
    finally:
        editor.close_file("vn.yaml")
        editor.close_file("worlds/town.yaml")


HOVERS = [
    (
        "`set tru|st += 1`",
        ["int from 0 to 10", "How far she trusts.", "scenes/one.md:24", "scenes/one.md:40"],
    ),
    ("`set mei.ho|pe", ["What she hopes."]),
    ("M|ei (worried): You", ["**Mei** (also Miss Tan)", "umbrella", "Id `b", "Spoken by Mei"]),
    ("Mei (wor|ried): You", ["expression of Mei", "brows together"]),
    ("location: school/ro|of", ["The roof", "A flat roof.", "`dusk`"]),
    ("prop la|mp", ["A lamp."]),
    ("](#hon|est)", ["#honest", "scenes/one.md:14"]),
    ("(#hon|est)", ["Reached from\n- [scenes/one.md:14]", "Named in\n- [playtests/all.yaml:9]"]),
    ('seen("#^ca|me', ["^came", "Spoken by Mei", "Asked for in"]),
    ("(deep/t|wo.md#", ["scene `deep/two`", "timelines/main.yaml:3"]),
    ("`pla|y music", []),
    ("play mu|sic", []),
    ("^ca|me", ["^came", "scenes/one.md:38"]),
    ("tit|le: ", ["What players see as the name of the scene"]),
    ("`sho|w mei", ["Shows a character"]),
    ("not visi|ted(", ["Whether a place was entered"]),
    ("You c|ame", ["Id `b", "Spoken by Mei"]),
    ("`on|ce`", ["only the first time"]),
]


@pytest.mark.parametrize(("mark", "parts"), [each for each in HOVERS if each[1]])
def test_hover(editor: Editor, mark: str, parts: list[str]) -> None:
    editor.findings(ONE)
    found = editor.at("hover", ONE, *place(SCENE, mark))
    for part in parts:
        assert part in found["contents"]["value"]


def test_hover_on_keys_of_yaml(editor: Editor) -> None:
    found = editor.at("hover", "vn.yaml", 3, 2)
    assert "The scene that a new game begins with" in found["contents"]["value"]


@pytest.mark.parametrize(
    ("mark", "path", "line"),
    [
        ("`set tru|st", "state.yaml", 0),
        ("mei.ho|pe > 3", "characters/mei.yaml", 3),
        ("M|ei & Kenji", "characters/mei.yaml", 0),
        ("& Ken|ji", "characters/kenji.yaml", 0),
        ("(wor|ried): You", "characters/mei.yaml", 11),
        ("(#hon|est)", ONE, 21),
        ("(deep/two.md#lan|ding)", TWO, 2),
        ("(deep/as|k.md)", "scenes/deep/ask.md", 0),
        ("call with st|akes", "scenes/deep/ask.md", 2),
        ('"#^ca|me"', ONE, 11),
        ("scene school/ro|of", "worlds/town.yaml", 3),
        ("at ni|ght", "worlds/town.yaml", 0),
        ("at de|sk", "props/lamp.yaml", 2),
    ],
)
def test_definitions(editor: Editor, mark: str, path: str, line: int) -> None:
    found = editor.at("definition", ONE, *place(SCENE, mark))
    assert [(each["uri"], each["range"]["start"]["line"]) for each in found] == [
        (editor.uri(path), line)
    ]


def test_references_and_highlights(editor: Editor) -> None:
    line, character = place(FILES["state.yaml"], "|trust")
    found = editor.at(
        "references", "state.yaml", line, character, context={"includeDeclaration": True}
    )
    by_file = [each["uri"].rpartition("/")[2] for each in found]
    assert by_file.count("one.md") == 6
    assert by_file.count("state.yaml") == 1
    assert by_file.count("es.po") == 2
    without = editor.at(
        "references", "state.yaml", line, character, context={"includeDeclaration": False}
    )
    assert len(without) == len(found) - 1
    own = editor.at("documentHighlight", ONE, *place(SCENE, "`set tru|st"))
    assert len(own) == 6


def test_outline_and_folding(editor: Editor) -> None:
    found = editor.of("documentSymbol", ONE)
    names = [each["name"] for each in found]
    assert names == [
        "^came",
        "I read it twice.",
        "What note?",
        "Miss Tan: Nothing.",
        "honest",
        "tease",
    ]
    assert [each["name"] for each in found[-1]["children"]] == ["cold"]
    folds = {(each["startLine"], each["endLine"]) for each in editor.of("foldingRange", ONE)}
    assert {(0, 7), (31, 35)} <= folds
    keys = [each["name"] for each in editor.of("documentSymbol", "characters/mei.yaml")]
    assert keys == ["name", "aliases", "stats", "look"]


def test_symbols_of_the_workspace(editor: Editor) -> None:
    found = editor.ask("workspace/symbol", query="landing")
    assert [each["name"] for each in found] == ["deep/two#landing"]


def test_findings_have_places_in_units_of_the_client(editor: Editor) -> None:
    editor.write(ONE, SCENE + "\nMei: 🎹🎹 {trsut} 🎹\n")
    found = [each for each in editor.findings(ONE) if each["code"] == "VN0505"]
    assert found[0]["range"] == {
        "start": {"line": 43, "character": 11}, "end": {"line": 43, "character": 16},
    }  # fmt: skip
    assert "did you mean `trust`?" in found[0]["message"]


def test_quick_fixes(editor: Editor) -> None:
    text = SCENE + "\nMei: {trsut} [](#honst)\n\nTom Sawyer: Hello.\n"
    editor.write(ONE, text)
    editor.findings(ONE)
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    found = editor.of("codeAction", ONE, range=everything, context={"diagnostics": []})
    titles = [each["title"] for each in found]
    assert "Change to `trust`" in titles
    fixes = [each for each in found if each["kind"] == "source.fixAll.comfyvn"]
    edits = fixes[0]["edit"]["documentChanges"][0]["edits"]
    assert [each["newText"] for each in edits] == ["\\"]
    only = editor.of(
        "codeAction", ONE, range=everything,
        context={"diagnostics": [], "only": ["source.fixAll"]},
    )  # fmt: skip
    assert [each["kind"] for each in only] == ["source.fixAll.comfyvn"]
    elsewhere = {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}}
    found = editor.of("codeAction", ONE, range=elsewhere, context={"diagnostics": []})
    assert [each["kind"] for each in found] == ["source.fixAll.comfyvn"]


def test_formatting_is_that_of_fmt(editor: Editor) -> None:
    wild = SCENE.replace("`show mei worried at left`", "`show   mei worried  at left`  \n\n\n")
    editor.write(ONE, wild)
    edits = editor.of("formatting", ONE, options={"tabSize": 2, "insertSpaces": True})
    lines = wild.split("\n")
    for edit in edits:
        start, end = edit["range"]["start"]["line"], edit["range"]["end"]["line"]
        lines[start:end] = edit["newText"].removesuffix("\n").split("\n")
    assert "\n".join(lines) == SCENE
    editor.write(ONE, SCENE + "\n`if\n")
    assert editor.of("formatting", ONE, options={"tabSize": 2, "insertSpaces": True}) == []


def test_semantic_tokens(editor: Editor) -> None:
    types = editor.server["semanticTokensProvider"]["legend"]["tokenTypes"]
    data = editor.of("semanticTokens/full", ONE)["data"]
    lines, line, character, found = SCENE.split("\n"), 0, 0, []
    for delta, start, length, kind, _ in zip(*[iter(data)] * 5, strict=True):
        line, character = line + delta, start + (0 if delta else character)
        row = lines[line].encode("utf-16-le")
        word = row[2 * character : 2 * (character + length)].decode("utf-16-le")
        found.append((line, word, types[kind]))
    assert (11, "Mei", "class") in found
    assert (11, "worried", "enumMember") in found
    assert (11, "trust", "variable") in found
    assert (9, "show", "keyword") in found
    assert (23, "1", "number") in found
    assert (25, "not", "keyword") in found
    assert (25, "visited", "function") in found
    assert (32, "# later", "comment") in found


def test_links_lead_to_files_of_any_name(tmp_path: Path) -> None:
    root = make(tmp_path / "story")
    file = root / "assets/music/first rain.ogg"
    file.parent.mkdir()
    file.touch()
    with Editor(root) as editor:
        assert file.as_uri() in {each["target"] for each in editor.of("documentLink", ONE)}


def test_links_and_hints(editor: Editor, root: Path) -> None:
    found = {each["target"] for each in editor.of("documentLink", ONE)}
    assert f"{(root / TWO).as_uri()}#L3" in found
    assert (root / "scenes/deep/ask.md").as_uri() in found
    editor.findings(ONE)
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    shown = editor.of("inlayHint", ONE, range=everything)
    at = next(each for each in shown if each["position"]["line"] == 11)
    assert at["position"]["character"] == len(SCENE.split("\n")[11].encode("utf-16-le")) // 2
    assert at["label"].startswith("b")


def test_nothing_that_is_asked_ends_the_server(editor: Editor, tmp_path: Path) -> None:
    outside = (tmp_path / "loose.md").as_uri()
    document = {"uri": outside, "languageId": "markdown", "version": 1, "text": "# Hello\n"}
    editor.tell("textDocument/didOpen", textDocument=document)
    editor.tell("textDocument/didChange", textDocument={"uri": "untitled:x", "version": 2},
                contentChanges=[{"text": "x"}])  # fmt: skip
    ask = {"textDocument": {"uri": outside}, "position": {"line": 5, "character": 5}}
    assert editor.ask("textDocument/hover", **ask) is None
    assert editor.ask("textDocument/completion", **ask) is None
    with pytest.raises(RefusedError):
        editor.ask("comfyvn/nothing")
    editor.tell("textDocument/didChange", textDocument=7)
    for line, character in ((10_000, 3), (3, 10_000), (0, 0)):
        for method in ("hover", "definition", "completion", "documentHighlight"):
            editor.at(method, ONE, line, character)
    assert editor.at("hover", ONE, *place(SCENE, "`sho|w mei")) is not None


def test_what_is_not_saved_is_written_nowhere(editor: Editor, root: Path) -> None:
    def sources() -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file() and ".comfyvn" not in path.parts
        }

    before = sources()
    editor.write(ONE, SCENE + "\nMei: A new line.\n")
    editor.open("state.yaml", FILES["state.yaml"] + "more: {type: int}\n")
    editor.findings(ONE)
    editor.close_file("state.yaml")
    assert sources() == before


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 10), ("utf-32", 7)])
def test_encodings_are_agreed_on(root: Path, encoding: str, character: int) -> None:
    with Editor(root, encodings=[encoding, "utf-16"]) as editor:
        assert editor.server["positionEncoding"] == encoding
        editor.open(ONE, "Mei: 🎹{trsut}\n")
        found = [each for each in editor.findings(ONE) if each["code"] == "VN0505"]
        assert found[0]["range"]["start"]["character"] == character


def test_several_projects_and_files_on_disk(tmp_path: Path, root: Path) -> None:
    """Two projects in a folder, one of them within the other; what changes on disk is seen."""
    outer = tmp_path / "stories"
    for name in ("a", "a/later/b"):
        shutil.copytree(root, outer / name, ignore=shutil.ignore_patterns(".comfyvn"))
    with Editor(outer) as editor:
        editor.open(f"a/later/b/{ONE}", SCENE.replace("trust += 1", "trusst += 1"))
        editor.open(f"a/{ONE}", SCENE)
        assert any(each["code"] == "VN0505" for each in editor.findings(f"a/later/b/{ONE}"))
        assert not [each for each in editor.findings(f"a/{ONE}") if each["severity"] == 1]
        state = outer / "a/state.yaml"
        state.write_text(state.read_text("utf-8").replace("trust:", "faith:"), encoding="utf-8")
        editor.tell("workspace/didChangeWatchedFiles",
                    changes=[{"uri": state.as_uri(), "type": 2}])  # fmt: skip
        editor.write(f"a/{ONE}", SCENE)
        assert any(each["code"] == "VN0505" for each in editor.findings(f"a/{ONE}"))
        found = editor.at("definition", f"a/{TWO}", 0, 2)
        assert found[0]["uri"] == editor.uri("a/characters/kenji.yaml")


def test_folders_of_the_workspace_come_and_go(tmp_path: Path, root: Path) -> None:
    """A project of a former folder has no findings; files of several get new names at once."""
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        shutil.copytree(root, folder, ignore=shutil.ignore_patterns(".comfyvn"))
        wrong = SCENE.replace("trust += 1", "trusst += 1")
        (folder / ONE).write_text(wrong, encoding="utf-8")
    first, second = (str(folder / ONE) for folder in folders)
    with Editor(*folders, diagnostics={"story": True}) as editor:
        for folder in folders:
            editor.wait(str(folder / ONE), bool)
        files = [
            {"oldUri": editor.uri(each), "newUri": editor.uri(each).replace("one.md", "eins.md")}
            for each in (first, second)
        ]
        edit = editor.ask("workspace/willRenameFiles", files=files)
        written = {each["textDocument"]["uri"] for each in edit["documentChanges"]}
        assert {(folder / TWO).as_uri() for folder in folders} <= written
        gone = {"uri": folders[1].as_uri(), "name": "b"}
        editor.tell("workspace/didChangeWorkspaceFolders", event={"added": [], "removed": [gone]})
        editor.wait(second, lambda said: not said)
        assert editor.at("hover", second, 20, 8) is None
        assert editor.said[editor.uri(first)]
        # A document that is open keeps its project, until it is closed.
        editor.open(second)
        editor.wait(second, bool)
        editor.close_file(second)
        editor.wait(second, lambda said: not said)
        editor.tell("workspace/didChangeWorkspaceFolders", event={"added": [gone], "removed": []})
        editor.wait(second, bool)


def test_the_example(tmp_path: Path) -> None:
    """Questions all over two scenes of the example are answered."""
    story = copy_project(EXAMPLE, tmp_path / "example")
    with Editor(story) as editor:
        for path in ("scenes/evening/hatch.md", "scenes/night/wheelhouse.md"):
            text = editor.open(path)
            assert not [each for each in editor.findings(path) if each["severity"] == 1]
            for line, row in list(enumerate(text.split("\n")))[::3]:
                for character in {0, len(row) // 2, len(row)}:
                    editor.at("completion", path, line, character)
                    editor.at("hover", path, line, character)
            symbols = editor.of("documentSymbol", path)
            assert symbols
            for method in ("foldingRange", "documentLink", "semanticTokens/full"):
                assert editor.of(method, path)
        voiced = editor.at("hover", "scenes/evening/hatch.md", 30, 30)["contents"]["value"]
        assert "Spoken by Superintendent Prewitt" in voiced


def test_hints_stand_behind_the_condition_that_they_are_about(tmp_path: Path) -> None:
    """An `else` has its own; a line may be continued before its condition, never above it."""
    text = "- In. `if trust > 5`\n- Out. `else`\n\nMei: One,\\\ntwo. `if trust`\n\nMei: No.\n"
    project = Project(tmp_path)
    project.open[ONE] = Document(text)
    out = Diagnostics()
    for line in (2, 4, 7):
        out.warning("VN1602", "never", Span.on_line(ONE, line, 1, 2))
    found = hints(project, ONE, out, 1, 99, ids=False)
    assert [(each.line, each.column) for each in found] == [(2, 14), (5, 16)]


def test_what_exploration_knows(tmp_path: Path) -> None:
    """A choice that is never offered, one that always is, and the way to a line."""
    story = make(tmp_path / "story")
    text = """\
`set trust = 3`

Mei: 🎹 Which?

- Left. `if trust > 5`
- Right. `if trust > 1`

  Mei: Right it is.

`ending done "Done"`
"""
    for name in ("scenes/deep/two.md", "scenes/deep/ask.md", "i18n/es.po"):
        (story / name).unlink()
    (story / "timelines/main.yaml").write_text(
        "chapters:\n  - title: All\n    scenes: [one]\n", encoding="utf-8"
    )
    state = (story / "state.yaml").read_text("utf-8").partition("next_stop")[0]
    (story / "state.yaml").write_text(state, encoding="utf-8")
    (story / ONE).write_text(text, encoding="utf-8")
    with Editor(story, hover={"routes": True}, diagnostics={"story": True}) as editor:
        editor.open(ONE)
        assert not places("VN1602", editor.findings(ONE))
        editor.wait(ONE, lambda found: places("VN1602", found) == [4])
        everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        shown = editor.of("inlayHint", ONE, range=everything)
        assert [(each["position"], each["label"]) for each in shown] == [
            ({"line": 4, "character": 22}, "never"),
            ({"line": 5, "character": 23}, "always"),
        ]
        way = None
        for _ in range(600):
            way = editor.ask(
                "workspace/executeCommand", command="comfyvn.wayTo", arguments=[editor.uri(ONE), 7]
            )
            if way:
                break
            time.sleep(0.1)
        assert way is not None
        assert way.startswith("comfyvn play --seed ")
        assert way.endswith(" --choices 0")
        told = editor.at("hover", ONE, 7, 10)["contents"]["value"]
        assert f"A way here: `{way}`" in told
        # It stays where it belongs while one types, even something wrong, until it is mended.
        editor.write(ONE, f"Mei: One more.\n\n{text}")
        assert places("VN1602", editor.findings(ONE)) == [6]
        editor.write(ONE, f"`nonsense`\n\n{text}")
        assert places("VN1602", editor.findings(ONE)) == [6]
        editor.write(ONE, text.replace("trust = 3", "trust = 9"))
        assert places("VN1602", editor.findings(ONE)) == [4]
        editor.wait(ONE, lambda found: not places("VN1602", found))


def places(code: str, found: list[dict[str, Any]]) -> list[int]:
    """Return the lines of the findings of a code."""
    return [each["range"]["start"]["line"] for each in found if each["code"] == code]


def test_an_editor_may_come_over_tcp() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "comfyvn", "lsp", "--tcp", str(port)])
    try:
        for _ in range(300):
            try:
                talk = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        with talk, talk.makefile("rwb") as stream:
            params = {"processId": None, "rootUri": None, "capabilities": {}}
            message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
            data = json.dumps(message).encode()
            stream.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
            stream.flush()
            length = int(stream.readline().split(b":")[1])
            while stream.readline().strip():
                pass
            assert json.loads(stream.read(length))["result"]["serverInfo"]["name"] == "comfyvn"
    finally:
        server.kill()
        server.wait()


def test_requests_without_the_form_of_their_method_are_refused(editor: Editor) -> None:
    file = {"uri": editor.uri(ONE)}
    wrong: list[dict[str, Any]] = [
        {},
        {"textDocument": file, "position": {"line": 0, "character": -5}},
        {"textDocument": file, "position": "here"},
    ]
    for params in wrong:
        with pytest.raises(RefusedError, match="`textDocument/hover`"):
            editor.ask("textDocument/hover", **params)
    assert editor.findings(ONE) is not None
