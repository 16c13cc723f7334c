"""The answers to what editors ask, in the words of the protocol."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from lsprotocol import types

from comfyvn.lsp.actions import actions, fix_all
from comfyvn.lsp.completion import complete
from comfyvn.lsp.describe import asset_file
from comfyvn.lsp.formatting import formatted
from comfyvn.lsp.hints import hints
from comfyvn.lsp.hover import hover, is_definition
from comfyvn.lsp.outline import Entry, folds, outline
from comfyvn.lsp.project import Project
from comfyvn.lsp.ranges import (
    diagnostic,
    location,
    position,
    range_of,
    text_edits,
    workspace_edit,
)
from comfyvn.lsp.rename import (
    RenameError,
    Renaming,
    move_scenes,
    renamable,
    rename,
    renamed_file,
)
from comfyvn.lsp.symbols import Occurrence, Symbol
from comfyvn.lsp.text import Place, width
from comfyvn.lsp.tokens import TYPES, tokens
from comfyvn.lsp.wording import worded
from comfyvn.source.diagnostics import Edit, Span

if TYPE_CHECKING:
    from comfyvn.lsp.server import Server

_Kind = types.SymbolKind
_KINDS = {
    "label": _Kind.Namespace, "choice": _Kind.EnumMember, "outcome": _Kind.EnumMember,
    "ending": _Kind.Event, "line": _Kind.Key, "key": _Kind.Property, "character": _Kind.Class,
    "look": _Kind.EnumMember, "variable": _Kind.Variable, "scene": _Kind.Module,
    "location": _Kind.Package, "time": _Kind.Constant, "weather": _Kind.Constant,
    "prop": _Kind.Struct, "anchor": _Kind.Field, "theme": _Kind.Object, "unlock": _Kind.Event,
    "world": _Kind.Package, "timeline": _Kind.Array, "asset": _Kind.File,
}  # fmt: skip
_MOST_SYMBOLS = 500

At = tuple[Project, str, int, int]


class _Asked(Protocol):
    """What all questions about a place have in common."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier: ...

    @property
    def position(self) -> types.Position: ...


def _at(server: Server, params: _Asked) -> At | None:
    """Return the project, the path, and line and column from 1 of a place."""
    found = server.projects.locate(params.text_document.uri)
    if found is None:
        return None
    project, path = found
    place = Place(params.position.line, params.position.character)
    return project, path, *project.document(path).at(place)


def completion(server: Server, params: types.CompletionParams) -> types.CompletionList | None:
    """Return what may stand at a place."""
    at = _at(server, params)
    if at is None:
        return None
    asked = server.client_capabilities.text_document
    item = asked.completion.completion_item if asked and asked.completion else None
    formats = item.documentation_format if item else None
    items = complete(*at)
    for each in items:
        if each.documentation is not None:
            each.documentation = worded(str(each.documentation), formats)
    return types.CompletionList(False, items)


def hover_at(server: Server, params: types.HoverParams) -> types.Hover | None:
    """Return what is known of a place."""
    at = _at(server, params)
    found = hover(*at) if at is not None else None
    if at is None or found is None:
        return None
    asked = server.client_capabilities.text_document
    formats = asked.hover.content_format if asked and asked.hover else None
    # Before there were formats, what a hover said was Markdown.
    formats = formats or [types.MarkupKind.Markdown]
    return types.Hover(worded(found.text, formats), range_of(at[0], found.span))


def definition(server: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    """Return where what stands at a place is declared."""
    at = _at(server, params)
    found = at[0].at(*at[1:]) if at is not None else None
    if at is None or found is None:
        return None
    project = at[0]
    if found.symbol.kind == "asset" and (path := asset_file(project, found.symbol.name)):
        top = types.Range(types.Position(0, 0), types.Position(0, 0))
        return [types.Location(server.projects.uri(project, path), top)]
    return [
        location(server.projects, project, each.span)
        for each in project.definitions(found.symbol)
        if is_definition(each)
    ]


def references(server: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return where what stands at a place is written."""
    at = _at(server, params)
    found = at[0].at(*at[1:]) if at is not None else None
    if at is None or found is None:
        return None
    return [
        location(server.projects, at[0], each.span)
        for each in at[0].occurrences(found.symbol)
        if params.context.include_declaration or not each.defines
    ]


def highlights(
    server: Server, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight] | None:
    """Return the places in the same file."""
    at = _at(server, params)
    found = at[0].at(*at[1:]) if at is not None else None
    if at is None or found is None:
        return None
    write, read = types.DocumentHighlightKind.Write, types.DocumentHighlightKind.Read
    return [
        types.DocumentHighlight(range_of(at[0], each.span), write if each.defines else read)
        for each in at[0].names(at[1]).get(found.symbol, ())
    ]


# Renaming


def prepare_rename(
    server: Server, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """Return what would be renamed."""
    at = _at(server, params)
    if at is None:
        return None
    try:
        span, text = renamable(*at)
    except RenameError:
        return None
    return types.PrepareRenamePlaceholder(range_of(at[0], span), text)


def rename_at(server: Server, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Return how to rename what stands at a place; a reason that it cannot be is told."""
    at = _at(server, params)
    if at is None:
        return None
    try:
        renaming = rename(*at, params.new_name)
        if renaming.moves and not _moves_files(server):
            old, _ = renaming.moves[0]
            raise RenameError(f"`{old}` needs another name too, and this editor renames no files")
    except RenameError as error:
        server.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"Not renamed: {error}")
        )
        return None
    return _edit(server, at[0], renaming)


