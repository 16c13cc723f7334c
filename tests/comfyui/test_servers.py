"""Render jobs on two real ComfyUI servers, which are killed, wedged and interrupted."""

from __future__ import annotations

import io
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from comfyui.real import Server, noted, until
from comfyui.rendering import (
    FLAT,
    SPRITE,
    TIMES,
    Build,
    brief,
    ended,
    failures,
    flats,
    node,
    once,
    sprites,
)
from PIL import Image

from comfyvn.engine.jobs import DeviceLostError

pytestmark = pytest.mark.comfyui


def saved_of(server: Server, prompt: str) -> Path:
    """Return the file that a server saved last for a prompt."""
    saved = []
    for path in (server.base / "output").glob("*.png"):
        with Image.open(path) as image:
            if prompt in image.text["prompt"]:  # type: ignore[attr-defined]
                saved.append(path)
    return max(saved, key=lambda path: path.stat().st_mtime)


def pixels(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        return image.convert("RGB").tobytes()


def test_sprites_are_spread_over_both_servers_and_rendered_once(
    two: list[Server], build: Callable[..., Build]
) -> None:
    asked = sprites(12, "spread")
    asked["twin"] = asked["spread3"]  # an equal picture for another request
    first = build()
    found = first.all(asked)
    assert failures(found) == set()
    assert noted(two, "end", "spread") == once(sprites(12, "spread"))
    assert {origin["server"] for _, origin in found.values()} == {"north", "south"}
    pictures = {key: pixels(picture) for key, (picture, _) in found.items()}
    assert {len(each) for each in pictures.values()} == {64 * 64 * 3}
    assert len(set(pictures.values())) == 12
    assert pictures["twin"] == pictures["spread3"]

    origin = found["spread5"][1]
    assert origin["models"] == ["tiny.safetensors"]
    assert (origin["prompt"], origin["seed"], origin["maker"]) == ("spread 5", 5, "comfyui")
    assert origin["version"].startswith("0.")
    assert "KSampler" in origin["nodes"]
    assert "PreviewImage" not in origin["nodes"]  # the output does not need it

    # Killed before it stored anything: the next build collects it all again.
    first.jobs.close()
    again = build().all(asked)
    assert {key: each[0] for key, each in again.items()} == {k: v[0] for k, v in found.items()}
    # And one that lost even its table finds it in the histories of the servers.
    elsewhere = build(root=first.root.parent / "elsewhere").all(asked)
    assert {key: each[0] for key, each in elsewhere.items()} == {k: v[0] for k, v in found.items()}
    assert noted(two, "end", "spread") == once(sprites(12, "spread"))


def test_an_output_that_was_deleted_is_saved_again_and_not_rendered_again(
    two: list[Server], build: Callable[..., Build], tmp_path: Path
) -> None:
    asked = sprites(1, "deleted")
    ((picture, _),) = build(0).all(asked).values()
    saved_of(two[0], "deleted 0").unlink()
    ((again, origin),) = build(0, root=tmp_path / "elsewhere").all(asked).values()
    assert pixels(again) == pixels(picture)
    assert origin["attempt"] == 1
    assert "3" in origin["cached"]
    # A file that a killed server left cut short counts as little.
    cut = saved_of(two[0], "deleted 0")
    cut.write_bytes(cut.read_bytes()[:-20])
    ((third, _),) = build(0, root=tmp_path / "third").all(asked).values()
    assert pixels(third) == pixels(picture)
    assert noted(two, "end", "deleted") == {"deleted0": 1}


def test_a_reference_picture_is_uploaded(build: Callable[..., Build], tmp_path: Path) -> None:
    begun = build(0)
    copied = {"2": node("LoadImage", "@reference", image="some.png"),
              "9": node("SaveImage", images=["2", 0], filename_prefix="copy")}  # fmt: skip
    begun.write("copy", copied)
    given = Image.effect_noise((24, 16), 60).convert("RGB")
    given.save(begun.root / "face one.png")
    picture, _ = begun.render("copy", brief("copy", reference="face one.png"))
    assert pixels(picture) == given.tobytes()


def test_what_a_workflow_saves_may_be_sound(build: Callable[..., Build]) -> None:
    begun = build(0)
    silence = {"1": node("EmptyAudio", duration=1.0, sample_rate=8000, channels=1),
               "2": node("SaveAudio", audio=["1", 0], filename_prefix="line")}  # fmt: skip
    begun.write("line", silence, "inputs: {prompt: 1.duration}\n")
    sound, origin = begun.render("line", brief("line", prompt=0.5))
    assert sound.startswith(b"fLaC")
    assert origin["workflow"] == "workflows/line.json"


def test_what_fails_says_where_and_why(two: list[Server], build: Callable[..., Build]) -> None:
    begun = build()
    found = begun.all({"broken": brief("flat", prompt="broken", mode="error")})
    (said,) = failures(found)
    assert "node `10` (`ComfyVNWatched`) of workflows/flat.json failed on `" in said
    assert said.endswith(": the kiln is cold")
    assert noted(two, "begin", "broken") == {"broken": 1}


def test_too_little_memory_is_tried_once_more(
    two: list[Server], build: Callable[..., Build]
) -> None:
    begun = build()
    found = begun.all({
        "tight": brief("flat", prompt="tight", mode="oom once"),
        "full": brief("flat", prompt="full", mode="oom"),
    })  # fmt: skip
    (said,) = failures(found)
    assert "needs more memory (VRAM) than there is" in said
    assert "Tried to allocate 2.00 GiB" in said
    assert found["tight"][1]["attempt"] == 1
    assert noted(two, "begin", "full") == {"full": 2}
    assert noted(two, "end", "tight") == {"tight": 1}


def test_what_no_server_has_is_said_before_anything_is_sent(
    two: list[Server], build: Callable[..., Build]
) -> None:
    begun = build()
    begun.write(
        "model", {**SPRITE, "4": node("CheckpointLoaderSimple", ckpt_name="tinny.safetensors")}
    )
    begun.write("class", {**SPRITE, "8": node("VAEDecoder", samples=["3", 0], vae=["4", 2])})
    dangling = {**SPRITE["8"], "inputs": {**SPRITE["8"]["inputs"], "no_such": ["4", 0]}}
    begun.write("dangling", {**SPRITE, "8": dangling})
    begun.write("editor", {"nodes": [], "links": []})
    before = [server.ask("/system_stats") and server.queued() for server in two]
    found = begun.all(
        {name: brief(name, seed=1) for name in ("model", "class", "dangling", "editor")}
    )
    said = {key: str(error) for key, error in found.items()}
    assert "workflows/model.json:" in said["model"]
    assert "did you mean `tiny.safetensors`?" in said["model"]
    assert "has no node of class `VAEDecoder` (did you mean `VAEDecode`?)" in said["class"]
    assert "`VAEDecode` on `" in said["dangling"]
    assert "has no input `no_such`" in said["dangling"]
    assert "Workflow > Export (API)" in said["editor"]
    assert [server.queued() for server in two] == before == [0, 0]


def test_folders_of_models_are_spelled_as_the_server_does(
    two: list[Server], build: Callable[..., Build]
) -> None:
    folder = two[0].home / "models/checkpoints/folder"
    folder.mkdir(exist_ok=True)
    link = folder / "same.safetensors"
    link.unlink(missing_ok=True)
    link.symlink_to("../tiny.safetensors")
    begun = build()
    other = {**SPRITE, "4": node("CheckpointLoaderSimple", ckpt_name="folder\\same.safetensors")}
    begun.write("other", other)
    _, origin = begun.render("other", brief("other", prompt="windows"))
    assert origin["models"] == ["folder/same.safetensors"]


def test_servers_that_are_not_there(build: Callable[..., Build], tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{probe.getsockname()[1]}"
        servers = {"attic": nowhere, "cellar": nowhere}
        begun = Build(tmp_path / "project", servers)
        found = begun.all(flats(40, "nobody"))
        (said,) = failures(found)  # all say the same
        assert said == (
            f"no server works: `attic` at {nowhere}: Connection refused; "
            f"`cellar` at {nowhere}: Connection refused"
        )
        with pytest.raises(DeviceLostError) as lost:  # where somebody else gives out the jobs
            begun.render("placed", brief("flat", prompt="placed"), device="attic")
        assert lost.value.device == "attic"
        assert list((begun.root / ".comfyvn/jobs").iterdir()) == []
        # One of them is there: the other is no hindrance.
        live = build(1)
        both = Build(
            tmp_path / "both", {"attic": nowhere, "south": live.driver.stations["south"].client.url}
        )
        assert failures(both.all(flats(3, "somebody"))) == set()
    offline = build(0, root=tmp_path / "offline", offline=True)
    assert "`--offline`" in str(offline.all(flats(1, "offline"))["offline0"])


def test_an_interrupted_build_takes_its_own_jobs_off_the_servers(
    two: list[Server], build: Callable[..., Build]
) -> None:
    begun = build(0)
    running = begun.begin(flats(3, "interrupted", seconds=60))
    until(lambda: two[0].queued() == 3 and noted(two, "begin", "interrupted"))
    others = {
        **FLAT,
        "10": node("ComfyVNWatched", image=["1", 0], label="others", mode="pass", seconds=0.1),
    }
    two[0].ask("/prompt", {"prompt": others, "client_id": "somebody"})
    begun.jobs.stop()
    begun.jobs.close()
    assert failures(ended(running)) == {"the build was interrupted, and the job with it"}
    until(lambda: two[0].queued() == 0)
    assert noted(two, "end", "interrupted") == {}
    assert noted(two, "end", "others") == {"others": 1}
    assert build(0).jobs.running() == []
    assert failures(build(0).all(flats(1, "interrupted", seconds=0))) == set()


KILLED = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from comfyui.rendering import Build, flats
Build(Path({root!r}), {servers!r}).all(flats({count}, {name!r}, seconds={seconds}), at_once={count})
"""


def killed_build(build: Build, name: str, count: int, seconds: float) -> subprocess.Popen[bytes]:
    """Begin to render in a process that can be killed."""
    tests = Path(__file__).parent.parent
    servers = {each.name: each.client.url for each in build.driver.stations.values()}
    code = KILLED.format(path=[str(tests), str(tests.parent)], root=str(build.root), name=name,
                         servers=servers, count=count, seconds=seconds)  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", code])


def test_a_killed_build_leaves_its_jobs_to_the_next(
    two: list[Server], build: Callable[..., Build]
) -> None:
    process = killed_build(build(), "adopted", 4, 1.5)
    until(lambda: two[0].queued() + two[1].queued() == 4 and noted(two, "begin", "adopted"))
    process.send_signal(signal.SIGKILL)
    process.wait()
    found = build().all(flats(4, "adopted", seconds=1.5))
    assert failures(found) == set()
    assert noted(two, "begin", "adopted") == noted(two, "end", "adopted")
    assert noted(two, "end", "adopted") == once(flats(4, "adopted"))


def test_a_server_that_is_restarted_gets_its_jobs_again(
    two: list[Server], build: Callable[..., Build]
) -> None:
    begun = build(0, times=TIMES._replace(patience=60))
    asked = flats(3, "restarted", seconds=0.5)
    key = "a" * 64
    handle = begun.driver.submit(key, begun.step("restarted0", asked["restarted0"]), 0)
    until(lambda: two[0].noted("end")["restarted0"] and two[0].queued() == 0)
    running = begun.begin({key: asked[key] for key in ("restarted1", "restarted2")})
    until(lambda: two[0].noted("begin")["restarted1"] + two[0].noted("begin")["restarted2"])
    two[0].kill()
    two[0].start().wait()
    assert failures(ended(running)) == set()
    until(lambda: begun.driver.poll(handle).state != "running")
    assert begun.driver.poll(handle).state == "done"
    # What had been saved is found, though the server knows nothing of it any more.
    assert noted(two[:1], "end", "restarted") == once(asked)


def test_jobs_of_a_stuck_server_go_to_another(
    two: list[Server], build: Callable[..., Build]
) -> None:
    # An input that the node does not have, linked to a node that is not there, ends the thread that
    # does the work, and the server answers as if nothing had happened.
    wedge = {**FLAT, "1": {**FLAT["1"], "inputs": {**FLAT["1"]["inputs"], "nothing": ["99", 0]}}}
    two[0].ask(
        "/prompt", {"prompt": wedge, "client_id": "somebody", "prompt_id": str(uuid.uuid4())}
    )
    begun = build(times=TIMES._replace(stall=2))
    placed: list[DeviceLostError] = []

    def lost() -> None:
        with pytest.raises(DeviceLostError) as caught:
            begun.render("placed", brief("flat", prompt="stuck placed"), device="north")
        placed.append(caught.value)

    thread = threading.Thread(target=lost)
    thread.start()
    found = begun.all(flats(6, "stuck", seconds=0.2), at_once=6)
    thread.join(60)
    assert failures(found) == set()
    assert {origin["server"] for _, origin in found.values()} == {"south"}
    assert noted(two, "end", "stuck") == once(flats(6, "stuck"))
    (note,) = begun.driver.notes
    assert "`north`" in note
    assert "restart it" in note
    assert placed[0].device == "north"
    # All of it on a server that is stuck from the start: the next build finds out as well.
    alone = build(0, times=TIMES._replace(stall=1))
    (said,) = failures(alone.all(flats(2, "alone")))
    assert "restart it" in said
    two[0].kill()
    two[0].start().wait()


def test_a_server_that_is_killed_leaves_its_jobs_to_another(
    two: list[Server], build: Callable[..., Build]
) -> None:
    begun = build()
    asked = flats(6, "killed", seconds=2)
    running = begun.begin(asked, at_once=4)

    def is_amid() -> bool:
        """Whether it is in the middle of one, and all that it did was collected."""
        done = noted(two[:1], "end", "killed")
        amid = noted(two[:1], "begin", "killed").total() > done.total() > 0
        return amid and all(running[label].done() for label in done)

    until(is_amid)
    two[0].kill()
    assert failures(ended(running)) == set()
    assert noted(two, "end", "killed") == once(asked)
