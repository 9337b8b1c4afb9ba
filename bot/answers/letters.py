"""A letter explained: what kind it seems to be, what it asks for and by when, its words, and who can help with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.letters import Letter
from bot.knowledge.seed import OFFICIAL
from bot.replies import Button, Reply, payload

WORDS, DATES, ASKS, MORE = 8, 6, 5, 20
MOST = 80  # words that a button brings along
KIND = "letter"  # `kind` of a "/tell_more" for the words that were only named


def letter(turn: Turn, read: Letter) -> list[Reply]:
    """The dates first, then what is asked, then the words, shortest explanation first; of a regulated letter words only."""
    parts = [turn.t("letter.intro"), *_kind(turn, read)]
    if read.home_office:
        parts.append(turn.t("letter.home_office"))
    ordered = _shortest_first(turn, {found.key for found in read.terms})
    words = _words(turn, ordered) if ordered else [turn.t("letter.no_words")]
    parts += [*_dates(turn, read), *_asks(turn, read), *words, turn.t("letter.not_kept")]
    return [turn.reply("\n\n".join(parts), _more(turn, ordered), _help(turn, read), [turn.person_button(), turn.menu_button()])]


def more_words(turn: Turn, keys: Sequence[str]) -> Reply:
    """The next words of a letter, which were named under the ones before. `keys`: of terms, as `letter` or this sent them."""
    ordered = [key for key in keys if key in turn.knowledge.terms]
    if not ordered:
        return turn.reply(turn.t("more.nothing"), [turn.menu_button()])
    return turn.reply("\n\n".join(_words(turn, ordered)), _more(turn, ordered), [turn.person_button(), turn.menu_button()])


def _kind(turn: Turn, read: Letter) -> list[str]:
    if read.kind is None:
        return []
    turn.used.add(("letters", read.kind.kind.key))
    words = {field: turn.knowledge.words("letters", read.kind.kind.key, field, turn.language).text for field in ("name", "about")}
    said = turn.t("letter.kind" if read.kind.sure else "letter.kind_unsure", kind=words["name"])
    return [f"📨 {said} {words['about']}" if read.kind.sure else f"📨 {said}"]


def _dates(turn: Turn, read: Letter) -> list[str]:
    """Each day as it is said in the person's language, beside the letter's own sentence."""
    days = [f"• {i18n.weekday(turn.language, d.day)} {d.day.year} — “{d.sentence}”" for d in read.dates[:DATES]]
    return [turn.t("letter.dates") + "\n" + "\n".join(days)] if days else []


def _asks(turn: Turn, read: Letter) -> list[str]:
    dated = {d.sentence for d in read.dates}
    asks = [f"• “{sentence}”" for sentence in read.asks if sentence not in dated][:ASKS]
    return [turn.t("letter.asks") + "\n" + "\n".join(asks)] if asks else []


def _shortest_first(turn: Turn, keys: Collection[str]) -> list[str]:
    """What names something before the ordinary words of offices, each by the length of its explanation."""
    knowledge = turn.knowledge
    lengths = {key: len(knowledge.words("terms", key, "meaning", turn.language).text) for key in keys}
    return sorted(keys, key=lambda key: (knowledge.terms[key].domain == OFFICIAL, lengths[key], key))


def _words(turn: Turn, ordered: Sequence[str]) -> list[str]:
    """The first of them explained, the others named."""
    knowledge = turn.knowledge
    meanings = {key: knowledge.words("terms", key, "meaning", turn.language) for key in ordered[:WORDS]}
    turn.used |= {("terms", key) for key in meanings}
    parts = [turn.t("letter.words") + "\n" + "\n".join(f"• {knowledge.terms[k].name}: {m.text}" for k, m in meanings.items())]
    if rest := ordered[WORDS : WORDS + MORE]:
        names = turn.t("list.separator").join(knowledge.terms[key].name for key in rest)
        parts.append(turn.t("letter.more_words", words=names))
    if turn.language != "en" and any(meaning.state != "reviewed" for meaning in meanings.values()):
        parts.append(turn.t("note.machine_drafted"))
    return parts


def _more(turn: Turn, ordered: Sequence[str]) -> list[Button]:
    """Nothing of the letter is kept: which words come next is in the button."""
    rest = ordered[WORDS : WORDS + MOST]
    return [turn.button("button.more_words", "tell_more", kind=KIND, key=" ".join(rest))] if rest else []


def _help(turn: Turn, read: Letter) -> list[Button]:
    """Who can help: a regulated adviser where only one may, else services for what the letter is about."""
    if read.home_office:
        return [turn.button("button.legal_help", "find_help", need="legal")]
    if read.kind is None:
        return []
    need = read.kind.kind.need
    return [Button(label=turn.t("button.letter_help", need=turn.t(f"need.{need}")), payload=payload("find_help", need=need))]
