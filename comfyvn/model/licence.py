"""Licences as SPDX expressions."""

from __future__ import annotations

from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import nearest

COMMON_LICENCES = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-3.0",
    "CC-BY-SA-3.0",
    "MIT",
    "Apache-2.0",
    "OFL-1.1",
    "GPL-3.0-or-later",
    "LicenseRef-Proprietary",
)
"""Licences that pictures and sounds usually have: what a mistyped one is taken for."""

_LONGEST = 1000
"""Characters that a licence expression may have."""


def check_licence(licence: str, span: Span, out: Diagnostics) -> bool:
    """Whether a licence is an SPDX expression; report it if not."""
    help = licence_help(licence)
    if help is None:
        return True
    out.error("VN1202", f"`{licence}` is no SPDX licence expression", span, help=help)
    return False


def licence_help(licence: str) -> str | None:
    """Return what to write instead of a licence that is no SPDX expression; None if it is one."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        canonicalize_license_expression(licence if len(licence) <= _LONGEST else "")
    except InvalidLicenseExpression:
        near = nearest(licence, COMMON_LICENCES)
        if near:
            return f"did you mean `{near}`?"
        return "write one of <https://spdx.org/licenses>, or `LicenseRef-` and a name of yours"
    return None
