"""What stands behind the server: watching, findings, the site in memory."""

from __future__ import annotations

import asyncio
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import pytest
import watchfiles
from cli.tiny import make
from web.storybook import write_project

from comfyvn.serve.advice import Advice
from comfyvn.serve.app import make_app
from comfyvn.serve.builds import Built, EngineBuilds
from comfyvn.serve.findings import Excerpts, is_address
from comfyvn.serve.live import Live, News
from comfyvn.serve.site import read_site
from comfyvn.serve.watch import git_lock, is_source, watch_sources
from comfyvn.serve.work import Turn, Worker
from comfyvn.source.diagnostics import Diagnostic, Related, Span
from tests.serve.conftest import QUIET


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("scenes/a.md", True),
        ("assets/build/door.png", True),
        ("vn.lock", True),
        ("scenes/雨.md", True),
        ("build/web/index.html", False),
        (".git/HEAD", False),
        (".comfyvn/store.db", False),
        ("scenes/.a.md.swp", False),
        ("scenes/.#a.md", False),
        ("scenes/#a.md#", False),
        ("scenes/a.md~", False),
        ("scenes/4913", False),
        ("scenes/a.md.tmp", False),
        ("scenes/a.md___jb_tmp___", False),
        ("", False),
    ],
)
def test_what_counts_as_a_source(path: str, matters: bool) -> None:
    root = Path("/work place/novel")
    assert is_source(root, str(root / path)) is matters
    assert is_source(root, "/elsewhere/scenes/a.md") is False


def test_where_git_keeps_its_lock(tmp_path: Path) -> None:
    inside = tmp_path / "repository/stories/novel"
    inside.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", tmp_path / "repository"], check=True)
    assert git_lock(inside) == tmp_path / "repository/.git/index.lock"
    (inside / ".git").write_text("gitdir: /somewhere/else\n")
    assert git_lock(inside) == Path("/somewhere/else/index.lock")


