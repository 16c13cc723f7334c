"""Commands in parts: `comfyvn assets list`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    _Base = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    _Base = argparse._SubParsersAction


def add_parts(
    parser: argparse.ArgumentParser, *, required: bool = False
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    """Let a command have parts, the chosen one named in `args.part`.

    Options may stand on either side of the part's name. One that the part does not take is an
    error, like any that is unknown.
    """
    return parser.add_subparsers(
        metavar="PART", title="parts", dest="part", action=_Parts, required=required
    )


class _Parts(_Base):
    """Hands what stands before the part's name on to the part.

    Left alone, argparse puts the part's defaults in its place.
    """

    def add_parser(self, name: str, **more: Any) -> argparse.ArgumentParser:
        part = super().add_parser(name, **more)
        part.add_argument("--debug", action="store_true", help="show our traceback when we fail")
        return part

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        part: argparse.ArgumentParser | None = self.choices.get(values[0]) if values else None
        if part is not None:
            taken = {option.dest for option in part._actions}
            for option in parser._actions:
                said = getattr(namespace, option.dest, option.default)
                if not option.option_strings or said == option.default:
                    continue
                if option.dest not in taken:
                    parser.error(f"`{part.prog}` has no {option.option_strings[-1]}")
                part.set_defaults(**{option.dest: said})
        super().__call__(parser, namespace, values, option_string)
