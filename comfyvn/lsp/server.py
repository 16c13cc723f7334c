"""The language server: the protocol on one side, projects on the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

import comfyvn
from comfyvn.lsp import answers
from comfyvn.lsp.diagnosing import Checked, Diagnosing
from comfyvn.lsp.project import Project
from comfyvn.lsp.projects import Projects, path_of
from comfyvn.lsp.ranges import diagnostic
from comfyvn.lsp.routes import Explorer, Routes
from comfyvn.lsp.story import Stories, Told
from comfyvn.lsp.text import Change, Place
from comfyvn.lsp.tokens import MODIFIERS_OF_TOKENS, TYPES

WATCHED = ("**/*.md", "**/*.yaml", "**/*.po", "**/vn.lock", "**/assets/**")
"""Files of which a change on disk matters."""
TRIGGERS = ["`", "(", "#", "{", " ", '"', "/", ".", ",", "^", "[", ":"]


class Protocol(LanguageServerProtocol):
    """The protocol, in which every request has an answer."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Return a message by its type; a request that has not its form is refused as well.

        Raises:
            JsonRpcException: it has not the form of its method.
        """
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "method" in data and "id" in data:
                refused = JsonRpcInvalidParams(f"these are no parameters of `{data['method']}`")
                self._send_response(data["id"], error=refused.to_response_error())
            raise


class Server(LanguageServer):
    """What an editor talks to.

    Attributes:
        projects: what is open, and what it belongs to.
        diagnosing: what checks it.
        stories: what looks at where they lead.
        explorer: what looks for the ways to its lines.
        settings: what the client asks for, as in `docs/editors/README.md`.
    """

    def __init__(self) -> None:
        super().__init__("comfyvn", comfyvn.__version__, protocol_cls=Protocol)
        self.projects = Projects()
        self.stories = Stories(self._explored)
        self.diagnosing = Diagnosing(self._publish, self._checked)
        self.explorer = Explorer(self._found)
        self.settings: dict[str, Any] = {}
        _register(self)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Say what failed where it disturbs nobody: in the log."""
        print(f"comfyvn lsp: {type(error).__name__}: {error}", file=sys.stderr)

    def setting(self, group: str, name: str, default: bool) -> bool:
        """Return a setting that is on or off."""
        found = self.settings.get(group)
        value = found.get(name, default) if isinstance(found, dict) else default
        return bool(value)

    # Documents

    def begin(self, params: types.InitializeParams) -> None:
        """Take in what the client can and wants."""
        told = self.workspace.position_encoding
        encoding = str(getattr(told, "value", told))
        if encoding in ("utf-8", "utf-16", "utf-32"):
            self.projects.encoding = encoding  # type: ignore[assignment]
        self.configure(params.initialization_options)

    def configure(self, settings: Any) -> None:
        """Take in settings; they may be below a key `comfyvn`."""
        if isinstance(settings, dict):
            own = settings.get("comfyvn", settings)
            self.settings = own if isinstance(own, dict) else {}

    def begun(self) -> None:
        """Find the projects of the workspace, and have files watched."""
        folders = [path_of(each.uri) for each in self.workspace.folders.values()]
        if not folders and self.workspace.root_uri:
            folders = [path_of(self.workspace.root_uri)]
        self.look_in(filter(None, folders))
        watching = self.client_capabilities.workspace
        watching_files = watching.did_change_watched_files if watching else None
        if watching_files is not None and watching_files.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions(
                [types.FileSystemWatcher(glob) for glob in WATCHED]
            )
            registration = types.Registration(
                "comfyvn-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
            )
            self.client_register_capability(types.RegistrationParams([registration]))

    def look_in(self, folders: Iterable[Path]) -> None:
        """Check the projects of some folders of the workspace."""
        for folder in folders:
            self._begin(self.projects.look_in(folder))

    def _begin(self, projects: Iterable[Project]) -> None:
        for project in projects:
            self.diagnosing.changed(project, now=True)
            self._explore(project)

    def look_away(self, folders: Iterable[Path]) -> None:
        """Let go of what only some former folders of the workspace had to do with."""
        for folder in folders:
            self.projects.look_away(folder)
        self._let_go()

    def _let_go(self) -> None:
        for project in self.projects.let_go():
            self.stories.forget(project)
            self.explorer.forget(project.root)
            self.diagnosing.forget(project)

    def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take in a document."""
        document = params.text_document
        project = self.projects.opened(document.uri, document.text, document.version)
        if project is not None:
            self.diagnosing.changed(project)

    def edited(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take in what was changed in a document."""
        document = self.projects.documents.get(params.text_document.uri)
        if document is None:
            return
        document.change(_changes(params.content_changes))
        document.version = params.text_document.version
        at = self.projects.locate(params.text_document.uri)
        if at is not None:
            self.diagnosing.changed(at[0])

    def closed(self, uri: str) -> None:
        """Let go of a document; its file counts again."""
        project = self.projects.closed(uri)
        if project is not None:
            self.diagnosing.changed(project)
            self._let_go()

    def touched(self, uris: Iterable[str]) -> None:
        """Look again at files that changed on disk."""
        for uri in (uris := list(uris)):
            file = path_of(uri)
            if file is not None and file.name == "vn.yaml" and file.is_file():
                self._begin(self.projects.find_in(file.parent))
        for project in self.projects.holding(uris):
            project.refresh()
            self.diagnosing.changed(project)
            self._explore(project)

    def _explore(self, project: Project) -> None:
        if self.setting("hover", "routes", True):
            self.explorer.wish(project.root)

    def _found(self, root: Path, routes: Routes) -> None:
        if root in self.projects.by_root:
            self.projects.by_root[root].routes = routes

    def _checked(self, project: Project) -> None:
        if self.setting("diagnostics", "story", True):
            self.stories.wish(project)

    def _explored(self, project: Project, told: Told) -> None:
        if self.projects.by_root.get(project.root) is not project:
            return
        self.diagnosing.explored(project, told)
        workspace = self.client_capabilities.workspace
        hints = workspace.inlay_hint if workspace else None
        if hints is not None and hints.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def way_to(self, uri: str, line: int) -> str | None:
        """Return the command that plays to a line, counted from 0; None if no way is known."""
        at = self.projects.locate(uri)
        routes = at[0].routes if at is not None else None
        if at is None or routes is None:
            return None
        project, path = at
        lines = project.ids.get(path, {})
        # A place between lines of the story counts for the line above it.
        known = [each for each in sorted(lines) if each <= line + 1]
        told = (routes.told.get(id) for each in known[::-1][:1] for id in lines[each])
        return next((each.strip("`") for each in told if each), None)

    def _publish(self, project: Project, told: Mapping[str, Checked]) -> None:
        for path, checked in told.items():
            document = project.open.get(path)
            if document is not None and document.text != checked.text:
                continue  # a check of what it holds now is on its way
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(
                    uri=self.projects.uri(project, path),
                    version=checked.version,
                    diagnostics=[
                        diagnostic(self.projects, project, each) for each in checked.findings
                    ],
                )
            )