def test_changes_are_gathered_while_git_works(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    stop = threading.Event()
    seen: list[set[str]] = []

    def listen() -> None:
        seen.extend(watch_sources(tmp_path, stop))

    watching = threading.Thread(target=listen)
    watching.start()
    lock = tmp_path / ".git/index.lock"
    _until(lambda: seen == [set()])
    seen.clear()
    lock.touch()
    for number in range(8):
        (tmp_path / f"{number}.md").write_text("")
        time.sleep(0.15)
    assert seen == []
    (tmp_path / "last.md").write_text("")
    lock.unlink()
    _until(lambda: bool(seen))
    time.sleep(0.3)
    stop.set()
    watching.join()
    assert len(seen) == 1
    assert {Path(path).name for path in seen[0]} == {f"{n}.md" for n in range(8)} | {"last.md"}


def test_files_are_looked_at_where_the_system_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = watchfiles.watch

    def watch(*paths: Path, **options: Any) -> Iterator[Any]:
        if not options.get("force_polling"):
            raise OSError("OS file watch limit reached.")
        return real(*paths, **options)

    monkeypatch.setattr(watchfiles, "watch", watch)
    stop = threading.Event()
    changes = watch_sources(tmp_path, stop)
    assert next(changes) == set()
    (tmp_path / "a.md").write_text("")
    assert next(changes) == {str(tmp_path / "a.md")}
    stop.set()
    assert list(changes) == []


class CountedBuilds:
    """Builds nothing, and writes the lock as builds do; waits for leave to end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.site = root / "build/web"
        self.seen: list[str] = []
        self.may = threading.Event()
        self.may.set()

    def build(self, scenes: tuple[str, ...]) -> Built:
        text = (self.root / "a.md").read_text()
        self.seen.append(text)
        self.may.wait(60)
        if text == "break":
            raise RuntimeError("broken")
        (self.root / "vn.lock").write_text(text)
        return Built([], True)


def test_edits_during_a_build_give_one_more(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("0")
    builds = CountedBuilds(tmp_path)
    turns: list[Turn] = []
    worker = Worker(builds, turns.append)
    worker.start()
    _until(lambda: len(turns) == 1)
    builds.may.clear()
    (tmp_path / "a.md").write_text("1")
    _until(lambda: builds.seen[-1] == "1")
    for number in range(2, 30):
        (tmp_path / "a.md").write_text(str(number))
        time.sleep(0.04)
    builds.may.set()
    _until(lambda: builds.seen[-1] == "29")
    time.sleep(0.8)
    # Neither a build for each edit nor, again and again, one for the lock that builds write.
    assert set(builds.seen) == {"0", "1", "29"}
    assert len(builds.seen) <= 4
    _until(lambda: len(turns) == len(builds.seen))
    (tmp_path / "a.md").write_text("break")
    _until(lambda: turns[-1].built.failure == "the build failed: RuntimeError: broken")
    (tmp_path / "a.md").write_text("mended")
    _until(lambda: turns[-1].built.ok)
    worker.stop()


def test_findings_for_the_page(tmp_path: Path) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "scenes/a b.md").write_text("---\nMei: 雨 👩‍🚀 \u202elie [x](#y)\n", "utf-8")
    span = Span.on_line("scenes/a b.md", 2, 14, 20)
    finding = Diagnostic(
        "VN0602", "error", "no `#y`", span, "say", (Related(Span.whole_file("vn.yaml"), "here"),)
    )
    warning = Diagnostic("VN0001", "warning", "first", Span("a.md", 1, 1, 1, 2))
    found = Excerpts(tmp_path, "vscode").all([warning, finding])
    assert [item["severity"] for item in found] == ["error", "warning"]
    place = found[0]["place"]
    assert (place["path"], place["line"], place["column"]) == ("scenes/a b.md", 2, 14)
    assert place["source"] == "Mei: 雨 👩‍🚀 \ufffdlie [x](#y)"
    assert place["source"][place["start"] : place["end"]] == place["source"][13:19]
    assert place["href"] == f"vscode://file{tmp_path}/scenes/a%20b.md:2:14"
    assert found[0]["related"] == [
        {
            "path": "vn.yaml",
            "line": 0,
            "column": 0,
            "href": f"vscode://file{tmp_path}/vn.yaml:1:1",
            "message": "here",
        }
    ]
    assert "source" not in found[1]["place"]  # There is no such file any more.
    assert "href" not in Excerpts(tmp_path, "none").one(finding)["place"]


def test_a_long_line_is_cut_around_what_is_meant(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x" * 50_000 + "HERE" + "y" * 50_000)
    place = Excerpts(tmp_path, "none").one(
        Diagnostic("VN0001", "error", "m", Span.on_line("a.md", 1, 50_001, 50_005))
    )["place"]
    assert len(place["source"]) <= 800
    assert place["source"][place["start"] : place["end"]] == "HERE"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a://{path}:{line}", True), ("a://x", False), ("{path}", False), ("a://{file}", False)],
)
def test_addresses_of_editors(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


PAGE = """<html><head>
<script type="application/json" id="config">{{"id": "a", "story": "story/{story}"}}</script>
<script type="module" src="{code}/main.js"></script></head></html>"""


def write_site(folder: Path, story: str, code: str = "play-1") -> None:
    (folder / "story").mkdir(parents=True, exist_ok=True)
    for old in (folder / "story").iterdir():
        old.unlink()
    (folder / f"story/index-{story}.json").write_text(
        f'{{"fragments": [{{"file": "story/part-{story}.json"}}]}}'
    )
    (folder / f"story/part-{story}.json").write_text("{}")
    (folder / "index.html").write_text(PAGE.format(story=f"index-{story}.json", code=code))


def test_the_files_of_the_build_before_are_still_there(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    assert read_site(folder) is None
    write_site(folder, "one")
    first = read_site(folder)
    assert first is not None
    write_site(folder, "two")
    second = read_site(folder, first)
    assert second is not None
    assert second.story == "story/index-two.json"
    assert second.shell == first.shell
    assert {"story/part-one.json", "story/part-two.json"} <= second.files.keys()
    write_site(folder, "three", "play-2")
    third = read_site(folder, second)
    assert third is not None
    assert third.shell != second.shell
    assert "story/part-one.json" not in third.files


def test_a_failed_build_leaves_the_last_good_one(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_site(folder, "one")
    live = Live(tmp_path, folder, "none")
    wrong = Diagnostic("VN0001", "error", "m", Span.whole_file("a.md"))
    news = live.built(Built([wrong], False))
    assert (news["ok"], news["story"]) == (False, "story/index-one.json")
    write_site(folder, "two")
    news = live.built(Built([], True))
    assert news["from"] == "story/index-one.json"
    assert news["patch"] == [(["fragments", 0, "file"], "story/part-two.json")]


def test_advice_comes_after_a_build_and_stays_with_its_line(tmp_path: Path) -> None:
    root = make(tmp_path / "tiny")
    scene = root / "scenes/one.md"
    scene.write_text("It is is late.\n\n[Go on](two.md)\n", encoding="utf-8")
    live = Live(root, root / "build/web", "none")
    heard: list[list[Diagnostic]] = []
    advice = Advice(root, heard.append)
    advice.start()
    advice.wish()
    _until(lambda: bool(heard))
    advice.stop()
    (twice,) = (each for each in heard[0] if each.span.path == "scenes/one.md")
    assert any(each.code == "VN1617" for each in heard[0])

    def told(news: News) -> list[str]:
        return [each["code"] for each in news["findings"]]

    assert sorted(told(live.advised(heard[0]))) == sorted(each.code for each in heard[0])
    assert told(live.built(Built([twice], True))).count(twice.code) == 1
    assert twice.code in told(live.built(Built([], True)))
    scene.write_text("It is late.\n\n[Go on](two.md)\n", encoding="utf-8")
    assert twice.code not in told(live.built(Built([], True)))


class Page:
    """A page's WebSocket."""

    def __init__(self, live: Live) -> None:
        here = [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1")]
        self.scope = {"type": "websocket", "path": "/_dev/socket", "headers": here}
        self.app = make_app(live, 80)
        self.says: asyncio.Queue[Any] = asyncio.Queue()
        self.hears: asyncio.Queue[Any] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self.task = asyncio.create_task(self.app(self.scope, self.says.get, self.hears.put))
        self.says.put_nowait({"type": "websocket.connect"})
        assert (await self.hears.get())["type"] == "websocket.accept"
        await self.hears.get()  # the news
        return self

    async def play(self, scene: str) -> None:
        await self.say({"text": scene})

    async def say(self, said: dict[str, Any]) -> None:
        self.says.put_nowait({"type": "websocket.receive", **said})
        await asyncio.sleep(0)
        while not self.says.empty():
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def __aexit__(self, *_: object) -> None:
        self.says.put_nowait({"type": "websocket.disconnect"})
        await self.task


def test_builds_are_told_what_the_pages_play(tmp_path: Path) -> None:
    live = Live(tmp_path, tmp_path / "site", "none")

    async def play() -> None:
        assert live.scenes == ("",)
        async with Page(live) as one:
            await one.play("quay")
            assert live.scenes == ("quay",)
            async with Page(live) as two:
                assert live.scenes == ("", "quay")
                await two.play("loft")
                await one.say({"bytes": b"what?"})
                assert live.scenes == ("", "loft")
                await one.play("loft")
                assert live.scenes == ("loft",)
            await one.play("quay")
            assert live.scenes == ("quay",)
        assert live.scenes == ("",)

    with ThreadPoolExecutor(1) as other:  # the browser's tests have a loop in this one
        other.submit(asyncio.run, play()).result()


def test_the_engine_is_told_too(tmp_path: Path) -> None:
    builds = EngineBuilds(write_project(tmp_path / "lanterns", QUIET))
    asked: list[tuple[str, ...]] = []
    builds._builder.build = lambda targets: asked.append(builds._builder.options.scenes)  # type: ignore
    worker = Worker(builds, lambda turn: None, lambda: ("quay",))
    worker._build()
    assert asked == [("quay",)]


def _until(there: Callable[[], bool]) -> None:
    for _ in range(1200):
        if there():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")
