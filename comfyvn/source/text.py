"""Reading source files: bytes to text that is safe to look at.

Lines and columns stay those of the file: a character is replaced at most by another one, never
taken out. Only the byte order mark and the carriage returns of line ends go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import takewhile

from comfyvn.source.diagnostics import Diagnostics, Edit, Span

Read = Callable[[str], bytes]
"""Returns the content of a file of the project; raises OSError."""
REPLACEMENT = "\ufffd"

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_INVISIBLE = re.compile("[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\ufeff]+")
_JOINERS = re.compile("[\u200c\u200d]+")
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: str, read: Read, out: Diagnostics) -> str | None:
    """Return the text of a source; None when that was reported to be impossible."""
    try:
        data = read(path)
    except OSError as error:
        report_unreadable(path, error, out)
        return None
    before = len(out)
    text = read_source(data, path, out)
    if not text and any(item.code == "VN0101" for item in out[before:]):
        return None
    return text


def report_unreadable(path: str, error: OSError, out: Diagnostics) -> None:
    """Report a file or folder that cannot be read."""
    out.error(
        "VN0151",
        f"cannot be read: {error.strerror or error}",
        Span.whole_file(path),
        help="look at its permissions, and whether it is a file",
    )


def read_source(data: bytes, path: str, out: Diagnostics) -> str:
    """Decode a source file and report what would change how it looks, sorts or reads.

    UTF-8 only; a byte order mark is taken off; CRLF and CR become LF; bytes that are not UTF-8,
    NUL and other control characters become U+FFFD (errors). Characters that are invisible or turn
    the direction of text, and text that is not in NFC, stay as they are (warnings). Never raises.
    """
    text = _decode(data, path, out)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        if _CONTROLS.search(text):
            text = _without_controls(text, path, out)
        return text
    if _ODD.search(text):
        text = _without_controls(text, path, out)
        _report_invisible(text, path, out)
    if not unicodedata.is_normalized("NFC", text):
        _report_decomposed(text, path, out)
    return text


def _decode(data: bytes, path: str, out: Diagnostics) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8-sig", errors="replace")
    text = data.decode("utf-8-sig", errors="replace")
    good = good.replace("\r\n", "\n").replace("\r", "\n")
    line = good.count("\n") + 1
    column = len(good) - good.rfind("\n")
    wide = data.startswith(_UTF_16) or data[:200].count(0) > len(data[:200]) // 3
    out.error(
        "VN0101",
        "the file is not UTF-8" + (" but seems to be UTF-16" if wide else ""),
        Span.on_line(path, line, column, column + 1),
        help="save it as UTF-8 in your editor",
    )
    if wide:  # every other byte would be a finding of its own
        return ""
    return text


def _spans(pattern: re.Pattern[str], text: str, path: str) -> list[tuple[Span, str]]:
    """Return the first match on each line with its text."""
    found = []
    position = 0
    line, counted = 1, 0
    while match := pattern.search(text, position):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        column = match.start() - text.rfind("\n", 0, match.start())
        found.append((Span.on_line(path, line, column, column + len(match[0])), match[0]))
        position = text.find("\n", match.end())
        if position < 0:
            break
    return found


def _named(characters: str) -> str:
    code = f"U+{ord(characters[0]):04X}"
    name = unicodedata.name(characters[0], "")
    return f"{code} ({name.lower()})" if name else code


def _without_controls(text: str, path: str, out: Diagnostics) -> str:
    for span, characters in _spans(_CONTROLS, text, path):
        out.error(
            "VN0102",
            f"the control character {_named(characters)} stands in the text",
            span,
            help="delete it",
            fix=[Edit(span, "")],
        )
    return _CONTROLS.sub(REPLACEMENT, text)


def _report_invisible(text: str, path: str, out: Diagnostics) -> None:
    def warn(code: str, pattern: re.Pattern[str], what: str, keep: Callable[[int], bool]) -> None:
        for span, characters in _spans(pattern, text, path):
            if keep(span.line):
                continue
            entity = "".join(f"&#x{ord(char):X};" for char in characters)
            out.warning(
                code,
                f"{_named(characters)} {what}",
                span,
                help=f"delete it, or write it so that it shows: `{entity}`",
                fix=[Edit(span, "")],
            )

    warn("VN0103", _DIRECTIONS, "turns the direction of text unseen", lambda _: False)
    warn("VN0104", _INVISIBLE, "cannot be seen", lambda _: False)
    if _JOINERS.search(text):
        lines = text.split("\n")
        # Emoji sequences and the scripts of India and Persia need joiners; Latin text does not.
        warn(
            "VN0104",
            _JOINERS,
            "cannot be seen",
            lambda line: not _LATIN_JOINER.search(lines[line - 1]),
        )


_LATIN_JOINER = re.compile(
    "[\\s\x21-\u02af][\u200c\u200d]|[\u200c\u200d][\\s\x21-\x7e]|^[\u200c\u200d]"
)


def _report_decomposed(text: str, path: str, out: Diagnostics) -> None:
    edits = []
    first: Span | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.isascii() or unicodedata.is_normalized("NFC", line):
            continue
        composed = unicodedata.normalize("NFC", line)
        if first is None:
            same = (a == b for a, b in zip(line, composed, strict=False))
            start = 1 + sum(1 for _ in takewhile(bool, same))
            first = Span.on_line(path, number, start, start + 2)
        edits.append(Edit(Span.on_line(path, number, 1, len(line) + 1), composed))
    if first is None:
        return
    more = f" and on {len(edits) - 1} more lines" if len(edits) > 1 else ""
    out.warning(
        "VN0105",
        f"letters and their accents are separate characters here{more}: equal words may differ",
        first,
        help="write composed characters (Unicode NFC)",
        fix=edits,
    )
