"""What becomes of a reading: the words of a letter, without identifiers, or the reason why there are none."""

from __future__ import annotations

import pycld2

from bot.conversation.incoming import PhotoRead
from bot.conversation.masking import mask
from bot.photos.frames import Answer

LEAST_WORDS = 4  # of three letters or more; a blur and a pattern give fewer
LEAST_SCORE = 0.6  # below it the words are guesses
SHARE = 20  # percent of English in a letter of two languages that is worth explaining


def judged(answer: Answer) -> PhotoRead:
    """`failure`: what the reading process refused with, `unreadable`, or `foreign` for a letter that is not English.

    Letters in scripts that the models do not know give no words at all: they are `unreadable`.
    """
    if answer.refused:
        return PhotoRead(failure=answer.refused)
    words = [word for word in answer.text.split() if sum(c.isalpha() for c in word) >= 3]
    if len(words) < LEAST_WORDS or answer.score < LEAST_SCORE:
        return PhotoRead(failure="unreadable")
    if _is_foreign(answer.text):
        return PhotoRead(failure="foreign")
    masked = mask(answer.text)
    return PhotoRead(words=masked.text, masked=sorted(masked.kinds))


def _is_foreign(text: str) -> bool:
    latin = sum(c.isascii() and c.isalpha() for c in text)
    if latin * 2 < sum(c.isalpha() for c in text):
        return True
    try:
        reliable, _, found = pycld2.detect(text, isPlainText=True, bestEffort=False)
    except pycld2.error:
        return False
    return bool(reliable) and found[0][1] != "en" and all(code != "en" or share < SHARE for _, code, share, _ in found)