def _moves_files(server: Server) -> bool:
    """Whether the client takes orders to rename files."""
    workspace = server.client_capabilities.workspace
    can = workspace.workspace_edit if workspace else None
    operations = (can.resource_operations if can else None) or ()
    return types.ResourceOperationKind.Rename in operations


def _edit(server: Server, project: Project, renaming: Renaming) -> types.WorkspaceEdit:
    workspace = server.client_capabilities.workspace
    can = workspace.workspace_edit if workspace else None
    # Orders to rename files stand only among versioned edits; a client that takes the one but does
    # not tell of the other, as Neovim 0.7, takes both.
    return workspace_edit(
        server.projects,
        project,
        renaming,
        versioned=bool((can and can.document_changes) or renaming.moves),
    )


def files_renamed(server: Server, params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
    """Return what is to be written when files get other names."""
    moved: dict[Project, dict[str, str]] = {}
    edits: dict[Project, list[Edit]] = {}
    for each in params.files:
        old = server.projects.locate(each.old_uri)
        new = server.projects.locate(each.new_uri)
        if old is None or new is None or old[0] is not new[0]:
            continue
        project = old[0]
        scenes = project.scene_of(old[1]), project.scene_of(new[1])
        if scenes[0] is not None and scenes[1] is not None:
            moved.setdefault(project, {})[scenes[0]] = scenes[1]
        elif old[1].startswith("scenes/") and not old[1].endswith(".md"):
            moved.setdefault(project, {}).update(_moved_folder(project, old[1], new[1]))
        elif old[1].endswith(".yaml"):
            try:
                edits.setdefault(project, []).extend(_named_by_file(project, old[1], new[1]))
            except RenameError as error:
                said = f"Names stay as they are: {error}"
                server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, said))
    whole: types.WorkspaceEdit | None = None
    for project in dict.fromkeys((*moved, *edits)):
        written = move_scenes(project, moved.get(project, {})).edits + edits.get(project, [])
        edit = _edit(server, project, Renaming(written, []))
        whole = edit if whole is None else _together(whole, edit)
    return whole


def _together(first: types.WorkspaceEdit, second: types.WorkspaceEdit) -> types.WorkspaceEdit:
    """Return the edits of two projects, for the same client, as one."""
    if first.document_changes is None:
        return types.WorkspaceEdit(changes={**(first.changes or {}), **(second.changes or {})})
    return types.WorkspaceEdit(
        document_changes=[*first.document_changes, *(second.document_changes or ())]
    )


def _moved_folder(project: Project, old: str, new: str) -> dict[str, str]:
    """Return the new ids of the scenes of a folder, by those that they have."""
    before, after = (f"{each}/".removeprefix("scenes/") for each in (old, new))
    return {id: after + id[len(before) :] for id in project.scenes if id.startswith(before)}


def _named_by_file(project: Project, old: str, new: str) -> Sequence[Edit]:
    """Return the edits for a file whose name is the id of what it holds."""
    own = next(
        (
            each[0]
            for each in project.names(old).values()
            if each[0].defines and each[0].form == "path"
        ),
        None,
    )
    name = new.rpartition("/")[2].removesuffix(".yaml")
    if own is None or old.rpartition("/")[0] != new.rpartition("/")[0]:
        return ()
    return renamed_file(project, own.symbol, name)


# Shape


