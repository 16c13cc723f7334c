"""A story whose pictures are all hand-made, of every odd kind: what its targets ship and show."""

from __future__ import annotations

import io
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builds.example import Tree, build, did, findings, tree
from PIL import Image

from comfyvn.drivers.renpy_sdk import find_renpy
from comfyvn.plan.outcome import Outcome

sys.path.append(str(Path(__file__).parents[1] / "web"))
from plan.test_delivery import photograph
from plan.test_picture_checks import figure, other_rgb, saved
from storybook import FILES, Player, playing, write_project

LYING = Image.Exif()
LYING[0x0112] = 6


@cache
def pictures() -> dict[str, bytes]:
    return {
        "quay.png": saved(photograph((2400, 1350)), icc_profile=other_rgb()),
        "loft.jpg": saved(
            photograph((1080, 1920)).convert("CMYK"), "JPEG", exif=LYING, quality=95
        ),
        "mei.png": saved(figure((800, 1880))),
        "lamp.avif": saved(figure((300, 300)), "AVIF"),
        "two_hands.png": saved(photograph((1280, 720)), "JPEG", quality=30),
    }  # fmt: skip


def lay_out(root: Path, delivery: str = "") -> Path:
    write_project(root, {"vn.yaml": f"{FILES['vn.yaml']}{delivery}"})
    (root / "assets").mkdir()
    for name, data in pictures().items():
        (root / "assets" / name).write_bytes(data)
    return root


def built(root: Path, *targets: str) -> Outcome:
    outcome = build(root, *targets)
    assert not outcome.failures
    assert not outcome.findings.has_errors
    return outcome


def shipped(files: Tree, start: str) -> dict[str, Image.Image]:
    """The pictures of a target, by their names there."""
    found = {}
    for name, data in files.items():
        if name.startswith(start):
            found[name] = Image.open(io.BytesIO(data))
            found[name].load()
    return found


def ends(names: Any) -> list[str]:
    return sorted(name.rpartition(".")[2] for name in names)


