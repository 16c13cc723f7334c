"""A server that speaks as ComfyUI does, for what the real one cannot be made to do on demand."""

from __future__ import annotations

import asyncio
import io
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

CLASSES = {
    # As 0.33 says it: choices are options, images come from folders.
    "Draw": {
        "input": {"required": {"text": ["STRING", {}], "brush": ["COMBO", {"options": ["ink"]}]}},
        "output": ["IMAGE"],
    },
    "Draw #2 50% //Fancy?": {"input": {"required": {}}, "output": ["IMAGE"]},
    "SaveImage": {
        "input": {"required": {"images": ["IMAGE", {}], "filename_prefix": ["STRING", {}]}},
        "output": [],
    },
    "LoadImage": {
        "input": {"required": {"image": [["some.png"], {"image_upload": True}]}},
        "output": ["IMAGE", "MASK"],
    },
}
DRAWING = {
    "1": {
        "class_type": "Draw",
        "inputs": {"text": "", "brush": "ink"},
        "_meta": {"title": "@prompt"},
    },
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
}


class Fake:
    """What the server has, and how it is to behave.

    Attributes:
        posted: the bodies of all prompts that came.
        done: how long a prompt takes; None: for ever.
        late: how often the history is empty of a prompt that ended.
        forgets: whether prompts vanish.
        answers: what the next prompts are answered instead.
        silent: seconds until a prompt is answered, though it is queued at once.
        telling: whether the websocket tells of progress.
        hangs_up: whether it is closed at once.
        starved: how many prompts still run out of memory.
    """

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.begun: dict[str, float] = {}
        self.looked: dict[str, int] = {}
        self.done: float | None = 0.0
        self.late = 0
        self.forgets = False
        self.answers: list[Response] = []
        self.silent = 0.0
        self.telling = False
        self.freed = 0
        self.cancelled: list[str] = []
        self.sockets: list[str] = []
        self.hangs_up = False
        self.starved = 0
        self.url = ""

    def runs(self, prompt: str) -> bool:
        begun = self.begun.get(prompt)
        return begun is not None and (self.done is None or time.monotonic() - begun < self.done)

    async def prompt(self, request: Request) -> Response:
        body = await request.json()
        uuid.UUID(body["prompt_id"])
        assert body["prompt_id"] == body["prompt_id"].lower()
        self.posted.append(body)
        if self.answers:
            return self.answers.pop(0)
        if not self.forgets:
            self.begun[body["prompt_id"]] = time.monotonic()
        await asyncio.sleep(self.silent)
        return JSONResponse({"prompt_id": body["prompt_id"], "number": 1, "node_errors": {}})

    async def queue(self, request: Request) -> Response:
        if request.method == "POST":
            for prompt in (await request.json())["delete"]:
                self.cancelled.append(prompt)
                self.begun.pop(prompt, None)
            return Response()
        running = [[1, prompt, {}, {}, []] for prompt in self.begun if self.runs(prompt)]
        return JSONResponse({"queue_running": running[:1], "queue_pending": running[1:]})

    async def history(self, request: Request) -> Response:
        prompt = request.path_params["prompt"]
        if prompt not in self.begun or self.runs(prompt):
            return JSONResponse({})
        self.looked[prompt] = self.looked.get(prompt, 0) + 1
        if self.looked[prompt] <= self.late:
            return JSONResponse({})
        if self.starved:
            self.starved -= 1
            told = {"node_id": "1", "node_type": "Draw", "exception_type": "OutOfMemoryError"}
            failed = {"status_str": "error", "messages": [["execution_error", told]]}
            return JSONResponse({prompt: {"outputs": {}, "status": failed}})
        image = {"filename": "a b.png", "subfolder": "", "type": "output", "id": "an-asset"}
        status = {"status_str": "success", "completed": True, "messages": [
            ["execution_start", {"timestamp": 1000}], ["execution_cached", {"nodes": ["1"]}],
            ["execution_success", {"timestamp": 2500}]]}  # fmt: skip
        outputs = {"2": {"images": [image], "animated": [False]}}
        return JSONResponse({prompt: {"outputs": outputs, "status": status, "meta": {}}})

    async def view(self, request: Request) -> Response:
        if request.query_params["filename"] != "a b.png":
            return PlainTextResponse("not found", 404)
        made = io.BytesIO()
        Image.new("RGB", (4, 4), "teal").save(made, "PNG")
        return Response(made.getvalue())

    async def upload(self, request: Request) -> Response:
        (name,) = re.findall(rb'filename="([^"]+)"', await request.body())
        return JSONResponse({"name": name.decode(), "subfolder": "comfyvn", "type": "input"})

    async def info(self, request: Request) -> Response:
        name = request.path_params["name"]
        return JSONResponse({name: CLASSES[name]} if name in CLASSES else {})

    async def classes(self, _: Request) -> Response:
        return JSONResponse(CLASSES)

    async def free(self, _: Request) -> Response:
        self.freed += 1
        return Response()

    async def interrupt(self, request: Request) -> Response:
        self.cancelled.append((await request.json())["prompt_id"])
        return Response()

    async def stats(self, _: Request) -> Response:
        system = {"comfyui_version": "0.33.0", "pytorch_version": "2.13.0"}
        return JSONResponse({"system": system, "devices": [{"name": "cuda:0 A card"}]})

    async def socket(self, socket: WebSocket) -> None:
        await socket.accept()
        self.sockets.append(socket.query_params["clientId"])
        try:
            await socket.send_json({"type": "status", "data": {"sid": "x"}})
            while not self.hangs_up:
                for prompt in [each for each in self.begun if self.telling and self.runs(each)]:
                    progress = {"value": 1, "max": 9, "node": "1", "prompt_id": prompt}
                    await socket.send_json({"type": "progress", "data": progress})
                await socket.send_bytes(b"\0\0\0\1a preview")
                await asyncio.sleep(0.05)
            await socket.close()
        except (WebSocketDisconnect, RuntimeError):
            pass

    @property
    def app(self) -> Starlette:
        both = ["GET", "POST"]
        return Starlette(routes=[
            Route("/prompt", self.prompt, methods=["POST"]),
            Route("/queue", self.queue, methods=both),
            Route("/history/{prompt}", self.history),
            Route("/view", self.view),
            Route("/upload/image", self.upload, methods=["POST"]),
            Route("/object_info", self.classes),
            Route("/object_info/{name:path}", self.info),
            Route("/free", self.free, methods=["POST"]),
            Route("/interrupt", self.interrupt, methods=["POST"]),
            Route("/system_stats", self.stats),
            WebSocketRoute("/ws", self.socket),
        ])  # fmt: skip


@contextmanager
def serving() -> Iterator[Fake]:
    """Run a server in a thread."""
    fake = Fake()
    config = uvicorn.Config(fake.app, port=0, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    fake.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        server.should_exit = True
        thread.join(10)
