"""From our places and edits to those of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lsprotocol import types

from comfyvn.lsp.project import Project
from comfyvn.lsp.projects import Projects
from comfyvn.lsp.rename import Renaming
from comfyvn.lsp.text import Place
from comfyvn.source.diagnostics import Diagnostic, Edit, Span

_SEVERITY = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


def position(place: Place) -> types.Position:
    """Return a place as the protocol has it."""
    return types.Position(place.line, place.character)


def range_of(project: Project, span: Span) -> types.Range:
    """Return a span in units of the client."""
    start, end = project.document(span.path).ends(span)
    return types.Range(position(start), position(end))


def location(projects: Projects, project: Project, span: Span) -> types.Location:
    """Return a span with the address of its file."""
    return types.Location(projects.uri(project, span.path), range_of(project, span))


def diagnostic(projects: Projects, project: Project, found: Diagnostic) -> types.Diagnostic:
    """Return a finding; its help goes into the message, where every editor shows it."""
    span = range_of(project, found.span)
    if span.start == span.end and found.span.line:
        span.end = types.Position(span.end.line, span.end.character + 1)
    message = f"{found.message}\nhelp: {found.help}" if found.help else found.message
    return types.Diagnostic(
        range=span,
        message=message,
        severity=_SEVERITY[found.severity],
        code=found.code,
        source="comfyvn",
        related_information=[
            types.DiagnosticRelatedInformation(location(projects, project, each.span), each.message)
            for each in found.related
            if each.span.path
        ],
    )


def text_edits(project: Project, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Return the edits of one file."""
    return [types.TextEdit(range_of(project, each.span), each.text) for each in edits]


def workspace_edit(
    projects: Projects, project: Project, renaming: Renaming, *, versioned: bool
) -> types.WorkspaceEdit:
    """Return edits of many files, and then new names for some.

    Args:
        projects: what is open.
        project: whose files these are.
        renaming: what is to be done; files get other names only in edits that are versioned.
        versioned: whether the client takes edits that name the version they are about.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in sorted(set(renaming.edits), key=lambda each: each.span):
        by_path.setdefault(edit.span.path, []).append(edit)
    if not versioned:
        changes: Mapping[str, list[types.TextEdit]] = {
            projects.uri(project, path): text_edits(project, edits)
            for path, edits in by_path.items()
        }
        return types.WorkspaceEdit(changes=dict(changes))
    ordered: list[
        types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile
    ] = []
    for path, edits in by_path.items():
        document = project.open.get(path)
        identifier = types.OptionalVersionedTextDocumentIdentifier(
            uri=projects.uri(project, path), version=document.version if document else None
        )
        ordered.append(types.TextDocumentEdit(identifier, list(text_edits(project, edits))))
    for old, new in renaming.moves:
        ordered.append(types.RenameFile(projects.uri(project, old), projects.uri(project, new)))
    return types.WorkspaceEdit(document_changes=ordered)
