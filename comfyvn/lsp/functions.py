"""The functions of expressions: how each is written, and what it gives."""

from __future__ import annotations

FUNCTIONS: dict[str, tuple[str, str]] = {
    "min": ("min(a, b, …)", "The smallest of numbers."),
    "max": ("max(a, b, …)", "The largest of numbers."),
    "abs": ("abs(a)", "A number without its sign."),
    "round": ("round(a)", "The nearest whole number; halves go to the even one."),
    "len": ("len(a)", "The code points of a text, or the members of a set."),
    "chance": ("chance(p)", "True with the probability `p`, from 0 to 1."),
    "roll": ('roll("2d6")', "The sum of dice, such as `2d6+1`."),
    "pick": ("pick(set)", "One member of a set."),
    "visited": ('visited("file.md#label")', "Whether a place was entered; `, ever` for all runs."),
    "times": ('times("file.md#label")', "How often a place was entered; `, ever` for all runs."),
    "seen": ('seen("#^name")', "Whether a line with a fixed name was read; `, ever` for all runs."),
    "chose": ('chose("#^name")', "Whether a choice was taken; `, ever` for all runs."),
}
