"""What makes a build begin again."""

from __future__ import annotations


class BeginAgainError(Exception):
    """What a build relied on turned out not to be so; begun again, it goes right.

    Whoever runs a plan lets every step be looked at (`Run.run(None)`), and tells the user what the
    error says, if it says something.
    """


class SourceChangedError(BeginAgainError):
    """A source was written while it was being built."""


class StoreDamagedError(BeginAgainError):
    """The store's file turned out to be damaged, and was begun anew."""