def document_symbols(
    server: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """Return the outline of a document."""
    found = server.projects.locate(params.text_document.uri)
    if found is None:
        return None
    project, path = found

    def symbol(entry: Entry) -> types.DocumentSymbol:
        whole, at = range_of(project, entry.whole), range_of(project, entry.at)
        return types.DocumentSymbol(
            entry.name.strip() or "…",
            _KINDS[entry.what],
            whole,
            at,
            children=[symbol(each) for each in entry.parts],
        )

    return [symbol(entry) for entry in outline(project, path)]


def workspace_symbols(
    server: Server, params: types.WorkspaceSymbolParams
) -> list[types.SymbolInformation]:
    """Return the declarations whose names have the letters of the query, in their order."""
    wanted = params.query.casefold()

    def fits(name: str) -> bool:
        letters = iter(name.casefold())
        return all(letter in letters for letter in wanted)

    found = (
        types.SymbolInformation(
            location(server.projects, project, each.span),
            each.symbol.name,
            _KINDS[each.symbol.kind],
            container_name=each.symbol.kind,
        )
        for project in server.projects.by_root.values()
        for each in project.symbols()
        if each.form != "called" and fits(each.symbol.name)
    )
    return list(islice(found, _MOST_SYMBOLS))


def folding(server: Server, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """Return what can be folded away."""
    found = server.projects.locate(params.text_document.uri)
    if found is None:
        return None
    return [
        types.FoldingRange(fold.first - 1, fold.last - 1, kind=types.FoldingRangeKind(fold.what))
        for fold in folds(*found)
    ]


def format_document(
    server: Server, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """Return the edits that put a document into canonical form."""
    found = server.projects.locate(params.text_document.uri)
    return text_edits(found[0], formatted(*found)) if found is not None else None


def links(server: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """Return what leads to a file, or to a heading of one."""
    at = server.projects.locate(params.text_document.uri)
    if at is None:
        return None
    project, path = at
    found: list[types.DocumentLink] = []
    for symbol, occurrences in project.names(path).items():
        for each in occurrences:
            if each.defines:
                continue
            target = _target(server, project, symbol, each)
            if target is not None:
                found.append(types.DocumentLink(range_of(project, each.span), target))
    return found


def _target(server: Server, project: Project, symbol: Symbol, each: Occurrence) -> str | None:
    match symbol.kind:
        case "scene" if each.form == "path" or not each.span.path.startswith("scenes/"):
            path = project.scenes.get(symbol.name)
            return server.projects.uri(project, path) if path else None
        case "label":
            heading = next(project.definitions(symbol), None)
            if heading is None:
                return None
            uri = server.projects.uri(project, heading.span.path)
            return f"{uri}#L{heading.span.line}"
        case "asset":
            path = asset_file(project, symbol.name)
            return server.projects.uri(project, path) if path else None
    return None


# Findings


def code_actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what can be done about the findings of a range."""
    at = server.projects.locate(params.text_document.uri)
    if at is None:
        return []
    project, path = at
    findings = server.diagnosing.of(project, path)
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]

    def wants(kind: str) -> bool:
        return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)

    found: list[types.CodeAction] = []
    document = project.document(path)
    first = document.at(Place(params.range.start.line, params.range.start.character))
    last = document.at(Place(params.range.end.line, params.range.end.character))
    here = [each for each in findings if _touches(each.span, first, last)]
    for each in actions(project, here) if wants("quickfix") else ():
        found.append(
            types.CodeAction(
                each.title,
                types.CodeActionKind.QuickFix,
                [diagnostic(server.projects, project, each.mends)],
                is_preferred=each.certain,
                edit=_edit(server, project, Renaming(list(each.edits), [])),
            )
        )
    edits = fix_all(findings, path)
    if edits and wants("source.fixAll.comfyvn"):
        found.append(
            types.CodeAction(
                "Apply every fix of ComfyVN",
                "source.fixAll.comfyvn",
                edit=_edit(server, project, Renaming(list(edits), [])),
            )
        )
    return found


def _touches(span: Span, first: tuple[int, int], last: tuple[int, int]) -> bool:
    if span.line == 0:
        return first[0] == 1
    return (span.line, span.column) <= last and first <= (span.end_line, span.end_column)


def semantic_tokens(
    server: Server, params: types.SemanticTokensParams
) -> types.SemanticTokens | None:
    """Return what the words of a document are."""
    at = server.projects.locate(params.text_document.uri)
    if at is None:
        return None
    project, path = at
    document = project.document(path)
    data: list[int] = []
    before = Place(0, 0)
    for line, column, length, kind, declares in tokens(project, path):
        place = document.place(line, column)
        written = document.line(line - 1)[column - 1 : column - 1 + length]
        start = place.character - (before.character if place.line == before.line else 0)
        units = width(written, document.encoding)
        data += [place.line - before.line, start, units, TYPES.index(kind), int(declares)]
        before = place
    return types.SemanticTokens(data)


def inlay_hints(server: Server, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Return the hints of a range."""
    at = server.projects.locate(params.text_document.uri)
    if at is None:
        return None
    project, path = at
    document = project.document(path)
    found = hints(
        project,
        path,
        server.diagnosing.of(project, path) if server.setting("hints", "conditions", True) else (),
        params.range.start.line + 1,
        params.range.end.line + 1,
        ids=server.setting("hints", "ids", False),
    )
    return [
        types.InlayHint(
            position(document.place(each.line, each.column)),
            each.text,
            tooltip=each.about,
            padding_left=True,
        )
        for each in found
    ]
