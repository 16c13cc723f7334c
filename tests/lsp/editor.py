"""An editor without a screen: a client that speaks JSON-RPC with a real `comfyvn lsp`."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

CAPABILITIES = {
    "workspace": {
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
        },
        "workspaceFolders": True,
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "fileOperations": {"willRename": True},
    },
    "textDocument": {
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        "rename": {"prepareSupport": True},
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
    },
}
_WAIT = 120.0


class RefusedError(Exception):
    """The server answered with an error."""


class Editor:
    """A running server, its answers, and the last findings of each file."""

    def __init__(
        self,
        *folders: Path,
        encodings: list[str] | None = None,
        edits: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Start a server; `edits` says what edits of the workspace this editor takes."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "comfyvn", "lsp", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.folders = folders
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.versions: dict[str, int | None] = {}
        self.checked: dict[tuple[str, int], list[dict[str, Any]]] = {}
        """What a check said first of a version of a file."""
        self.at_once: dict[str, int] = {}
        self.messages: list[str] = []
        self._texts: dict[str, tuple[int, str]] = {}
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._news = threading.Condition()
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()
        capabilities: dict[str, Any] = {**CAPABILITIES}
        if edits is not None:
            capabilities["workspace"] = {**CAPABILITIES["workspace"], "workspaceEdit": edits}
        if encodings is not None:
            capabilities["general"] = {"positionEncodings": encodings}
        self.server = self.ask(
            "initialize",
            processId=None,
            rootUri=None,
            capabilities=capabilities,
            initializationOptions={
                "hover": {"routes": False},
                "diagnostics": {"story": False},
                **options,
            },
            workspaceFolders=[{"uri": f.as_uri(), "name": f.name} for f in folders],
        )["capabilities"]
        self.tell("initialized")

    # Wire

    def _send(self, message: Mapping[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()

    def _listen(self) -> None:
        stdout = self.process.stdout
        assert stdout is not None
        while line := stdout.readline():
            length = int(line.split(b":")[1])
            while stdout.readline().strip():
                pass
            self._heard(json.loads(stdout.read(length)))

    def _heard(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is None:
            self._answers[message["id"]].put(message)
        elif "id" in message:
            self._send({"id": message["id"], "result": None})
        elif method == "textDocument/publishDiagnostics":
            params = message["params"]
            with self._news:
                self.said[params["uri"]] = params["diagnostics"]
                self.versions[params["uri"]] = params.get("version")
                if "version" in params:
                    seen = params["uri"], params["version"]
                    self.checked.setdefault(seen, params["diagnostics"])
                else:
                    self.at_once[params["uri"]] = self.at_once.get(params["uri"], 0) + 1
                self._news.notify_all()
        elif method == "window/showMessage":
            self.messages.append(message["params"]["message"])

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request; return its result. Raises `RefusedError`."""
        self._number += 1
        number = self._number
        box = self._answers[number] = queue.Queue()
        self._send({"id": number, "method": method, "params": params})
        answer = box.get(timeout=_WAIT)
        if "error" in answer:
            raise RefusedError(answer["error"]["message"])
        return answer["result"]

    def tell(self, method: str, **params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def close(self) -> None:
        """End the server as editors do."""
        self.ask_nothing("shutdown")
        self._send({"method": "exit"})
        assert self.process.stdin is not None
        assert self.process.wait(timeout=_WAIT) == 0
        self.process.stdin.close()

    def ask_nothing(self, method: str) -> None:
        """Send a request that takes no parameters."""
        self._number += 1
        box = self._answers[self._number] = queue.Queue()
        self._send({"id": self._number, "method": method})
        box.get(timeout=_WAIT)

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self.close()
        else:
            self.process.kill()

    def news(self, path: str, since: int) -> None:
        """Wait until something is said about a scene alone, or all of it."""
        uri = self.uri(path)
        with self._news:
            self._news.wait_for(
                lambda: (
                    self.at_once.get(uri, 0) > since
                    or self.versions.get(uri) == self._texts[path][0]
                ),
                timeout=_WAIT,
            )

    def wait(self, path: str, test: Callable[[list[dict[str, Any]]], bool]) -> None:
        """Wait until what is said of a file is as it should be."""
        uri = self.uri(path)
        with self._news:
            come = self._news.wait_for(lambda: test(self.said.get(uri, [])), timeout=_WAIT)
        assert come, self.said.get(uri)

    # Documents

    def uri(self, path: str) -> str:
        """Return the address of a file of the first folder."""
        return (self.folders[0] / path).as_uri()

    def open(self, path: str, text: str | None = None) -> str:
        """Open a file, with another text perhaps; return its text."""
        if text is None:
            text = (self.folders[0] / path).read_bytes().decode()
        self._texts[path] = 1, text
        uri = self.uri(path)
        with self._news:  # of when it was open before
            self.checked = {seen: said for seen, said in self.checked.items() if seen[0] != uri}
        self.tell(
            "textDocument/didOpen",
            textDocument={
                "uri": uri, "languageId": "markdown", "version": 1, "text": text,
            },
        )  # fmt: skip
        return text

    def change(self, path: str, *changes: dict[str, Any]) -> None:
        """Send changes as they are."""
        version, text = self._texts[path]
        self._texts[path] = version + 1, text
        self.tell(
            "textDocument/didChange",
            textDocument={"uri": self.uri(path), "version": version + 1},
            contentChanges=list(changes),
        )

    def write(self, path: str, text: str) -> None:
        """Replace all of a document."""
        self.change(path, {"text": text})

    def close_file(self, path: str) -> None:
        """Close a document."""
        self.tell("textDocument/didClose", textDocument={"uri": self.uri(path)})

    def findings(self, path: str) -> list[dict[str, Any]]:
        """Return what a check finds in the last version of a document, as soon as it says so.

        Where the story leads is then what it was before: `wait` for that.
        """
        seen = self.uri(path), self._texts[path][0]
        with self._news:
            come = self._news.wait_for(lambda: seen in self.checked, timeout=_WAIT)
        assert come, f"no findings for version {seen[1]} of {path}"
        return self.checked[seen]

    def at(self, method: str, path: str, line: int, character: int, **more: Any) -> Any:
        """Ask about a place, counted from 0."""
        return self.ask(
            f"textDocument/{method}",
            textDocument={"uri": self.uri(path)},
            position={"line": line, "character": character},
            **more,
        )

    def of(self, method: str, path: str, **more: Any) -> Any:
        """Ask about a document."""
        return self.ask(f"textDocument/{method}", textDocument={"uri": self.uri(path)}, **more)
