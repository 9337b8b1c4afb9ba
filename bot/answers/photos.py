"""What is said about a photo of a letter, before it is read and when it cannot be."""

from __future__ import annotations

from bot.answers import general
from bot.conversation.turn import Turn
from bot.replies import Reply


def kept(turn: Turn, refused: str) -> Reply:
    """It is being read, or `refused` says why not (bot/conversation/photos.py: keep)."""
    return failed(turn, refused) if refused else general.say(turn, "photo.reading", menu=False)


def failed(turn: Turn, why: str) -> Reply:
    """Why there are no words, what to do, and a person. `off`: nobody reads photos here any more."""
    return general.say(turn, "media.photo" if why == "off" else f"photo.{why}")


def held(turn: Turn) -> Reply:
    """To somebody who is talking to a caseworker."""
    return general.say(turn, "photo.held", menu=False)