@pytest.fixture(scope="module")
def with_avif(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The story, built with AVIF for the web."""
    root = lay_out(tmp_path_factory.mktemp("avif") / "story", "delivery: {web: {pictures: avif}}\n")
    built(root, "web")
    return root


def test_both_targets_ship_what_all_their_players_see_as_it_is_meant(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "story")
    outcome = built(root, "web", "renpy")
    assert sorted(code for code, *_ in findings(outcome) if code.startswith("VN12")) == [
        "VN1208", "VN1208", "VN1209",
    ]  # fmt: skip
    web = shipped(tree(root / "build/web"), "assets/")
    renpy = shipped(tree(root / "build/renpy"), "game/art/")
    for found in (web, renpy):
        assert ends(found) == ["jpg", "webp", "webp", "webp", "webp"]
        assert sorted(image.size for image in found.values()) == [
            (228, 228), (400, 940), (1280, 720), (1920, 1080), (1920, 1080),
        ]  # fmt: skip
        assert {image.mode for image in found.values()} == {"RGB", "RGBA"}
    # A small JPEG stays as it is, under an ending that is true; both targets share each file.
    assert pictures()["two_hands.png"] in tree(root / "build/renpy").values()
    assert {image.tobytes() for image in web.values()} == {
        image.tobytes() for image in renpy.values()
    }
    assert len([step for step in did(outcome) if step.startswith("deliver ")]) == 5


@pytest.mark.renpy
def test_renpy_has_nothing_to_say_of_them(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "story", "delivery: {renpy: {pictures: kept}}\n")
    built(root, "renpy")
    found = shipped(tree(root / "build/renpy"), "game/art/")
    assert ends(found) == ["jpg", "png", "webp", "webp", "webp"]
    assert pictures()["mei.png"] in tree(root / "build/renpy").values()
    sdk = find_renpy()
    assert sdk is not None
    assert sdk.lint(root / "build/renpy") == []


def test_a_new_width_delivers_all_again_and_a_new_title_nothing(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "story")
    built(root, "web")
    text = (root / "vn.yaml").read_text("utf-8")
    (root / "vn.yaml").write_text(text.replace("version: 1.2.3", "version: 1.2.4"), "utf-8")
    assert not any(name.startswith("deliver ") for name in did(built(root, "web")))
    (root / "vn.yaml").write_text(f"{text}delivery: {{web: {{width: 1280}}}}\n", "utf-8")
    assert len([step for step in did(built(root, "web")) if step.startswith("deliver ")]) == 5
    sizes = {image.size for image in shipped(tree(root / "build/web"), "assets/").values()}
    assert sizes == {(1280, 720), (267, 627), (152, 152)}


def test_a_damaged_picture_leaves_the_targets_as_they_were(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "story")
    built(root, "web")
    before = tree(root / "build")
    (root / "assets/mei.png").write_bytes(pictures()["mei.png"][:2000])
    outcome = build(root, "web")
    assert [code for code, severity, *_ in findings(outcome) if severity == "error"] == ["VN1205"]
    assert not outcome.failures
    assert tree(root / "build") == before


def seen(player: Player) -> list[str]:
    """The pictures on the page, all of which are decoded."""
    player.page.wait_for_function("[...document.images].every((i) => i.complete)")
    shown = player.page.evaluate(
        "[...document.querySelectorAll('.backgrounds img, .actor img')]"
        ".map((i) => [i.currentSrc, i.naturalWidth])"
    )
    assert all(width > 0 for _, width in shown)
    return [source for source, _ in shown]


def first_line(browser: Any, site: Path, script: str = "") -> tuple[list[str], list[str]]:
    """Play to the first menu; return the endings of what is shown, and what was fetched."""
    asked: list[str] = []
    with playing(browser, site, service_workers="block") as player:
        player.page.on("request", lambda r: asked.append(r.url))
        if script:
            player.page.add_init_script(script)
        player.open().start().until("menu")
        return ends(seen(player)), sorted({url for url in asked if "/assets/" in url})


@pytest.mark.chromium
def test_chromium_shows_avif_where_it_is_smaller(browser: Any, with_avif: Path) -> None:
    files = tree(with_avif / "build/web")
    assert ends(name for name in files if name.startswith("assets/")).count("avif") == 2
    shown, asked = first_line(browser, with_avif / "build/web")
    assert "avif" in shown
    assert "avif" in ends(asked)
    # Nothing is fetched twice, once in each format.
    keys = [url.rpartition("/")[2].partition("-")[0] for url in asked]
    assert len(keys) == len(set(keys))


@pytest.mark.chromium
def test_a_browser_without_avif_is_given_the_others(browser: Any, with_avif: Path) -> None:
    without = """
    const decode = HTMLImageElement.prototype.decode;
    HTMLImageElement.prototype.decode = function () {
      const avif = this.src.startsWith("data:image/avif") || this.src.endsWith(".avif");
      return avif ? Promise.reject(new DOMException("", "EncodingError")) : decode.call(this);
    };
    """
    shown, asked = first_line(browser, with_avif / "build/web", without)
    assert "avif" not in shown
    assert ends(asked).count("avif") <= 1  # behind the title, where the browser itself chooses


@pytest.mark.chromium
def test_one_of_the_two_is_kept_for_playing_offline(browser: Any, with_avif: Path) -> None:
    with playing(browser, with_avif / "build/web") as player:
        player.page.goto(player.address)
        player.page.evaluate(
            "new Promise((done) => navigator.serviceWorker.addEventListener('message', done))"
        )
        kept = player.page.evaluate(
            "caches.keys().then(async (names) => (await Promise.all(names.map(async (name) =>"
            " (await (await caches.open(name)).keys()).map((r) => r.url)))).flat())"
        )
    names = [url.rpartition("/")[2] for url in kept if "/assets/" in url]
    assert "avif" in ends(names)
    assert len({name.partition("-")[0] for name in names}) == len(names) == 5


def told(outcome: Outcome, *codes: str) -> list[tuple[str, str]]:
    return [(each.code, each.message) for each in outcome.findings if each.code in codes]


def budgeted(root: Path, **limits: float) -> Outcome:
    said = ", ".join(f"{name}: {value:.6f}" for name, value in limits.items())
    delivery = f"delivery:\n  web: {{pictures: avif, {said}}}\n"
    (root / "vn.yaml").write_text(FILES["vn.yaml"] + delivery, "utf-8")
    return built(root, "web")


def test_what_is_over_a_budget_is_told_with_what_is_largest(with_avif: Path) -> None:
    codes = ("VN1214", "VN1215")
    files = tree(with_avif / "build/web")
    whole = sum(len(data) for name, data in files.items() if name.startswith("assets/")) / 1e6
    assert told(budgeted(with_avif, total_mb=whole, scene_mb=whole), *codes) == []
    outcome = budgeted(with_avif, total_mb=whole - 1e-6, scene_mb=0.2)
    assert [code for code, _ in told(outcome, *codes)] == ["VN1214", "VN1214", "VN1215"]
    (scene,) = (each for each in outcome.findings if each.message.startswith("`quay` loads"))
    assert (scene.span.path, scene.span.line) == ("vn.yaml", 14)
    assert scene.help is not None
    assert scene.help.startswith("the largest are `assets/quay.png` (")
    assert "`assets/loft.jpg`" not in scene.help


def test_a_file_that_is_rated_above_the_story_is_told(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "story")
    (root / "assets/mei.png.asset.yaml").write_text("rating: mature\n", "utf-8")
    (root / "assets/nobody.png").write_bytes(pictures()["mei.png"])
    (root / "assets/nobody.png.asset.yaml").write_text("rating: adult\n", "utf-8")
    assert told(build(root, "web"), "VN1213") == [
        ("VN1213", "`assets/mei.png` is rated `mature`, and the story `everyone`")
    ]
    (root / "vn.yaml").write_text(FILES["vn.yaml"] + "rating: mature\n", "utf-8")
    assert told(build(root, "web"), "VN1213") == []
