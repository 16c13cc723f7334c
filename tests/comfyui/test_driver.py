"""The driver against answers that a real server gives only now and then."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from comfyui.fake import DRAWING, Fake, serving
from comfyui.real import until
from comfyui.rendering import TIMES, Build, brief, ended, failures, node
from comfyui.resetting import cut_off
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse

from comfyvn.drivers.comfyui import listener
from comfyvn.drivers.comfyui.client import Client
from comfyvn.drivers.comfyui.driver import driver, speech_driver
from comfyvn.drivers.comfyui.renderer import ATTEMPTS, Renderer
from comfyvn.engine.jobs import JobError, JobSite


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving() as server:
        yield server


@pytest.fixture
def build(fake: Fake, tmp_path: Path) -> Build:
    found = Build(tmp_path / "project", {"studio": fake.url})
    found.write("draw", DRAWING)
    return found


def drawing(text: str = "a kiln", **more: object) -> dict[str, object]:
    return brief("draw", prompt=text, **more)


def test_an_entry_of_a_history_that_comes_late_is_waited_for(fake: Fake, build: Build) -> None:
    fake.late = 1
    _, origin = build.render("a", drawing())
    assert len(fake.posted) == 1
    assert origin["version"] == "0.33.0"
    assert (origin["seconds"], origin["cached"]) == (1.5, ["1"])
    (body,) = fake.posted
    assert body["extra_data"]["extra_pnginfo"]["comfyvn"]["attempt"] == 0
    assert body["prompt"]["2"]["inputs"]["filename_prefix"].startswith("comfyvn_")
    assert body["client_id"]


def test_what_a_server_forgets_is_sent_again_and_not_for_ever(fake: Fake, build: Build) -> None:
    fake.forgets = True
    (said,) = failures(build.all({"a": drawing()}))
    assert f"lost it {ATTEMPTS} times" in said
    ids = [body["prompt_id"] for body in fake.posted]
    prefixes = [body["prompt"]["2"]["inputs"]["filename_prefix"] for body in fake.posted]
    assert len(set(ids)) == len(set(prefixes)) == len(ids) == ATTEMPTS


def test_a_part_that_was_dropped_is_a_failure(fake: Fake, build: Build) -> None:
    errors = {"2": {"errors": [{"details": "images: no such thing"}], "class_type": "SaveImage"}}
    fake.answers = [JSONResponse({"prompt_id": "x", "number": 1, "node_errors": errors})]
    (said,) = failures(build.all({"a": drawing()}))
    assert "refuses workflows/draw.json: node `2` (`SaveImage`): images: no such thing" in said
    assert fake.cancelled == [fake.posted[0]["prompt_id"]]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (PlainTextResponse("500 Internal Server Error", 500), "answered 500: 500 Internal"),
        (HTMLResponse("<h1>Log in</h1>"), "answered 200: <h1>Log in</h1>"),
        (JSONResponse({"error": {"type": "missing_node_type", "message": "Node 'X' not found",
                                 "details": "Node ID '#3'"}, "node_errors": {}}, 400),
         "refuses workflows/draw.json: Node 'X' not found: Node ID '#3'"),
    ],
)  # fmt: skip
def test_answers_that_are_none(fake: Fake, build: Build, answer, said: str) -> None:
    fake.answers = [answer]
    (found,) = failures(build.all({"a": drawing()}))
    assert said in found
    assert build.jobs.running() == []
    assert list((build.root / ".comfyvn/jobs").iterdir()) == []


def test_a_file_larger_than_any_picture_is_a_failure(
    fake: Fake, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comfyvn.drivers.comfyui.client.PICTURE", 10)
    (said,) = failures(build.all({"a": drawing()}))
    assert "`a b.png` of `studio`" in said
    assert "it answered with more than" in said


def test_an_answer_that_is_not_waited_for_is_no_reason_to_send_it_again(
    fake: Fake, build: Build
) -> None:
    fake.silent = 1.5
    client = build.driver.stations["studio"].client
    client._http.timeout = httpx.Timeout(0.5)
    picture, _ = build.render("a", drawing())
    assert picture
    assert len(fake.posted) == 1


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        ("GET /queue", 0),
        ("GET /queue", 1),
        ("GET /queue", 4),
        ("GET /history", 0),
        ("GET /object_info/Draw", 0),
        ("POST /upload", 0),
        ("POST /prompt", 0),
        ("GET /view", 0),
        ("GET /system_stats", 0),
        ("POST /free", 0),
    ],
)
def test_a_server_that_resets_whatever_it_is_asked_leaves_its_jobs_to_another(
    fake: Fake, tmp_path: Path, cut: str, left: int
) -> None:
    quick = TIMES._replace(patience=0.1, retry=0.05, look=0, relax=0.05)
    with serving() as other, cut_off(other.url, cut, left) as way:
        build = Build(tmp_path / "project", {"doomed": way.url, "studio": fake.url}, quick)
        shown = node("LoadImage", "@reference", image="some.png")
        build.write("draw", DRAWING)
        build.write("show", {"1": shown, "2": DRAWING["2"]})
        # Enough of each kind that both servers have some.
        asked = {}
        for i in range(3):
            (build.root / f"face{i}.png").write_bytes(b"a face, %d" % i)
            asked[f"drawn{i}"] = drawing(f"a kiln, {i}")
            asked[f"shown{i}"] = brief("show", reference=f"face{i}.png")
        fake.done = other.done = 0.05
        other.starved = 1
        found = build.all(asked)
        assert way.is_cut
        assert failures(found) == set()
        build.end()


def test_classes_have_any_name(fake: Fake) -> None:
    client = Client(fake.url)
    assert client.class_info("Draw #2 50% //Fancy?")["output"] == ["IMAGE"]
    assert client.class_info("Draw #3") == {}
    client.close()


@pytest.mark.parametrize("cut", ["GET /object_info", "POST /upload", "POST /prompt"])
@pytest.mark.parametrize("device", ["", "studio"])
def test_a_server_that_is_restarted_while_a_job_is_sent_is_waited_for(
    fake: Fake, tmp_path: Path, cut: str, device: str
) -> None:
    patient = TIMES._replace(patience=30, retry=0.05, look=0)
    with cut_off(fake.url, cut, 0) as way:
        build = Build(tmp_path / "project", {"studio": way.url}, patient)
        shown = node("LoadImage", "@reference", image="some.png")
        build.write("show", {"1": shown, "2": DRAWING["2"]})
        (build.root / "face.png").write_bytes(b"a face")
        fake.done = 0.0
        mending = threading.Timer(0.5, way.mend)
        mending.start()
        assert build.render("a", brief("show", reference="face.png"), device)[0]
        assert not mending.is_alive()
        build.end()


def test_progress_on_the_websocket_is_a_sign_of_life(fake: Fake, tmp_path: Path) -> None:
    build = Build(tmp_path / "project", {"studio": fake.url}, TIMES._replace(stall=0.8))
    build.write("draw", DRAWING)
    fake.done, fake.telling = 3.0, True
    assert failures(build.all({"a": drawing()})) == set()
    fake.done, fake.telling = None, False
    (said,) = failures(build.all({"b": drawing("another")}))
    assert "restart it" in said
    # What it is restarted with is nothing: then it is used again.
    fake.begun.clear()
    fake.done = 0.0
    time.sleep(TIMES.retry)
    assert failures(build.all({"c": drawing("a third")})) == set()
    build.end()
    assert len(fake.sockets) == 1


def test_a_picture_is_rendered_from_as_a_workflow(fake: Fake, build: Build) -> None:
    info = PngInfo()
    info.add_text("prompt", json.dumps(DRAWING))
    Image.new("RGB", (4, 4)).save(build.root / "workflows/drawn.png", pnginfo=info)
    _, origin = build.render("a", brief("drawn", prompt="a kiln"))
    assert origin["workflow"] == "workflows/drawn.png"
    assert fake.posted[0]["prompt"]["1"]["inputs"]["text"] == "a kiln"
    build.end()


def test_a_render_tells_how_far_it_is(fake: Fake, build: Build) -> None:
    fake.done, fake.telling = 0.8, True
    build.render("a", drawing())
    assert build.told == {("@made/a", "step 1 of 9")}
    build.end()


@pytest.mark.parametrize(
    ("message", "step"),
    [
        ({"type": "progress", "data": {"value": 3, "max": 20, "node": "3"}}, (3, 20)),
        ({"type": "progress", "data": {"value": 21.0, "max": 20, "node": "3"}}, (20, 20)),
        ({"type": "progress", "data": {"value": 1, "max": 1, "node": "8"}}, None),
        ({"type": "progress", "data": {"value": "x", "max": None}}, None),
        ({"type": "progress_state", "data": {"nodes": {
            "4": {"value": 1, "max": 1, "state": "finished"},
            "3": {"value": 7, "max": 30, "state": "running"}}}}, (7, 30)),
        ({"type": "progress_state", "data": {"nodes": {
            "3": {"value": 30, "max": 30, "state": "finished"}}}}, None),
        ({"type": "progress_state", "data": {"nodes": ["3"]}}, None),
        ({"type": "executing", "data": {"node": "3"}}, None),
    ],
)  # fmt: skip
def test_what_a_websocket_tells_of_steps(
    message: dict[str, Any], step: tuple[int, int] | None
) -> None:
    listening = listener.Listener("http://127.0.0.1:9", here=True)
    message["data"]["prompt_id"] = "p"
    listening._note(json.dumps(message))
    assert listening.step("p") == step
    assert listening.heard("p")


def test_a_websocket_that_was_closed_is_opened_under_another_id(
    fake: Fake, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "AGAIN", 0.05)
    fake.hangs_up = True
    listening = build.driver.stations["studio"].listener
    first = listening.client_id
    until(lambda: len(fake.sockets) > 2)
    fake.hangs_up, fake.telling, fake.done = False, True, 2.0
    build.driver.submit("a" * 64, build.step("a", drawing()), 0)
    until(lambda: listening.heard(fake.posted[0]["prompt_id"]))
    assert len(set(fake.sockets)) == len(fake.sockets)
    assert fake.sockets[0] == first
    assert fake.posted[0]["client_id"] in fake.sockets
    build.jobs.close()


def test_servers_that_may_not_be_used_are_no_servers(tmp_path: Path) -> None:
    build = Build(tmp_path / "project", {}, unused={"rented": "it is remote"})
    (said,) = failures(build.all({"a": brief("flat", prompt="a")}))
    assert said.endswith("no server for it that may be used; `rented`: it is remote")


def test_a_workflow_that_takes_long_may_be_silent_for_longer(fake: Fake, tmp_path: Path) -> None:
    build = Build(tmp_path / "project", {"studio": fake.url}, TIMES._replace(stall=0.3))
    build.write("draw", DRAWING, "seconds: 1\n")
    fake.done = 1.5
    assert failures(build.all({"a": drawing()})) == set()


def test_two_steps_that_want_the_same_share_a_job(fake: Fake, build: Build) -> None:
    fake.done = 0.5
    begun = build.begin({"a": drawing(), "b": drawing(), "c": drawing("another")})
    assert failures(ended(begun)) == set()
    assert len(fake.posted) == 2


def test_a_shared_job_is_cancelled_with_the_last_that_wants_it(fake: Fake, build: Build) -> None:
    fake.done = None
    handles = [build.driver.submit(key * 64, build.step(key, drawing()), 0) for key in "ab"]
    build.driver.cancel(handles[0])
    assert fake.cancelled == []
    build.driver.free(handles[0])
    build.driver.cancel(handles[1])
    assert set(fake.cancelled) == {fake.posted[0]["prompt_id"]}


def test_what_else_a_brief_says_parts_it_from_others(fake: Fake, build: Build) -> None:
    for digest in ("one", "two"):
        build.render(digest, {**drawing(), "models": {"kiln.safetensors": digest}})
    assert len(fake.posted) == 2


def test_a_job_goes_before_others_and_memory_is_freed_where_that_is_asked(
    fake: Fake, build: Build
) -> None:
    step = build.step("a", drawing())
    step.place = step.place._replace(device="studio", front=True, free=True)
    build.driver.submit("a" * 64, step, 0)
    assert (fake.posted[0]["front"], fake.freed) == (True, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"workflow": "draw"}, "no brief of a render"),
        (brief("nothing"), "there is no workflow `workflows/nothing.json`"),
        (drawing(brush="chalk"), r"draw\.json:6: `studio` has no `chalk` .*`ink`.*VN1409"),
        (drawing(reference="face.png"), "`face.png`, which is no input of the step"),
    ],
)
def test_briefs_that_cannot_be_rendered(fake: Fake, build: Build, asked, said: str) -> None:
    build.write("draw", DRAWING, "inputs: {brush: 1.brush, reference: 1.text}\n")
    with pytest.raises(JobError, match=said):
        build.render("a", {"inputs": {}, **asked} if asked["workflow"] != "draw" else asked)
    assert fake.posted == []


def test_servers_are_opened_by_role(fake: Fake, tmp_path: Path) -> None:
    server = {"kind": "comfyui", "url": fake.url, "roles": ["image"], "stall": 7}
    other = {**server, "roles": ["speech"]}
    spoken = {**server, "kind": "openai"}
    compute = {"servers": {"studio": server, "booth": other, "cloud": spoken}, "unused": {}}
    site = JobSite(tmp_path, tmp_path / ".comfyvn", compute, offline=False)
    for open_at, name in ((driver, "studio"), (speech_driver, "booth")):
        opened = open_at(site)
        assert isinstance(opened, Renderer)
        assert list(opened.stations) == [name]
        assert opened.stations[name].times.stall == 7


def test_no_proxy_is_asked_for_a_server_on_this_machine(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert Client(fake.url).system()["system"]["comfyui_version"] == "0.33.0"


def test_what_is_ordered_at_once_is_found_by_all(fake: Fake, build: Build) -> None:
    barrier = threading.Barrier(4)

    def order(key: str) -> None:
        barrier.wait()
        build.driver.submit(key * 64, build.step(key, drawing()), 0)

    threads = [threading.Thread(target=order, args=(key,)) for key in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.posted) == 1
