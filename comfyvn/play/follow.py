"""What the answers of a route mean in a story that was edited since they were written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from comfyvn.play.answers import RefusedAnswerError, meant
from comfyvn.play.trail import Followed, Trail
from comfyvn.story.interpreter import State


class Note(NamedTuple):
    """That an answer was taken for something else than it says, and what to write."""

    number: int
    message: str
    help: str


class Follower:
    """Gives the meaning of answers, as `comfyvn.play.playthrough.Meaning`.

    A choice that was deleted leads to the one beside it; an answer to a menu that was deleted is
    left out. A text that no choice has any more is that of the choice which had it when the golden
    was written.
    """

    def __init__(
        self, trail: Trail, reviewed: Sequence[tuple[str, str]] = (), *, exact: bool = False
    ) -> None:
        """Take the ids and the texts of the choices that are taken in the golden.

        With `exact` a number is refused that is too large for its menu, and does not go round.
        """
        self.trail = trail
        self.reviewed = reviewed
        self.exact = exact
        self._notes: dict[int, Note] = {}

    @property
    def notes(self) -> list[Note]:
        """What was followed, by the numbers of the answers."""
        return [self._notes[number] for number in sorted(self._notes)]

    def __call__(
        self, number: int, state: State, texts: Mapping[str, str], given: int | str
    ) -> int | str | None:
        """Return what an answer means; None if nothing asks for it any more.

        Raises:
            RefusedAnswerError: the story cannot take it there.
        """
        if isinstance(given, str) and not state["menu"] and self.trail.is_choice(given):
            # An input takes any text, but this one was never meant for it.
            found = self.trail.followed(given)
            if found is not None:
                self._leave_out(number, given, found.text)
                return None
        if self.exact and isinstance(given, int) and state["menu"]:
            _check_number(state, texts, given)
        if isinstance(given, str) and given.startswith("^"):
            given = next((id for id in texts if self.trail.name(id) == given[1:]), given)
        try:
            return meant(state, texts, given)
        except RefusedAnswerError as refused:
            id = self._once(given) if isinstance(given, str) else None
            if id is None or not isinstance(given, str):
                raise
            return self._followed(number, state, texts, given, id, refused)

    def deleted(self, given: int | str) -> Followed | None:
        """Return what became of a choice that was deleted; None if it was not, or is not known."""
        id = self._once(given) if isinstance(given, str) else None
        return self.trail.followed(id) if id is not None else None

    def _once(self, text: str) -> str | None:
        """Return the id of the choice that said this when the golden was written; itself of an id
        that was deleted."""
        if self.trail.followed(text) is not None:
            return text
        wanted = text.strip().casefold()
        ids = {id for id, said in self.reviewed if said.casefold() == wanted}
        return ids.pop() if len(ids) == 1 else None

    def _followed(
        self,
        number: int,
        state: State,
        texts: Mapping[str, str],
        given: str,
        id: str,
        refused: RefusedAnswerError,
    ) -> int | str | None:
        found = self.trail.followed(id)
        if found is not None and (found.to is None or not self.trail.is_choice(found.to)):
            self._leave_out(number, given, found.text)
            return None
        to = id if found is None or found.to is None else found.to
        if to not in texts:
            if found is None:
                raise refused
            raise RefusedAnswerError(
                f"the choice `{_named(given, found.text)}` was deleted, and the one beside it is "
                "not open then",
                refused.help,
            )
        answer = meant(state, texts, to)
        if found is None:
            said = f"the choice `{given}` says `{texts[to]}` now"
            self._note(number, said, f"write that, or `{to}`, which stays")
            return answer
        self._note(
            number,
            f"the choice `{_named(given, found.text)}` was deleted, and is followed to "
            f"`{_named(to, texts[to])}`",
            f"write `{to}`, or what the route should take now",
        )
        return answer

    def _leave_out(self, number: int, given: str, text: str) -> None:
        self._note(
            number,
            f"the choice `{_named(given, text)}` was deleted with its menu: this answer is left "
            "out",
            "delete it here, too",
        )

    def _note(self, number: int, message: str, help: str) -> None:
        self._notes.setdefault(number, Note(number, message, help))


def _check_number(state: State, texts: Mapping[str, str], given: int) -> None:
    """Refuse a number that is too large, which would hide that a choice is gone.

    Raises:
        RefusedAnswerError: there is no such choice.
    """
    open_now = [texts[each["id"]] for each in state["menu"]["choices"] if each["enabled"]]
    if given >= len(open_now):
        offered = ", ".join(f"{number} `{text}`" for number, text in enumerate(open_now))
        raise RefusedAnswerError(
            f"the menu that is open then has no choice {given}", f"it offers {offered}"
        )


def _named(id: str, text: str) -> str:
    return id if id == text or not text else f"{id}: {text}"
