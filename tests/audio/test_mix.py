"""Sounds from a project to the players: what is placed, how loud, what gives way to what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from comfyvn.drivers.audio.clip import Clip
from comfyvn.drivers.audio.decode import decode
from comfyvn.drivers.audio.encode import encode
from comfyvn.drivers.audio.loudness import loudness
from comfyvn.drivers.renpy_sdk import find_renpy
from tests.builds.example import build, did
from tests.web.storybook import Player, playing

FILES = {
    "vn.yaml": "format: 1\nid: surf\ntitle: Surf\nstart: one\nworld: coast\n",
    "characters/mei.yaml": "name: Mei\n",
    "worlds/coast.yaml": "locations:\n  quay: {name: The quay, alt: A wet stone quay}\n",
    "scenes/one.md": """\
---
title: One
location: quay
music: tune
ambience: surf
---

It begins. ^a

`play sfx knock`

`voice call`

Mei: A call. ^b

`play music other fade 0.3`

Another. ^c

`play ambience nothing_known`

Nothing. ^d

`ending over "Over"`
""",
    "assets/tune.wav.asset.yaml": "loop: {start: 1, end: 2.5}\n",
}


def tone(seconds: float, level: float = 0.5, hertz: float = 330) -> Clip:
    time = np.arange(round(seconds * 48_000)) / 48_000
    sound = level * np.sin(2 * np.pi * hertz * time)
    return Clip(np.stack([sound, sound], axis=1).astype(np.float32), 48_000)


def as_wav(path: Path, clip: Clip) -> None:
    import wave

    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes((clip.samples * 32767).astype("<i2").tobytes())


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("surf") / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    as_wav(root / "assets/tune.wav", tone(3))
    (root / "assets/other.opus").write_bytes(encode(tone(4, 0.1, 500), "opus", 96_000))
    (root / "assets/knock.ogg").write_bytes(encode(tone(0.3), "opus", 96_000))
    (root / "assets/call.m4a").write_bytes(encode(tone(1.2, 0.3, 700), "aac", 96_000))
    outcome = build(root, "web", "renpy")
    assert not outcome.failures
    assert [item.message for item in outcome.findings if item.severity == "error"] == []
    codes = [item.code for item in outcome.findings.in_order()]
    assert codes.count("VN1002") == 1  # `nothing_known`
    return root


def index_of(root: Path) -> Any:
    (path,) = (root / "build/web/story").glob("index-*.json")
    return json.loads(path.read_text())


def test_what_is_placed(root: Path) -> None:
    index = index_of(root)
    site = root / "build/web"
    files = {name: site / index["assets"][name] for name in index["sounds"]}
    assert {name: path.suffix for name, path in files.items()} == {
        "music tune": ".opus",
        "music other": ".opus",
        "sfx knock": ".ogg",
        "voice call": ".opus",
        "ambience surf": ".opus",
    }
    others = {name: site / index["sounds"][name]["other"] for name in files}
    for name, path in others.items():
        assert path.suffix == ".m4a"
        length = decode(path).seconds
        assert length == pytest.approx(decode(files[name]).seconds, abs=0.06)
    # What is fine stays as its author made it.
    assert files["music other"].read_bytes() == (root / "assets/other.opus").read_bytes()
    assert others["voice call"].read_bytes() == (root / "assets/call.m4a").read_bytes()
    kept = (site / "sw.js").read_text().split("const kept = ")[1].split("\n")[0]
    assert ".m4a" not in kept
    assert kept.count(".opus") + kept.count(".ogg") == 5


def test_levels(root: Path) -> None:
    sounds = index_of(root)["sounds"]
    assert sounds["ambience surf"]["loop"] == [0.1, 24.1]
    assert "gain" not in sounds["ambience surf"]
    assert sounds["music tune"]["loop"] == [1, 2.5]
    for name, wanted in (("music tune", -20), ("music other", -20), ("voice call", -18)):
        file = root / "build/web" / index_of(root)["assets"][name]
        level = loudness(decode(file)) + sounds[name].get("gain", 0)
        assert level == pytest.approx(wanted, abs=0.4), name
    assert "gain" not in sounds["sfx knock"]


def test_a_loop_that_is_moved_converts_nothing_again(root: Path) -> None:
    sidecar = root / "assets/tune.wav.asset.yaml"
    try:
        sidecar.write_text("loop: {start: 0.5}\n")
        ran = did(build(root, "web"))
        assert index_of(root)["sounds"]["music tune"]["loop"] == [0.5, 3.0]
        assert not any(name.startswith(("deliver-sound", "ambience", "check")) for name in ran)
        sidecar.write_text("loop: {start: 1, end: 9}\n")
        outcome = build(root, "web")
        assert [item.code for item in outcome.findings.in_order()].count("VN1330") == 1
        assert "loop" not in index_of(root)["sounds"]["music tune"]
    finally:
        sidecar.write_text(FILES["assets/tune.wav.asset.yaml"])
        build(root, "web", "renpy")


MIX = """async () => {
  const folder = document.querySelector("script[type=module]").src.replace(/[^/]*$/, "");
  const { mixer } = await import(folder + "mixer.js");
  const { bed, master, channels, context } = mixer();
  return { bed: bed.gain.value, master: master.gain.value, music: channels.music.gain.value,
    running: context.state, ears: master.channelCount };
}"""

WATCH = """
window.levels = []; window.loops = [];
const make = AudioContext.prototype.createGain;
AudioContext.prototype.createGain = function () {
  const node = make.call(this); levels.push(node); return node;
};
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  loops.push(this); return start.apply(this, when);
};
"""


def comes_to(player: Player, levels: str, *wanted: float) -> None:
    """Wait until levels that fade are what is wanted of them."""
    player.page.wait_for_function(
        f"""async (wanted) => {{
          const found = (await {levels}).toSorted((a, b) => a - b);
          return found.length === wanted.length
            && found.every((level, i) => Math.abs(level / wanted[i] - 1) < 0.02);
        }}""",
        arg=sorted(wanted),
        polling=20,
    )


@pytest.mark.chromium
def test_the_mix_in_a_browser(browser: Any, root: Path) -> None:
    sounds = index_of(root)["sounds"]
    with playing(browser, root / "build/web") as player:
        player.page.add_init_script(WATCH)
        player.open().start()
        player.page.wait_for_function("loops.length === 2")
        loops = player.page.evaluate("loops.map((each) => [each.loopStart, each.loopEnd])")
        assert sorted(loops) == [[0.1, 24.1], [1, 2.5]]
        gains = "levels.slice(6).map((node) => node.gain.value)"
        wanted = [10 ** (sounds["music tune"]["gain"] / 20), 1.0]
        comes_to(player, gains, *wanted)
        before = player.page.evaluate(MIX)
        assert before["running"] == "running"
        assert before["bed"] == pytest.approx(1)
        bed = f"({MIX})().then(({{ bed }}) => [bed])"
        player.next()  # the call is heard
        comes_to(player, bed, 10 ** (-9 / 20))
        comes_to(player, bed, 1)
        player.next()  # the next track: both are heard for a moment
        player.page.wait_for_function("loops.length === 3")
        comes_to(player, "[levels.at(-1).gain.value]", 10 ** (sounds["music other"]["gain"] / 20))
        assert player.problems == []


@pytest.mark.chromium
def test_mono_and_mute(browser: Any, root: Path) -> None:
    with playing(browser, root / "build/web") as player:
        player.open().start()
        assert player.page.evaluate(MIX)["ears"] == 2
        player.page.keyboard.press("m")
        player.page.wait_for_function(f"({MIX})().then(({{ master }}) => master < 0.01)")
        player.page.click("[data-do=menu]")
        player.page.locator(".menu-list button").get_by_text("Settings", exact=True).click()
        player.page.get_by_label("Both ears hear the same (mono)").check()
        assert player.page.evaluate(MIX)["ears"] == 1


@pytest.mark.chromium
def test_the_whole_of_a_loop_is_decoded(browser: Any, root: Path) -> None:
    """The decoder of a browser neither adds nor drops what would be heard as a gap."""
    index = index_of(root)
    with playing(browser, root / "build/web") as player:
        player.open().start()
        seconds = player.page.evaluate(
            """async (file) => {
              const data = await (await fetch(file)).arrayBuffer();
              const context = new OfflineAudioContext(2, 48000, 48000);
              return (await context.decodeAudioData(data)).duration;
            }""",
            index["assets"]["ambience surf"],
        )
        assert seconds == pytest.approx(24.2, abs=0.01)


def test_renpy_is_told_the_same(root: Path) -> None:
    text = (root / "build/renpy/game/sounds.rpy").read_text()
    assert 'define audio.surf = "<to 24.1 loop 0.1>sound/ambience/surf.opus"' in text
    assert 'define audio.tune = "<to 2.5 loop 1>sound/music/tune.opus"' in text
    level = round(10 ** (index_of(root)["sounds"]["music tune"]["gain"] / 20), 3)
    assert f"('music', '<to 2.5 loop 1>sound/music/tune.opus'): {level}," in text


@pytest.mark.renpy
def test_renpy_takes_it(root: Path) -> None:
    sdk = find_renpy()
    assert sdk is not None
    assert sdk.lint(root / "build/renpy") == []
