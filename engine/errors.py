"""What can go wrong in the engine, and whether trying again can help."""

from __future__ import annotations


class EngineError(Exception):
    """Base of all. The message never holds a person's words."""


class ModelError(EngineError):
    """The model is missing, damaged or not ours: permanent until someone trains or restores it."""


class TurnFailedError(EngineError):
    """An action raised, hung, or the turn had no answer: the message stays open and is tried again."""


class UnusableComponentError(EngineError):
    """`config.yml` names a component that needs what is not installed: permanent; the message names the mend."""
