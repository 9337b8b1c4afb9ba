"""One form for all the ways in which people write the same letters.

`fold` is used wherever text is compared: by the classifier, the look-ups, the safety layer and the search for terms. It
keeps word order and word boundaries and loses case, diacritics, letter variants, digits of other scripts, elongation,
punctuation and invisible characters. It never raises, whatever it is given.
"""

from __future__ import annotations

import re
import unicodedata

_VARIANTS = {
    **dict.fromkeys("أإآٱ", "ا"),
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ئ": "ي",
    "ؤ": "و",
    "ة": "ه",
    "ۀ": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ک": "ك",
    "ڪ": "ك",
    "ګ": "گ",
    "ـ": "",
    "ʼ": "'",
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "ı": "i",
    "ß": "ss",
}
_TABLE = str.maketrans(
    {
        **_VARIANTS,
        **{chr(base + n): str(n) for base in (0x660, 0x6F0) for n in range(10)},
    }
)
_NOT_WORDS = re.compile(r"[^\w']+", re.UNICODE)
_ELONGATED = re.compile(r"([^\W\d])\1{2,}")  # letters only: 999 is not a long 9
_QUOTES = re.compile(r"(?<!\w)'+|'+(?!\w)")


def clean(text: str) -> str:
    """The same text without control characters, lone surrogates, bidi overrides and invisible marks; lines are kept."""
    kept = (
        c if c in "\n\u200c" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for c in text.replace("\r\n", "\n")
    )
    return "".join(kept).strip()


def fold(text: str) -> str:
    """The form for comparing: lower case words of plain letters and digits, one space between them."""
    decomposed = unicodedata.normalize("NFKD", clean(text).replace("\u200c", " ").casefold().translate(_TABLE))
    # the hamza and madda that NFKD splits from Arabic letters go the same way as Latin accents
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_TABLE)
    words = _QUOTES.sub(" ", _NOT_WORDS.sub(" ", bare.replace("_", " ")))
    return " ".join(_ELONGATED.sub(r"\1\1", words).split())
