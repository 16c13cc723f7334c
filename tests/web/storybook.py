"""A small story that asks everything of the player, and pages that play it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comfyvn.cli.common import compile_at
from comfyvn.play.web import serve_folder
from comfyvn.source.diagnostics import Diagnostics
from tests.at_once import assets_of, site_files, write_files

FILES = {
    "vn.yaml": """\
format: 1
id: lanterns
title: Lanterns & <Tides>
subtitle: A test by the sea
version: 1.2.3
language: en
languages: [en, es]
start: quay
world: coast
theme: dusk
timeline: main
content_notes: [rain]
""",
    "state.yaml": """\
courage: {type: int, default: 0}
runs: {type: int, default: 0, scope: persistent}
word: {type: text}
""",
    "characters/mei.yaml": """\
name: Mei
colour: "#d46a8c"
pronouns: she
look:
  expressions: {plain: calm, smile: smiling}
""",
    "worlds/coast.yaml": """\
times: [dusk, night]
weathers: [rain]
locations:
  quay: {name: The quay, alt: A wet stone quay, kind: harbour}
  loft: {name: The loft, alt: A low loft with one lamp, kind: interior}
""",
    "themes/dusk.yaml": "name: Dusk\n",
    "props/lamp.yaml": "name: Lamp\nalt: A brass lamp\n",
    "timelines/main.yaml": "chapters: [{title: One, scenes: [quay, loft]}]\n",
    "scenes/quay.md": """\
---
title: The quay
location: quay
time: dusk
---

`set runs += 1`

The sea is *very* quiet. ^first

`show mei at left`

Mei (smile): You came. `pause 0.2` I knew it. ^came

- [Light the lamp.](#lamp)
- Walk away. `if courage > 3` `locked "You have no courage"`
- Wait. ^wait

  `set courage += 1`

  Nothing moves. ^still

Mei: Say a word. ^say

`input word "Which word?" default "sea" max 12`

Mei: {word}, then. ^echo

## lamp

`prop lamp at 0.5 0.5`

`time night`

> A letter, folded twice. ^letter
> It says nothing.

![Two hands around a lamp](two_hands)

The light is small. ^small
""",
    "scenes/loft.md": """\
---
title: The loft
location: loft
time: night
weather: rain
---

Rain on the roof. ^roof

- Stay. `once`

  `ending stay "The Lamp Kept"`

- Leave.

  `ending leave "The Road"`
""",
}


def write_project(root: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the story's sources, with some files changed or added."""
    for name, text in (FILES | (changes or {})).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def compile_story(root: Path) -> Any:
    """Compile the sources below a folder; nothing may be wrong with them."""
    out = Diagnostics()
    _, _, compiled = compile_at(root, out)
    assert [item.message for item in out if item.severity == "error"] == []
    assert compiled is not None
    return compiled.program


def translate(program: Any) -> Any:
    """Give every line and choice a Spanish text that is easily told apart."""
    words: dict[str, Any] = {}
    stack: list[Any] = [program["scenes"]]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if "text" in value and "id" in value:
                words[value["id"]] = {"text": ["ES ", *value["text"]]}
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return program | {"translations": {"es": words}}


def build_story(root: Path, changes: dict[str, str] | None = None) -> Path:
    """Write, compile and build the story; return the site."""
    project = write_project(root / "project", changes)
    program = translate(compile_story(project))
    return write_files(root / "site", site_files(program, assets_of(program, project)))


class Player:
    """A page with a game on it, and what it told."""

    WATCH = """
    window.records = []; window.waits = []; window.waiting = null;
    document.addEventListener("vn:record", (e) => { records.push(e.detail); waiting = null; });
    document.addEventListener("vn:wait", (e) => { waits.push(e.detail); waiting = e.detail; });
    """

    HURRY = """
    (waiting === null || waiting === "pause") && document.body.dataset.screen === "reader"
      && document.getElementById("next").click()
    """

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.address = address
        self.problems: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", self._request)
        page.add_init_script(self.WATCH)

    def _console(self, message: Any) -> None:
        # The driver says so itself where a test asked it to keep service workers out.
        ours = "blocked by Playwright" not in message.text
        if ours and message.type in {"error", "warning"}:
            self.problems.append(f"{message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "blob:", "data:")):
            self.problems.append(f"request to {request.url}")

    def open(self, query: str = "?seed=1") -> Player:
        self.page.goto(self.address + query)
        self.page.wait_for_selector("body.listening")
        return self

    def start(self) -> Player:
        """Begin a game, as far as its first wait."""
        self.page.click("[data-item=start]")
        self.wait()
        return self

    def wait(self, kind: str | None = None) -> str:
        """Wait until the player is waited for; the texts are hurried."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            now = self.page.evaluate("waiting")
            if now and now != "pause" and kind in {None, now}:
                return str(now)
            self.page.evaluate(self.HURRY)
            self.page.wait_for_timeout(15)
        raise AssertionError(f"never waits for {kind}")

    def come_to(self, *kinds: str) -> None:
        """Wait until the player is waited for, without hurrying anything."""
        self.page.wait_for_function(
            "kinds => waiting && waiting !== 'pause' && (!kinds.length || kinds.includes(waiting))",
            arg=list(kinds),
        )

    def next(self) -> str:
        """Go on by the button and wait."""
        self.page.evaluate("waiting = null; document.getElementById('next').click()")
        return self.wait()

    def choose(self, number: int) -> str:
        """Take an enabled choice by its number and wait."""
        self.page.evaluate("waiting = null")
        self.page.keyboard.press(str(number))
        return self.wait()

    def text(self) -> str:
        """What the text box says."""
        return str(self.page.inner_text("#text"))

    def until(self, kind: str) -> Player:
        """Read on to the next wait of a kind."""
        while self.page.evaluate("waiting") != kind:
            self.next()
        return self

    def records(self, kind: str) -> list[Any]:
        """The transcript's records of a kind so far."""
        found: list[Any] = self.page.evaluate("kind => records.filter((r) => r.t === kind)", kind)
        return found


@contextmanager
def playing(browser: Any, site: Path, **options: Any) -> Iterator[Player]:
    """Open a site in a profile of its own; at the end nothing may have gone wrong on the page."""
    with serve_folder(site) as address:
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        try:
            player = Player(context.new_page(), address)
            yield player
            assert not player.problems, player.problems
        finally:
            context.close()
