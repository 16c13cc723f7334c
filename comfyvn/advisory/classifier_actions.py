"""The steps of the advice that let a classifier look at pictures."""

from __future__ import annotations

import json

from comfyvn.advisory.ratings import highest
from comfyvn.engine.action import Context
from comfyvn.model.find import RATINGS_FILE
from comfyvn.model.ratings import read_ratings
from comfyvn.plan.classifiers import GIVEN, opened
from comfyvn.plan.content_actions import rated_assets
from comfyvn.plan.front_artifacts import read, report
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.nearest import nearest
from comfyvn.story.content import RATINGS, above


def named(context: Context) -> None:
    """Say which classifier is to look: `policy/ratings.yaml`, `@classifiers` → `@classifier`."""
    chosen: list[str] = []
    if context.find(RATINGS_FILE) is not None and (told := context.find(GIVEN)) is not None:
        decided, node = read_ratings(context.read, Diagnostics())
        there = json.loads(told)
        if decided.classifier is not None and decided.classifier in there:
            chosen = [decided.classifier, there[decided.classifier]]
        elif decided.classifier is not None:
            out = Diagnostics()
            near = nearest(decided.classifier, list(there))
            out.warning(
                "VN1930",
                f"no classifier `{decided.classifier}` is installed, so nothing looks at pictures",
                node.at("classifier") if node else Span.whole_file(RATINGS_FILE),
                help=f"did you mean `{near}`?" if near else "install its package, or delete this",
            )
            report(context, out)
    context.write("@classifier", json.dumps(chosen).encode())


def guess(context: Context) -> None:
    """Let the classifier look at a picture: the file, `@classifier`, `@marks`, … → findings."""
    path, chosen, marks, globals_, found = context.inputs
    said = read(context, chosen)
    if not said:
        return
    key = context.params["key"]
    answers = [each for each in read(context, found)["answers"] if each[3] == key]
    ratings = rated_assets(read(context, marks), answers).ratings
    names = {f"{kind} {' '.join((subject, *traits))}" for kind, subject, traits, _ in answers}
    decided = [ratings[name] for name in sorted(names) if name in ratings]
    if decided:
        # Somebody has looked at it, and sees better.
        return
    declared = read(context, globals_)["project"].get("rating", "everyone")
    out = Diagnostics()
    try:
        guesses = opened(said[0]).classify(context.read(path))
    except Exception as error:  # It is not ours: whatever it raises is about this picture.
        out.warning(
            "VN1930",
            f"the classifier `{said[0]}` cannot look at `{path}`: {error}",
            Span.whole_file(path),
            help="rate the picture in its sidecar, and it is not looked at",
        )
        report(context, out)
        return
    over = [each for each in guesses if each.rating in RATINGS and above(each.rating, declared)]
    top = highest(each.rating for each in over)
    for each in sorted(over, key=lambda each: -each.sure):
        if each.rating == top:
            out.append(
                Diagnostic(
                    "VN1903",
                    "note",
                    f"`{said[0]}` sees {each.hint} in `{path}`, which is for `{each.rating}`, and "
                    f"the story is `{declared}` ({each.sure:.0%} sure)",
                    Span.whole_file(path),
                    f"look at it, and write `rating: {each.rating}`, or `rating: {declared}`, in "
                    "its sidecar",
                )
            )
            break
    report(context, out)
