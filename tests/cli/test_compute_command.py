"""`comfyvn compute`: servers and how they are, and what is best done where."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from cli.tiny import make
from speech.speaker import speaking

from comfyvn.cli.main import main
from comfyvn.engine.experience import Experience
from comfyvn.engine.placement import Job
from comfyvn.model.compute import Compute
from comfyvn.plan.advice import Advice, advise

STATS = {
    "system": {"comfyui_version": "0.33.0"},
    "devices": [{"name": "cuda:0 Card : x", "vram_total": 24 << 30, "vram_free": 20 << 30}],
}
QUEUE = {"queue_running": [[0, "a", {}, {}, []]], "queue_pending": [[1, "b", {}, {}, []]]}
ANSWERS = {"/system_stats": STATS, "/queue": QUEUE, "/v1/models": {"data": []}}


@pytest.fixture
def server() -> Iterator[str]:
    """A server on a real socket that answers as was recorded of ComfyUI 0.33."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = ANSWERS.get(self.path)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found or {}).encode())

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


@contextmanager
def answering(
    status: int, body: Iterable[bytes], kind: str = "text/html", **headers: str
) -> Iterator[str]:
    """Run a server that answers one thing to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                for part in body:
                    self.wfile.write(part)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        running.server_close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "tiny")


def write(root: Path, servers: dict[str, dict[str, Any]], **more: Any) -> None:
    # JSON is YAML.
    (root / "compute.yaml").write_text(json.dumps({"servers": servers, **more}), "utf-8")


def test_servers_are_listed_as_they_are(root: Path, server: str, capsys) -> None:
    write(
        root,
        {
            "tower": {"url": server, "vram_gb": 48},
            "voices": {
                "url": server.replace("127.0.0.1", "localhost"),
                "kind": "openai",
                "roles": ["speech"],
            },
            "cloud": {"url": "https://gpu.example.org", "remote": True, "hourly": 0.5},
        },
        remote="ask",
    )
    assert main(["compute", "-C", str(root)]) == 0
    said = capsys.readouterr().out
    for words in ("ComfyUI 0.33.0", "24 GB, 20 free (compute.yaml says 48)", "2 in its queue",
                  "0.5 EUR an hour", "not used: it is remote"):  # fmt: skip
        assert words in said
    assert main(["compute", "list", "--json", "-C", str(root)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["used"] for each in told["servers"]] == [True, True, False]


def test_a_server_that_does_not_answer_is_said_to(root: Path, capsys) -> None:
    write(root, {"gone": {"url": "http://127.0.0.1:9"}})
    assert main(["compute", "-C", str(root)]) == 1
    assert "DOES NOT ANSWER" in capsys.readouterr().out
    assert main(["compute", "--offline", "-C", str(root)]) == 0
    assert "`--offline` forbids it" in capsys.readouterr().out


def test_a_page_that_is_no_server_is_none(root: Path, server: str, capsys) -> None:
    write(root, {"page": {"url": f"{server}/elsewhere"}})
    assert main(["compute", "-C", str(root)]) == 1
    assert "404" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["comfyui", "openai"])
def test_an_answer_without_an_end_is_left(root: Path, kind: str, capsys) -> None:
    with answering(200, repeat(b"[" * 65_536), "application/json") as url:
        write(root, {"endless": {"url": url, "kind": kind, "roles": ["speech"]}})
        assert main(["compute", "-C", str(root)]) == 1
    assert "CANNOT BE USED: it answered with more than 64 MB" in capsys.readouterr().out


def test_an_answer_that_drips_is_not_waited_for(root: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("comfyvn.drivers.health.READ", 0.3)
    done = threading.Event()

    def dripping() -> Iterator[bytes]:
        while not done.wait(0.05):
            yield b"["

    try:
        with answering(200, dripping(), "application/json") as url:
            write(root, {"slow": {"url": url}})
            assert main(["compute", "-C", str(root)]) == 1
        assert "DOES NOT ANSWER: it does not answer in time" in capsys.readouterr().out
    finally:
        done.set()


@pytest.mark.parametrize(
    ("status", "body", "kind", "headers", "said"),
    [
        (200, b"<h1>Router</h1>", "text/html", {}, "answered 200 and no list of models"),
        (302, b"", "text/html", {"Location": "/login"}, "answered 302 and leads to /login"),
        (404, b"nothing", "text/plain", {}, "neither /v1/models nor /v1/audio/speech"),
        (500, b"", "text/plain", {}, "it answered 500"),
        (401, b"{}", "application/json", {}, "it wants a key"),
    ],
)
def test_who_answers_is_not_always_a_speech_server(
    root: Path, capsys, status: int, body: bytes, kind: str, headers: dict[str, str], said: str
) -> None:
    with answering(status, [body], kind, **headers) as url:
        write(root, {"voices": {"url": url, "kind": "openai", "roles": ["speech"]}})
        assert main(["compute", "-C", str(root)]) == 1
    told = capsys.readouterr().out
    assert "CANNOT BE USED: " in told
    assert said in told


def test_a_speech_server_may_have_no_list_of_models(root: Path, capsys) -> None:
    with speaking() as speaker:
        speaker.answers = [(422, b'{"detail": "input is missing"}')]
        write(root, {"voices": {"url": speaker.url, "kind": "openai", "roles": ["speech"]}})
        assert main(["compute", "-C", str(root)]) == 0
    assert "answers" in capsys.readouterr().out


@pytest.mark.parametrize("secret", ["me:sesame@", "me:ses/ame@", "me:ses@me@"])
def test_passwords_are_not_printed(root: Path, secret: str, capsys) -> None:
    write(root, {"own": {"url": f"http://{secret}127.0.0.1:9"}})
    for command in (["compute"], ["compute", "--json"], ["check"], ["check", "--json"]):
        main([*command, "-C", str(root)])
    (root / "compute.yaml").write_text(f"servers: {{a: {{url: 'ftp://{secret}x:1'}}}}\n", "utf-8")
    main(["check", "-C", str(root)])
    said = capsys.readouterr()
    assert "compute.yaml:1:" in said.out + said.err
    assert "me:s" not in said.out + said.err
    assert "ame@" not in said.out + said.err


def test_without_the_file_nothing_leaves_the_machine(root: Path, capsys) -> None:
    assert main(["compute", "-C", str(root)]) == 0
    assert "nothing leaves this machine" in capsys.readouterr().out


def test_mistakes_in_the_file_stop_it(root: Path, capsys) -> None:
    (root / "compute.yaml").write_text("servers: {a: {ur: 1}}\n", "utf-8")
    assert main(["compute", "-C", str(root)]) == 1
    assert "url" in capsys.readouterr().err


def test_options_may_stand_before_the_part(root: Path, monkeypatch, tmp_path: Path, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["build", "-q", "-C", str(root)]) == 0
    assert main(["compute", "-C", str(root), "--json", "advise"]) == 0
    assert json.loads(capsys.readouterr().out)["advisory"] is True


PRESS = """\
press:
  for: {files: "art/*.txt"}
  target: renpy
  inputs: ["{path}"]
  outputs: ["build/renpy/pressed/{stem}.txt"]
  action: builds.workshop:Workshop
  where: job
  pool: image
  resources: {models: big, vram_gb: 6, seconds: 60}
