"""Reading `policy/ratings.yaml`."""

from __future__ import annotations

from comfyvn.model.find import RATINGS_FILE
from comfyvn.model.policy import Ratings
from comfyvn.model.validate import validate
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.text import Read, read_text
from comfyvn.source.yaml import Node, load_yaml


def read_ratings(read: Read, out: Diagnostics) -> tuple[Ratings, Node | None]:
    """Read a project's decisions about ratings; what is wrong is reported and left out.

    Returns:
        What was decided, and the file with its positions; None for these if it cannot be read.
    """
    text = read_text(RATINGS_FILE, read, out)
    node = None if text is None else load_yaml(text, RATINGS_FILE, out)
    found = None if node is None or node.value is None else validate(Ratings, node, out, {})
    if found is None or node is None:
        return Ratings(), node
    decided: set[str] = set()
    for number, each in enumerate(found.overrides):
        if each.item in decided:
            out.error(
                "VN0232",
                f"there are two decisions about `{each.item}`",
                node.at("overrides", number, "item"),
                help="leave the one that holds",
            )
        decided.add(each.item)
    return found, node
