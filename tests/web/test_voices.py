"""The web player says each line with its clip: the bytes that are played are looked at."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builds.example import build
from spoken_story import write_story
from storybook import Player, playing

from comfyvn.play import web

pytestmark = pytest.mark.chromium

LISTEN = """
window.heard = [];
const blobs = new Map();
const create = URL.createObjectURL.bind(URL);
URL.createObjectURL = (blob) => {
  const url = create(blob);
  blobs.set(url, blob);
  return url;
};
const play = HTMLMediaElement.prototype.play;
const begun = new Set();
HTMLMediaElement.prototype.play = function () {
  if (begun.has(this)) return play.call(this);
  begun.add(this);
  const blob = blobs.get(this.src);
  const one = { src: this.src, type: blob?.type, playing: false };
  heard.push(one);
  this.addEventListener("playing", () => (one.playing = true));
  blob?.arrayBuffer().then((data) => (one.bytes = [...new Uint8Array(data)]));
  return play.call(this);
};
"""
ENDS = """
let ended = 0;
window.lines = [];
const real = window.Audio;
window.Audio = function (src) {
  const element = new real(src);
  element.addEventListener("ended", () => (ended += 1));
  return element;
};
document.addEventListener("vn:record", ({ detail }) => {
  if (detail.t === "line") lines.push([heard.length, ended]);
});
"""
"""Of each line, how many sounds were begun before it, and how many had come to their end."""
NO_OPUS = """
const can = HTMLMediaElement.prototype.canPlayType;
HTMLMediaElement.prototype.canPlayType = function (type) {
  return /opus|ogg/.test(type) ? "" : can.call(this, type);
};
"""


class Story:
    """The built story: its site, the ids of its lines by name, its clips."""

    def __init__(self, root: Path) -> None:
        self.ids = write_story(root)
        outcome = build(root, "web")
        assert not outcome.failures
        self.site = root / "build/web"

    def clip(self, name: str, language: str, codec: str, text: str = "") -> bytes:
        """Return the clip of a line; one whose words vary has one for each text."""
        at = ("opus", "m4a").index(codec) * 2
        for path in (self.site / "voice").glob("*.json"):
            pack = json.loads(path.read_text())[language]
            for _, _, lines in pack["scenes"].values():
                if self.ids[name] in lines:
                    found = lines[self.ids[name]]
                    number = found[text] if isinstance(found, dict) else found
                    start, length = pack["clips"][number][at : at + 2]
                    return (self.site / pack[codec]).read_bytes()[start : start + length]
        raise KeyError(name)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return Story(tmp_path_factory.mktemp("voices") / "pier")


@pytest.fixture
def player(browser: Any, story: Story) -> Iterator[Player]:
    with playing(browser, story.site) as player:
        player.page.add_init_script(LISTEN)
        yield player


def last_heard(player: Player, count: int) -> Any:
    """Wait until so many clips were begun; return the last of them."""
    player.page.wait_for_function(
        """n => {
          const one = heard.at(-1);
          return heard.length >= n && one.playing && (one.bytes || !one.type);
        }""",
        arg=count,
    )
    found = player.page.evaluate("heard")
    assert len(found) == count
    one = found[-1]
    return one | {"bytes": bytes(one.get("bytes", []))}


def check_first_lines(player: Player, story: Story, language: str, codec: str) -> None:
    type = {"opus": "audio/ogg", "m4a": "audio/mp4"}[codec]
    spoken = 0
    for name in ("quiet", "came", "mood", "named", "taken", "silence", "coins"):
        if name == "named":
            spoken += 1
            assert "/assets/" in last_heard(player, spoken)["src"]
        elif name == "came":
            spoken += 2  # and the bell
            player.page.wait_for_function("n => heard.length >= n", arg=spoken)
            clips = [bytes(one["bytes"]) for one in player.page.evaluate("heard") if one["type"]]
            assert clips[-1] == story.clip(name, language, codec)
        elif name != "silence":
            spoken += 1
            one = last_heard(player, spoken)
            assert one["type"] == type
            assert one["bytes"] == story.clip(name, language, codec, player.text()), name
        player.next()


def test_each_line_is_said_by_its_clip(player: Player, story: Story) -> None:
    player.open().start()
    check_first_lines(player, story, "en", "opus")


def test_in_another_language_by_its_own(player: Player, story: Story) -> None:
    player.open("?seed=1&lang=es").start()
    check_first_lines(player, story, "es", "opus")


def test_who_cannot_play_opus_gets_aac(player: Player, story: Story) -> None:
    player.page.add_init_script(NO_OPUS)
    asked: list[str] = []
    player.page.on("request", lambda request: asked.append(request.url))
    player.open().start()
    one = last_heard(player, 1)
    assert one["type"] == "audio/mp4"
    assert one["bytes"] == story.clip("quiet", "en", "m4a")
    assert any(url.endswith(".m4a") for url in asked)
    assert not any(url.endswith(".opus") for url in asked)


def test_a_form_that_has_no_clip_is_silent(player: Player, story: Story) -> None:
    player.open().start().until("menu")
    player.page.evaluate("heard.length = 0")
    player.choose(1)
    assert last_heard(player, 1)["bytes"] == story.clip("light", "en", "opus")
    player.next()
    assert "And now 4 coins" in player.text()
    player.next()
    assert last_heard(player, 2)["bytes"] == story.clip("rain", "en", "opus")


def test_auto_waits_for_the_voice(player: Player, story: Story) -> None:
    player.page.add_init_script(ENDS)
    player.open()
    player.page.click("#title-menu [data-item=settings]")
    player.page.fill("#set-autoSpeed", "100")  # The line alone would take half as long.
    player.page.keyboard.press("Escape")
    player.start()
    last_heard(player, 1)
    player.page.keyboard.press("a")
    player.page.wait_for_function("lines.length > 1")
    assert player.page.evaluate("lines[1]") == [1, 1]


def test_nothing_is_said_while_skipping_or_going_back(player: Player, story: Story) -> None:
    player.open().start()
    last_heard(player, 1)
    player.next()
    player.page.evaluate("waiting = null")
    player.page.keyboard.press("PageUp")
    player.come_to()
    count = player.page.evaluate("heard.length")
    player.page.wait_for_timeout(200)
    assert player.page.evaluate("heard.length") == count
    player.page.keyboard.press("l")
    player.page.click(".log .replay")
    assert last_heard(player, count + 1)["bytes"] == story.clip("quiet", "en", "opus")


def test_a_voice_can_be_silenced(player: Player, story: Story) -> None:
    player.open()
    player.page.click("#title-menu [data-item=settings]")
    for who in ("", "mei"):
        player.page.locator(f"#set-voice-{who}").check(force=True)
    player.page.keyboard.press("Escape")
    player.start()
    player.next()
    player.next()
    player.page.wait_for_function("heard.some((one) => one.type && one.bytes)")
    clips = [bytes(one["bytes"]) for one in player.page.evaluate("heard") if one["type"]]
    assert clips == [story.clip("mood", "en", "opus", "I am calm, Mei.")]


def test_without_its_packs_the_story_is_read_in_silence(
    browser: Any, story: Story, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(story.site, site)
    for path in (site / "voice").glob("*.opus"):
        path.write_bytes(b"")
    with playing(browser, site) as player:
        player.page.add_init_script(LISTEN)
        player.open().start().until("menu")
        assert not [one for one in player.page.evaluate("heard") if one["type"]]


@pytest.mark.parametrize("ranges", [True, False])
def test_of_a_shared_pack_a_scene_takes_its_part(
    browser: Any, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ranges: bool
) -> None:
    """Scenes that share a pack, as they do where a story has too many for a pack each."""
    site = tmp_path / "site"
    shutil.copytree(story.site, site)
    paths = sorted((site / "voice").glob("*.json"), key=lambda path: "loft" in path.read_text())
    first, second = (json.loads(path.read_text())["en"] for path in paths)
    before = len(first["clips"])
    sizes = [len((site / first[codec]).read_bytes()) for codec in ("opus", "m4a")]
    for codec in ("opus", "m4a"):
        name = f"voice/both.{codec}"
        (site / name).write_bytes(
            b"".join((site / one[codec]).read_bytes() for one in (first, second))
        )
        first[codec] = name
    first["clips"] += [
        [a + sizes[0], b, c + sizes[1], d, seconds] for a, b, c, d, seconds in second["clips"]
    ]
    ((scene, (low, high, lines)),) = second["scenes"].items()
    moved = {line: number + before for line, number in lines.items()}
    first["scenes"][scene] = [low + before, high + before, moved]
    for path in paths:
        path.write_text(json.dumps({"en": first}))
    sent: list[tuple[int, int]] = []
    if ranges:
        monkeypatch.setattr(web._Handler, "do_GET", ranged(sent))
    with playing(browser, site, service_workers="block") as player:
        player.page.add_init_script(LISTEN)
        player.open().start().until("menu")
        player.choose(1)
        player.next()
        player.page.evaluate("heard.length = 0")
        for number, name in enumerate(("rain", "night"), 1):
            player.next()
            assert last_heard(player, number)["bytes"] == story.clip(name, "en", "opus")
    if ranges:
        assert sent == [(0, sizes[0]), (sizes[0], len((site / "voice/both.opus").read_bytes()))]


def ranged(sent: list[tuple[int, int]]) -> Callable[[Any], None]:
    """Return how a server answers that sends parts of files, and notes which."""
    whole = web._Handler.do_GET

    def do_get(self: Any) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked is None:
            whole(self)
            return
        start, end = int(asked[1]), int(asked[2]) + 1
        data = Path(self.translate_path(self.path)).read_bytes()
        sent.append((start, end))
        self.send_response(206)
        self.send_header("Content-Type", "audio/ogg")
        self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        self.wfile.write(data[start:end])

    return do_get


def test_voices_are_kept_when_they_were_heard_and_not_before(story: Story) -> None:
    worker = (story.site / "sw.js").read_text()
    lists = {
        name: json.loads(found)
        for name, found in re.findall(r"^const (code|kept|voices) = (\[.*\]);$", worker, re.M)
    }
    files = {f"voice/{path.name}" for path in (story.site / "voice").iterdir()}
    assert files <= set(lists["voices"])
    assert files.isdisjoint(lists["code"] + lists["kept"])
