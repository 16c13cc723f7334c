"""The answer of a server over HTTP, read up to a limit: who answers may be anybody."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

MB = 1 << 20
SOUND, PICTURE, TEXT = 128 * MB, 256 * MB, 64 * MB
"""The most bytes of a spoken line, of a file that a server made, and of any other answer: the
classes of nodes of a ComfyUI with many extensions are some ten MB."""
_OF_THE_CONNECTION = ("content-encoding", "content-length", "transfer-encoding")


class TooLongError(Exception):
    """An answer is larger than it may be; the message says so, for people."""

    expected = True


def answer_to(
    client: httpx.Client, method: str, url: str, *, most: int, seconds: float, **more: Any
) -> httpx.Response:
    """Ask, and return the answer with its content.

    Args:
        client: what asks; its own limits of time are those of each part of an answer.
        method: of HTTP.
        url: what is asked.
        most: the bytes of content that are read, unpacked.
        seconds: how long the content may take to come.
        more: as of `httpx.Client.stream`.

    Raises:
        TooLongError: there is more of it.
        httpx.HTTPError: it does not come, or not in time.
    """
    import httpx

    until = time.monotonic() + seconds
    with client.stream(method, url, **more) as answer:
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > most:
                raise TooLongError(f"it answered with more than {most // MB} MB")
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer does not end", request=answer.request)
            parts.append(part)
        kept = [
            (name, value)
            for name, value in answer.headers.multi_items()
            if name.lower() not in _OF_THE_CONNECTION
        ]
        return httpx.Response(
            answer.status_code, headers=kept, content=b"".join(parts), request=answer.request
        )
