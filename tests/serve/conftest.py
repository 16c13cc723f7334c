"""The server as a person starts it, and pages on it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest
from web.storybook import Player, write_project

from comfyvn.advisory.check import judged
from comfyvn.data import data_folder
from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.manifest import STATE
from comfyvn.plan.build import Builder
from comfyvn.plan.check import Checker

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds after which something that never comes is given up."""


class Server:
    """`comfyvn serve` on a project, and what it said."""

    def __init__(self, root: Path, port: int = 0, *more: str) -> None:
        self.root = root
        self.lines: list[str] = []
        self._told = threading.Condition()
        command = [sys.executable, "-m", "comfyvn", "serve", "-C", str(root), "--no-open"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port), *more],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.address = self.told(r"playing at (http://\S+)")
        self.port = int(self.address.rsplit(":", 1)[1].strip("/"))

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._told:
                self.lines.append(line)
                self._told.notify_all()

    def told(self, pattern: str, times: int = 1) -> str:
        """Wait until the server has said something so often; return what the last one says."""
        found: list[re.Match[str]] = []

        def there() -> bool:
            found[:] = [m for line in self.lines if (m := re.search(pattern, line))]
            return len(found) >= times

        with self._told:
            assert self._told.wait_for(there, PATIENCE), f"never said {pattern}: {self.lines}"
        return found[-1][1] if found[-1].groups() else found[-1][0]

    @property
    def builds(self) -> int:
        """How many builds are over."""
        return sum(bool(re.search(r"built.*\d+ ms$", line)) for line in self.lines)

    def settled(self) -> None:
        """Wait until no build has ended for a while, and none runs."""
        before = -1
        while before != self.builds:
            before = self.builds
            for seconds in (1.5, 0.2):
                time.sleep(seconds)
                with BuildLock(self.root / STATE, lambda _: None):
                    pass

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        """Replace texts in a source, as an editor saves it: by a file beside it."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)

    def stop(self, how: int = signal.SIGINT) -> int:
        """End it; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE)


class Reader(Player):
    """A page on the server."""

    def sees(self, text: str) -> None:
        """Wait until the text box says something."""
        # By a timer, since a page that is covered by another one may draw nothing.
        self.page.wait_for_function(
            "text => document.getElementById('text').textContent.includes(text)",
            arg=text,
            polling=50,
        )

    def seen(self) -> None:
        """Wait until the page has what was built."""
        self.page.wait_for_function("window.fresh")

    def state(self) -> Any:
        """What the story's state is."""
        return self.page.evaluate(
            """async () => {
              const main = document.querySelector("script[src$='/main.js']").src;
              return (await import(new URL("reader.js", main))).game.now.state;
            }"""
        )

    def mark(self) -> None:
        """Mark the page, which loading it again would lose."""
        self.page.evaluate("window.same = true; window.fresh = false")

    @property
    def same(self) -> bool:
        """Whether the page was not loaded again since it was marked."""
        return bool(self.page.evaluate("window.same === true"))


@contextmanager
def serving(root: Path, port: int = 0, *more: str) -> Iterator[Server]:
    """Start the server; at the end stop it."""
    server = Server(root, port, *more)
    try:
        yield server
    finally:
        server.stop()
        print("".join(server.lines))  # what pytest shows of a test that fails


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The test story, built once: its placeholders take a while to draw."""
    root = write_project(tmp_path_factory.mktemp("built") / "lanterns", QUIET)
    outcome = Builder(root).build(["web"])
    assert outcome.findings == []
    with Checker(root) as checker:
        assert judged(checker.check(), date.today()).findings == []
    return root


@pytest.fixture
def serve(story: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server on the test story, changed as asked."""
    with ExitStack() as stack:

        def start(changes: dict[str, str] | None = None, *more: str) -> Server:
            root = shutil.copytree(story, tmp_path / "lanterns")
            for name, text in (changes or {}).items():
                (root / name).write_text(text, encoding="utf-8")
            server = stack.enter_context(serving(root, 0, *more))
            server.told("built")
            return server

        yield start


@pytest.fixture
def read(browser: Any) -> Iterator[Callable[..., Reader]]:
    """Open a page on a server; at the end nothing may have gone wrong on any."""
    readers: list[tuple[Reader, Any]] = []

    def open_page(server: Server, **options: Any) -> Reader:
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        reader = Reader(context.new_page(), server.address)
        reader.page.add_init_script(
            "document.addEventListener('vn:built', () => { window.fresh = true; });"
        )
        readers.append((reader, context))
        return reader

    yield open_page
    problems = [problem for reader, _ in readers for problem in reader.problems]
    for _, context in readers:
        context.close()
    assert problems == []


class Bridge:
    """The bridge's modules that need no page, in Node.js."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("replay_harness.mjs")
        self.process = subprocess.Popen(
            ["node", str(script), str(data_folder("templates/web"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def ask(self, task: str, **fields: Any) -> Any:
        """Have one of the harness's tasks done."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"task": task, **fields}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        assert "error" not in reply, reply["error"]
        return reply["result"]


@pytest.fixture(scope="module")
def bridge() -> Iterator[Bridge]:
    with Bridge() as running:
        yield running


QUIET = {
    "vn.yaml": """\
format: 1
id: lanterns
title: Lanterns
language: en
start: quay
world: coast
theme: dusk
timeline: main
pictures: {painted: final}
lint: {structure: off, names: off, variables: off}
""",
    "scenes/quay.md": """\
---
title: The quay
location: quay
time: dusk
---

The sea is *very* quiet. ^first

`show mei at left`

Mei (smile): You came. I knew it. ^came

`set courage += 1`

She waits for you. ^waits

- Light the lamp. ^light
- Walk away. `if courage > 3` `locked "You have no courage"`
- Wait. ^wait

  `set courage += 1`

  Nothing moves. ^still

Mei: Say a word. ^say

`input word "Which word?" default "sea" max 12`

Mei: {word}, then. ^echo

Then it rains. ^rains
""",
}
"""The test story without a finding, and without advice that comes whenever a check is done."""