def _changes(changes: Sequence[types.TextDocumentContentChangeEvent]) -> Iterable[Change]:
    for each in changes:
        if isinstance(each, types.TextDocumentContentChangePartial):
            start, end = each.range.start, each.range.end
            yield Change(
                Place(start.line, start.character), Place(end.line, end.character), each.text
            )
        else:
            yield Change(None, None, each.text)


_ANSWERS = {
    types.TEXT_DOCUMENT_HOVER: (answers.hover_at, None),
    types.TEXT_DOCUMENT_DEFINITION: (answers.definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (answers.references, None),
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: (answers.highlights, None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (answers.prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (answers.rename_at, types.RenameOptions(prepare_provider=True)),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (answers.document_symbols, None),
    types.WORKSPACE_SYMBOL: (answers.workspace_symbols, None),
    types.TEXT_DOCUMENT_FOLDING_RANGE: (answers.folding, None),
    types.TEXT_DOCUMENT_FORMATTING: (answers.format_document, None),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: (answers.links, None),
    types.TEXT_DOCUMENT_INLAY_HINT: (answers.inlay_hints, None),
    types.TEXT_DOCUMENT_COMPLETION: (
        answers.completion,
        types.CompletionOptions(trigger_characters=TRIGGERS),
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        answers.code_actions,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]),
    ),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (
        answers.semantic_tokens,
        types.SemanticTokensLegend(list(TYPES), list(MODIFIERS_OF_TOKENS)),
    ),
    types.WORKSPACE_WILL_RENAME_FILES: (
        answers.files_renamed,
        types.FileOperationRegistrationOptions(
            [
                types.FileOperationFilter(types.FileOperationPattern("**/scenes/**"), "file"),
                types.FileOperationFilter(
                    types.FileOperationPattern(
                        "**/scenes/**", types.FileOperationPatternKind.Folder
                    ),
                    "file",
                ),
                types.FileOperationFilter(types.FileOperationPattern("**/*.yaml"), "file"),
            ]
        ),
    ),
}
"""What answers to a request, and what the client is told of it."""


def _register(server: Server) -> None:
    for method, (answer, options) in _ANSWERS.items():
        server.feature(method, options)(_handler(server, answer))

    @server.feature(types.INITIALIZE)
    def _(params: types.InitializeParams) -> None:
        server.begin(params)

    @server.feature(types.INITIALIZED)
    def _(params: types.InitializedParams) -> None:
        server.begun()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def _(params: types.DidOpenTextDocumentParams) -> None:
        server.opened(params)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def _(params: types.DidChangeTextDocumentParams) -> None:
        server.edited(params)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def _(params: types.DidCloseTextDocumentParams) -> None:
        server.closed(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def _(params: types.DidSaveTextDocumentParams) -> None:
        server.touched([params.text_document.uri])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def _(params: types.DidChangeWatchedFilesParams) -> None:
        server.touched([each.uri for each in params.changes])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def _(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.look_in(filter(None, (path_of(each.uri) for each in params.event.added)))
        server.look_away(filter(None, (path_of(each.uri) for each in params.event.removed)))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def _(params: types.DidChangeConfigurationParams) -> None:
        server.configure(params.settings)

    @server.feature(types.SHUTDOWN)
    def _(params: None) -> None:
        server.explorer.close()
        server.stories.close()
        server.diagnosing.close()

    @server.command("comfyvn.wayTo")
    def _(uri: str, line: int) -> str | None:
        return server.way_to(uri, line)


def _handler(server: Server, answer: Any) -> Any:
    def handle(params: Any) -> Any:
        return answer(server, params)

    return partial(handle)


def serve_stdio() -> None:
    """Serve one client on standard input and output, which nothing else may use meanwhile."""
    import os

    # A check in its thread gives way to what is asked meanwhile within a millisecond.
    sys.setswitchinterval(0.001)
    given, taken = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    Server().start_io(given, taken)


def serve_tcp(host: str, port: int) -> None:
    """Serve one client on a port."""
    Server().start_tcp(host, port)
