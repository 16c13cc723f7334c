"""All directives and modifiers of the language.

Importing the modules that describe them is what fills the registry.
"""

from __future__ import annotations

from comfyvn.story import directives_logic, directives_sound, directives_stage
from comfyvn.story.directive_registry import DIRECTIVES, MODIFIERS, Directive

__all__ = [
    "DIRECTIVES",
    "MODIFIERS",
    "Directive",
    "directives_logic",
    "directives_sound",
    "directives_stage",
]
