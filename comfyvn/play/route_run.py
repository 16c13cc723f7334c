"""A route as runtimes play it."""

from __future__ import annotations

from comfyvn.play.answers import RefusedAnswerError
from comfyvn.play.beginning import BeginningError, place_of, value_of
from comfyvn.play.follow import Follower, Note
from comfyvn.play.playthrough import play
from comfyvn.play.route import Route, RouteError
from comfyvn.play.runtime import Run
from comfyvn.play.trail import Trail
from comfyvn.story.interpreter import Story


def run_of(route: Route, trail: Trail, story: Story, notes: list[Note]) -> Run:
    """Return a route with its choices as numbers; what was followed is added to `notes`.

    Raises:
        RouteError: the story cannot be played so.
    """
    program = story.program
    try:
        start = place_of(trail, route.start) if route.start is not None else ""
        given = {name: value_of(program, name, each) for name, each in route.given.items()}
        seed = program.get("seed", 0) if route.seed is None else route.seed
        run = Run(seed, route.choices, route.language, start, given)
        if not any(isinstance(each, str) for each in route.choices):
            return run
        follower = Follower(trail)
        run = play(
            story,
            seed,
            route.choices,
            language=route.language,
            start=start,
            given=given,
            meaning=follower,
        ).run
    except (BeginningError, RefusedAnswerError) as error:
        raise RouteError(f"{error}; {error.help}" if error.help else str(error)) from error
    notes += follower.notes
    return run
