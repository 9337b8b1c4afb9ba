"""A letter explained: what kind it seems to be, what it asks for and by when, its words, and who can help with it."""

from __future__ import annotations

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.letters import Letter
from bot.knowledge.seed import OFFICIAL
from bot.replies import Button, Reply, payload

WORDS, DATES, ASKS, MORE = 8, 6, 5, 20


def letter(turn: Turn, read: Letter) -> list[Reply]:
    """The dates first, then what is asked, then the words, shortest explanation first; of a regulated letter words only."""
    parts = [turn.t("letter.intro"), *_kind(turn, read)]
    if read.home_office:
        parts.append(turn.t("letter.home_office"))
    parts += [*_dates(turn, read), *_asks(turn, read), *_words(turn, read), turn.t("letter.not_kept")]
    return [turn.reply("\n\n".join(parts), _help(turn, read), [turn.person_button(), turn.menu_button()])]


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


def _words(turn: Turn, read: Letter) -> list[str]:
    knowledge = turn.knowledge
    meanings = {f.key: knowledge.words("terms", f.key, "meaning", turn.language) for f in read.terms}
    if not meanings:
        return [turn.t("letter.no_words")]
    plain = {key for key in meanings if knowledge.terms[key].domain == OFFICIAL}  # what names nothing comes last
    shortest = sorted(meanings, key=lambda key: (key in plain, len(meanings[key].text)))[:WORDS]
    turn.used |= {("terms", key) for key in shortest}
    parts = [turn.t("letter.words") + "\n" + "\n".join(f"• {knowledge.terms[k].name}: {meanings[k].text}" for k in shortest)]
    if rest := sorted(set(meanings) - set(shortest), key=lambda key: (key in plain, key)):
        names = turn.t("list.separator").join(knowledge.terms[key].name for key in rest[:MORE])
        parts.append(turn.t("letter.more_words", words=names))
    if turn.language != "en" and any(w.state != "reviewed" for w in meanings.values()):
        parts.append(turn.t("note.machine_drafted"))
    return parts


def _help(turn: Turn, read: Letter) -> list[Button]:
    """Who can help: a regulated adviser where only one may, else services for what the letter is about."""
    if read.home_office:
        return [turn.button("button.legal_help", "find_help", need="legal")]
    if read.kind is None:
        return []
    need = read.kind.kind.need
    return [Button(label=turn.t("button.letter_help", need=turn.t(f"need.{need}")), payload=payload("find_help", need=need))]