"""


def test_a_dry_run_tells_time_and_cost_of_servers(root: Path, capsys) -> None:
    (root / "rules").mkdir()
    (root / "art").mkdir()
    assert main(["compute", "advise", "-C", str(root)]) == 1
    assert "first build" in capsys.readouterr().err
    (root / "rules/press.yaml").write_text(PRESS, "utf-8")
    for number in range(10):
        (root / f"art/{number}.txt").write_text("x", "utf-8")
    # Without a server these steps fail.
    assert main(["build", "renpy", "--trust", "-q", "-C", str(root)]) == 3
    desk = {"url": "http://127.0.0.1:1", "hourly": 6, "vram_gb": 8}
    write(root, {"desk": desk})
    capsys.readouterr()
    assert main(["build", "renpy", "--dry-run", "--json", "-C", str(root)]) == 0
    told = json.loads(capsys.readouterr().out)["servers"]
    # Ten jobs of a minute and a load of 15 seconds, at 0.1 a minute.
    assert told["seconds"] == pytest.approx(615)
    assert told["cost"] == pytest.approx(1.025)
    assert told["servers"] == [
        {"device": "desk", "jobs": 10, "loads": 1, "seconds": 615.0, "cost": 1.025}
    ]
    assert main(["build", "renpy", "--dry-run", "-C", str(root)]) == 0
    assert "10 jobs, about 10 min 15 s, 1.02 EUR" in capsys.readouterr().out.replace("1.03", "1.02")
    assert main(["compute", "advise", "renpy", "-C", str(root)]) == 0
    said = capsys.readouterr().out
    assert "best on your own servers" in said
    assert "Advisory only" in said


# What is advised

OWN = {"url": "http://127.0.0.1:1", "vram_gb": 8}
RENTED = {"url": "https://gpu.example.org", "vram_gb": 24, "remote": True, "speed": 8, "hourly": 1}


def advised(tmp_path: Path, servers: dict[str, dict[str, Any]], *jobs: Job, **more: Any) -> Advice:
    compute = Compute.model_validate({"servers": servers, **more})
    (found,) = advise(jobs, compute, Experience(tmp_path))
    return found


def work(count: int, **more: Any) -> list[Job]:
    return [Job(f"render {i}", models="m", **{"seconds": 60, **more}) for i in range(count)]


def test_what_fits_is_done_at_home(tmp_path: Path) -> None:
    found = advised(tmp_path, {"desk": OWN, "rented": RENTED}, *work(3, vram=6))
    assert (found.where, found.change) == ("local", "")


def test_what_does_not_fit_goes_out(tmp_path: Path) -> None:
    # A card needs half a GB beyond its models.
    found = advised(tmp_path, {"desk": OWN, "rented": RENTED}, *work(3, vram=7.8))
    assert (found.where, found.local) == ("remote", None)
    assert "remote: ask" in found.change
    found = advised(tmp_path, {"desk": OWN, "rented": RENTED}, *work(3, vram=7.8), remote="ask")
    assert found.change == ""


def test_what_fits_nowhere_is_for_this_machine(tmp_path: Path) -> None:
    assert advised(tmp_path, {"desk": OWN}, *work(3, vram=40)).where == "cpu"
    assert advised(tmp_path, {}, *work(3)).where == "cpu"


def test_much_work_may_be_worth_renting(tmp_path: Path) -> None:
    found = advised(tmp_path, {"desk": OWN, "rented": RENTED}, *work(60))
    assert found.where == "remote"
    assert found.remote is not None
    # An eighth of an hour or so at 1 an hour.
    assert 0.05 < found.remote.cost < 0.2
    slow = {**RENTED, "speed": 0.5}
    assert advised(tmp_path, {"desk": OWN, "rented": slow}, *work(60)).where == "local"
