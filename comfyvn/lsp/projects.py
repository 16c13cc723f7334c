"""The projects of a workspace: found below and above its folders, and around open files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pygls.uris import from_fs_path, to_fs_path

from comfyvn.lsp.project import Project
from comfyvn.lsp.text import Document, Encoding
from comfyvn.model.find import PROJECT_FILE, find_project

_DEEPEST = 4
_PASSED_OVER = frozenset({"node_modules", "build", "scenes", "assets", "__pycache__"})


class Projects:
    """All projects that an editor has to do with, and its open documents."""

    def __init__(self, encoding: Encoding = "utf-16") -> None:
        self.encoding = encoding
        self.by_root: dict[Path, Project] = {}
        self.documents: dict[str, Document] = {}
        self._folders: set[Path] = set()
        self._uris: dict[Path, str] = {}

    def look_in(self, folder: Path) -> list[Project]:
        """Take in a folder of the workspace; return the projects found there that are new."""
        self._folders.add(folder)
        return self.find_in(folder)

    def find_in(self, folder: Path) -> list[Project]:
        """Find the projects of any folder; return those that are new."""
        roots = {find_project(folder)}
        for here, folders, files in os.walk(folder):
            depth = len(Path(here).relative_to(folder).parts)
            if PROJECT_FILE in files:
                roots.add(Path(here))
            folders[:] = sorted(
                name
                for name in folders
                if depth < _DEEPEST and name[0] != "." and name not in _PASSED_OVER
            )
        return [found for root in sorted(filter(None, roots)) if (found := self._add(root))]

    def look_away(self, folder: Path) -> None:
        """Take in that a folder is no longer one of the workspace."""
        self._folders.discard(folder)

    def let_go(self) -> list[Project]:
        """Drop and return the projects that no folder has to do with, and no open document."""
        gone = [each for each in self.by_root.values() if not self._needs(each)]
        for project in gone:
            del self.by_root[project.root]
        return gone

    def _needs(self, project: Project) -> bool:
        return bool(project.open) or any(
            project.root.is_relative_to(folder) or folder.is_relative_to(project.root)
            for folder in self._folders
        )

    def _add(self, root: Path) -> Project | None:
        if root in self.by_root:
            return None
        project = self.by_root[root] = Project(root, self.encoding)
        for uri, document in self.documents.items():
            if (at := self.locate(uri)) is not None and at[0] is project:
                project.open[at[1]] = document
        return project

    def locate(self, uri: str) -> tuple[Project, str] | None:
        """Return the project that a file is of, and its path in it; the innermost."""
        file = path_of(uri)
        if file is None:
            return None
        root = next((each for each in file.parents if each in self.by_root), None)
        if root is None:
            return None
        project = self.by_root[root]
        path = project.relative(file)
        return (project, path) if path else None

    def opened(self, uri: str, text: str, version: int | None) -> Project | None:
        """Take in a document that was opened; return its project, found if need be."""
        document = self.documents[uri] = Document(text, self.encoding, version)
        file = path_of(uri)
        if file is not None:
            self._uris[file] = uri
            root = find_project(file.parent)
            if root is not None:
                self._add(root)
        at = self.locate(uri)
        if at is None:
            return None
        at[0].open[at[1]] = document
        return at[0]

    def closed(self, uri: str) -> Project | None:
        """Let go of a document; return its project."""
        self.documents.pop(uri, None)
        at = self.locate(uri)
        file = path_of(uri)
        if file is not None:
            self._uris.pop(file, None)
        if at is None:
            return None
        at[0].open.pop(at[1], None)
        at[0].refresh()
        return at[0]

    def uri(self, project: Project, path: str) -> str:
        """Return the address of a file, as the client writes it where it has it open."""
        file = project.root / path
        return self._uris.get(file) or from_fs_path(str(file)) or file.as_uri()

    def holding(self, uris: Iterable[str]) -> set[Project]:
        """Return the projects that some of the files are of."""
        return {at[0] for uri in uris if (at := self.locate(uri)) is not None}


def path_of(uri: str) -> Path | None:
    """Return the file of an address; None if it is no file's."""
    if not uri.startswith("file:"):
        return None
    found = to_fs_path(uri)
    return Path(found) if found else None
