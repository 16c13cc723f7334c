"""The emitted project keeps to what works from Ren'Py 8.0 to 8.5; `safe.json` lists it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from comfyvn.source.diagnostics import Diagnostics
from tests.at_once import project_files
from tests.conformance.cases import all_cases
from tests.renpy.projects import generated

SAFE = json.loads((Path(__file__).parent / "safe.json").read_text())
# Words that begin a property of a screen's displayable, an ATL line or a style line.
PROPERTY = re.compile(r"[a-z_]+$")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The script files of the conformance programs and of some generated stories."""
    programs = [case.program for case in all_cases()]
    folder = tmp_path_factory.mktemp("sources")
    programs += [generated(seed, folder / str(seed)) for seed in range(8)]
    found = {}
    for number, program in enumerate(programs):
        for path, data in project_files(program, {}, Diagnostics()).items():
            if path.endswith(".rpy"):
                found[f"{number}/{path}"] = data.decode()
    return found


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield indent and content of each line outside of comments, strings joined."""
    depth = 0
    for line in text.split("\n"):
        code = re.sub(r'"(?:\\.|[^"\\])*"', '""', line).partition("#")[0].rstrip()
        if code.strip() and depth == 0:
            yield len(code) - len(code.lstrip()), code.strip()
        depth += sum(code.count(c) for c in "([{") - sum(code.count(c) for c in ")]}")


def script_statements(text: str) -> Iterator[tuple[str, str]]:
    """Yield (`script` or `screen`, first word) of statements; Python blocks and ATL are skipped."""
    skipped = -1
    screen = -1
    for indent, line in logical_lines(text):
        if skipped >= 0 and indent > skipped:
            continue
        skipped = -1
        if screen >= 0 and indent <= screen:
            screen = -1
        word = re.match(r'\$|[^\s("=:.]+|"', line)
        assert word, line
        if re.match(r"(init.*python|transform|style|image [^=]*:)", line) and line.endswith(":"):
            skipped = indent
        yield ("screen" if screen >= 0 else "script"), word[0]
        if line.startswith("screen "):
            screen = indent


def test_statements(scripts: dict[str, str]) -> None:
    for path, text in scripts.items():
        declared = set(re.findall(r"^define (\w+) = Character", text, re.MULTILINE))
        declared |= {"nvl_narrator"}
        for other, more in scripts.items():
            if other.partition("/")[0] == path.partition("/")[0]:
                declared |= set(re.findall(r"^define (\w+) = Character", more, re.MULTILINE))
        for kind, word in script_statements(text):
            if kind == "script" and word != '"':
                assert word in SAFE["statements"] or word in declared, (path, word)
            if kind == "screen" and word not in SAFE["screen_statements"]:
                assert PROPERTY.match(word) or word == '"', (path, word)


def test_text_tags(scripts: dict[str, str]) -> None:
    for path, text in scripts.items():
        if "/script/" in path or "/tl/" in path:
            # A value that is assigned is no text; it is quoted where a line shows it.
            values = r"^ *\$ (?!.*\bvn\.(?:wording|plural|select|notify|ask)\b).*$"
            code = re.sub(values, "", text, flags=re.MULTILINE)
            shown = " ".join(re.findall(r'"(?:\\.|[^"\\])*"', code)).replace("{{", "")
            tags = set(re.findall(r"\{(/?[a-z]+|#)", shown))
            assert tags <= set(SAFE["text_tags"]), path


def test_names(scripts: dict[str, str]) -> None:
    for path, text in scripts.items():
        assert set(re.findall(r"\bconfig\.(\w+)", text)) <= set(SAFE["config"]), path
        functions = set(re.findall(r"\brenpy\.((?:music\.|store\.)?\w+)", text))
        assert functions <= set(SAFE["functions"]), path


def test_the_list_names_nothing_unused(scripts: dict[str, str]) -> None:
    whole = "\n".join(scripts.values())
    unused = [
        name
        for kind, prefix in (("config", "config."), ("functions", "renpy."))
        for name in SAFE[kind]
        if f"{prefix}{name}" not in whole
    ]
    assert unused == []
