"""Steps that finish what was rendered: cut-outs, one crop for each set, WebP."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.source.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from comfyvn.drivers.cutout.matte import Picture


def cut(context: Context) -> None:
    """Cut a figure out of its ground: `@rendered/KEY` → `@cut/SET/KEY`, PNG.

    Params: `name`, what is shown; `workflow`, the file that rendered it.
    """
    from comfyvn.drivers.cutout.matte import cut_out

    (rendered,) = context.inputs
    figure, free = cut_out(context.read(rendered))
    if not free:
        context.report(
            Diagnostic(
                "VN1412",
                "warning",
                f"`{context.params['name']}` was rendered on a ground that is not even, so that "
                "it could not be cut out",
                Span.whole_file(context.params["workflow"]),
                help="pin another take (`comfyvn assets review`), ask for a plain ground in "
                "`pictures: {framing: …}`, or let the workflow give a transparent picture",
            )
        )
    context.write(context.outputs[0], _png(figure))


def place(context: Context) -> None:
    """Find one crop and one baseline for a set: `@cut/SET/*` → `@place/SET/KEY`, JSON."""
    from comfyvn.drivers.cutout.sets import measure, places

    names = [name for pattern in context.inputs for name in _written(context, pattern)]
    figures = {name: measure(_picture(context.read(name))) for name in names}
    for name, found in places(figures).items():
        context.write(f"@place/{name.removeprefix('@cut/')}", canonical(found._asdict()).encode())


def finish(context: Context) -> None:
    """Put a figure onto its set's canvas: `@cut/SET/KEY`, `@place/SET/KEY` → `@made/KEY`."""
    from PIL import Image

    from comfyvn.drivers.cutout.sets import Place, placed
    from comfyvn.drivers.webp import encoded

    figure, told = context.inputs
    found = json.loads(context.read(told))
    where = Place(tuple(found["size"]), tuple(found["at"]))
    picture = placed(_picture(context.read(figure)), where)
    context.write(context.outputs[0], encoded(Image.fromarray(picture)))


def convert(context: Context) -> None:
    """Make WebP of what stays as it was rendered: `@rendered/KEY` → `@made/KEY`."""
    from comfyvn.drivers.webp import as_webp

    (rendered,) = context.inputs
    context.write(context.outputs[0], as_webp(context.read(rendered)))


def _written(context: Context, name: str) -> tuple[str, ...]:
    return context.names(name) if "*" in name else (name,)


def _picture(data: bytes) -> Picture:
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("RGBA"))


def _png(picture: Picture) -> bytes:
    from PIL import Image

    made = io.BytesIO()
    # Read once by the next step: not worth a small file.
    Image.fromarray(picture).save(made, "PNG", compress_level=1)
    return made.getvalue()
