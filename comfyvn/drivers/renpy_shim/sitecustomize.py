"""Lets Ren'Py 8.0 as Debian packages it start on Python 3.11.

That Ren'Py builds syntax trees in which some nodes have a first line and no last one. Python 3.11
refuses to compile those, so the last line is filled in where Ren'Py has the first one filled in.
"""

import ast

_fix_missing_locations = ast.fix_missing_locations


def fix_missing_locations(node: ast.AST) -> ast.AST:
    """Fill in positions, also the ends of nodes that only have a start."""
    fixed = _fix_missing_locations(node)
    for part in ast.walk(fixed):
        line = getattr(part, "lineno", None)
        if line is not None and (getattr(part, "end_lineno", None) or 0) < line:
            part.end_lineno = line  # type: ignore[attr-defined]
            part.end_col_offset = max(getattr(part, "col_offset", None) or 0, 0)  # type: ignore[attr-defined]
    return fixed


ast.fix_missing_locations = fix_missing_locations  # type: ignore[assignment]
