"""From the name of an action to what runs it.

`module:function` names a function of ComfyVN or of an installed package; a name without a colon is
an entry point of the group `comfyvn.actions`. Whether there is such an action can be said without
running anything of the package (`missing`), since who wrote a rule is not yet trusted then.
"""

from __future__ import annotations

import ast
import re
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

from comfyvn.engine.step import Rule
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import did_you_mean

GROUP = "comfyvn.actions"
_FORM = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_]\w*)?")
_OWN = re.compile(r"comfyvn\.([a-z_]+\.)*[a-z_]*actions:[a-z_]+")


def is_own(action: str) -> bool:
    """Return whether an action is one that ComfyVN offers to rules: a function of an `actions`."""
    return _OWN.fullmatch(action) is not None


def missing(action: str) -> tuple[str, str | None] | None:
    """Return what is wrong with an action's name, and help; None if there is such an action.

    No module of it is imported.
    """
    if not _FORM.fullmatch(action):
        return f"`{action}` cannot be an action", "write `module:function` or an entry point's name"
    module, _, function = action.partition(":")
    if not function:
        names = sorted(point.name for point in _entry_points())
        if action in names:
            return None
        help = did_you_mean(action, names) or "install the package that offers it"
        return f"no installed package offers the action `{action}`", help
    spec = _spec(module)
    if spec is None:
        return f"there is no module `{module}`", "install the package that holds it"
    defined = _defined(spec)
    if defined is None or function in defined:
        return None
    public = [name for name in defined if not name.startswith("_")]
    return f"`{module}` has no function `{function}`", did_you_mean(function, public)


def resolve(rule: Rule, out: Diagnostics) -> Any:
    """Return what runs a rule's steps, importing it; None, with a finding, if there is nothing.

    For `where: job` that is a callable from a `JobSite` to a job driver (`comfyvn.engine.jobs`),
    else one that takes a `Context`. Whether the project's rules are trusted is settled before.
    """
    span = Span.on_line(rule.origin[0], rule.origin[1], 1, 1)
    found, problem = None, None
    try:
        found = _load(rule.action)
    except Exception as error:  # a package's own code ran, and anything may come of that
        said = f"the action `{rule.action}` cannot be loaded: {error!r}"
        problem = missing(rule.action) or (said, None)
    if found is not None and not callable(found):
        problem = f"`{rule.action}` cannot be called", None
    if problem is None:
        return found
    out.error("VN1104", problem[0], span, help=problem[1])
    return None


def _load(action: str) -> Any:
    import importlib

    module, _, function = action.partition(":")
    if function:
        return getattr(importlib.import_module(module), function)
    return next(point for point in _entry_points() if point.name == action).load()


def _entry_points() -> Any:
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)


def _spec(module: str) -> ModuleSpec | None:
    """Find a module through its packages; `importlib.util.find_spec` would import those."""
    spec, path, name = None, None, ""
    for part in module.split("."):
        name = f"{name}.{part}".lstrip(".")
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            return None
        path = list(spec.submodule_search_locations or ())
    return spec


def _defined(spec: ModuleSpec) -> list[str] | None:
    """Return the names that a module's source binds at its top; None if there is no source."""
    if not spec.origin or not spec.origin.endswith(".py"):
        return None
    try:
        tree = ast.parse(Path(spec.origin).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    names: list[str] = []
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.append(node.name)
            case ast.Import() | ast.ImportFrom():
                names += [item.asname or item.name.partition(".")[0] for item in node.names]
            case ast.Assign():
                names += [item.id for item in node.targets if isinstance(item, ast.Name)]
            case ast.AnnAssign():
                names += [node.target.id] if isinstance(node.target, ast.Name) else []
            case ast.If() | ast.Try():
                waiting += [*node.body, *node.orelse]
    return None if "*" in names else names
