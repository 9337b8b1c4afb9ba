"""What is said of stories: somebody's way as an answer to "did anybody manage?", the questions while one is told, and the yes to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import i18n
from bot.answers.services import team_next
from bot.cases.models import Handoff
from bot.conversation.turn import Turn
from bot.knowledge.seed import Story
from bot.people import plans
from bot.replies import Button, Reply, payload
from bot.stories import entries, private
from bot.stories.models import ToldStory
from bot.stories.telling import Shown


def nothing_yet(turn: Turn) -> Reply:
    """No story may be told: what is known in numbers, and that theirs would be welcome."""
    return turn.reply(turn.t("success_stories"), _tell_button(turn), [turn.person_button(), turn.menu_button()])


def first(turn: Turn) -> Reply:
    """The story that is nearest to this person."""
    found = ordered(turn)
    return story(turn, found[0], more_to_come=len(found) > 1) if found else nothing_yet(turn)


def after(turn: Turn, key: str) -> Reply:
    """The next one; after the last, what is known in numbers."""
    keys = [one.key for one in ordered(turn)]
    place = keys.index(key) + 1 if key in keys else 0
    if place >= len(keys):
        return nothing_yet(turn)
    return story(turn, turn.knowledge.stories[keys[place]], more_to_come=place + 1 < len(keys))


def more(turn: Turn, key: str) -> Reply:
    """The longer part of one story, which may have been taken back since its button was sent."""
    found = entries.tellable(turn.session, turn.knowledge).get(key)
    if found is None:
        return gone(turn)
    turn.used.add((entries.KIND, key))
    text = turn.knowledge.words(entries.KIND, key, "more", turn.language).text or turn.t("story.no_more")
    return turn.reply(text, [_next(turn, key)], _tell_button(turn), [turn.menu_button()])


def gone(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.gone"), [turn.button("story.button.other", "success_stories"), turn.menu_button()])


def story(turn: Turn, one: Story, *, more_to_come: bool) -> Reply:
    """Short, with what was the turn; how old it is; and that it is one person's way."""
    turn.used.add((entries.KIND, one.key))
    said = {
        part: turn.knowledge.words(entries.KIND, one.key, part, turn.language).text
        for part in ("title", "story", "helped", "more")
    }
    text = told(turn.language, said, one.first_name, one.country)
    when = i18n.date(turn.language, one.told_on)
    text += "\n\n" + turn.t("story.from_here" if one.consent else "story.from_source", date=when) + " " + turn.t("story.one_way")
    rows = [[turn.button("story.button.more", "show_story", what="more", key=one.key)] if said["more"] else []]
    rows += [[Button(label=turn.t("story.button.link"), url=one.link)] if one.link else []]
    rows += [[_next(turn, one.key)] if more_to_come else [], _tell_button(turn), [turn.person_button(), turn.menu_button()]]
    return turn.reply(text, *rows)


def ordered(turn: Turn) -> list[Story]:
    """Of the person's profession first, then told in their language, then the newest."""
    plan = plans.latest(turn.session, turn.person.id)
    theirs = plan.pathway if plan else ""
    found = entries.tellable(turn.session, turn.knowledge).values()

    def rank(one: Story) -> tuple[bool, bool, int, str]:
        return theirs not in one.pathways, turn.language != one.told_in, -one.told_on.toordinal(), one.key

    return sorted(found, key=rank)


def begin(turn: Turn) -> Reply:
    """Before the first word: what becomes of it, and who reads it."""
    return turn.reply(turn.t("story.begin"))


def off(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.off"), [turn.person_button(), turn.menu_button()])


def ask(turn: Turn, phase: str, problem: str, found: Sequence[private.Found], *, begun: bool, name: bool) -> Reply:
    """The question that is open: words, private, name, country, where, wish."""
    head = turn.t(problem) + "\n\n" if problem else ""
    cancel = [turn.button("button.cancel", "cancel")]
    if phase == "words":
        rows = [[_choice(turn, "done")]] if begun else [[_choice(turn, "person")]]
        return turn.reply(head + turn.t("story.ask.go_on" if begun else "story.ask.words"), *rows, cancel)
    if phase == "private":
        listed = "\n".join(f"• {_found(turn, one)}" for one in found)
        text = turn.t("story.ask.private", found=listed)
        return turn.reply(head + text, [_choice(turn, "again")], [_choice(turn, "go_on")], cancel)
    if phase == "where":
        return turn.reply(head + turn.t("story.ask.where"), [_choice(turn, "here")], [_choice(turn, "reports")], cancel)
    rows = [[_choice(turn, f"no_{phase}")]] if phase in ("name", "country") else []
    return turn.reply(head + turn.t(f"story.ask.{phase}"), *rows, cancel)


def taken(turn: Turn, told: ToldStory) -> Reply:
    text = turn.t("story.taken", reference=told.reference, hours=team_next(turn))
    return turn.reply(text, [_withdraw(turn.language, told)], [turn.menu_button()])


def many(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.many"), [turn.button("story.button.mine", "show_story", what="mine"), turn.menu_button()])


def to_person(turn: Turn, handoff: Handoff, *, voice: bool) -> Reply:
    """A caseworker writes it down with them. A voice note is not listened to, and that is said."""
    said = turn.t("story.to_person", reference=handoff.reference, hours=team_next(turn))
    return turn.reply(f"{turn.t('story.voice')}\n\n{said}" if voice else said, [turn.menu_button()])


def consent_text(language: str, story: ToldStory, shown: Shown) -> str:
    """What the person is asked, with the story exactly as it would be told: kept with their yes."""
    parts = [i18n.t(language, "story.asked.title")]
    for code in dict.fromkeys([language if language in shown.texts else story.language, "en"]):
        if texts := shown.texts.get(code):
            parts += [] if code == language else [i18n.t(language, "story.asked.in_language", language=i18n.own_name(code))]
            parts.append(told(code, texts, shown.name, shown.country))
    where = i18n.t(language, "story.asked.reports" if shown.in_reports else "story.asked.here")
    parts.append(i18n.t(language, "story.asked.terms", where=where))
    return "\n\n".join(parts)


def asked(language: str, story: ToldStory, shown: Shown) -> Reply:
    """The question whether it may be told, and every choice there is on a button."""

    def choice(what: str) -> list[Button]:
        sends = payload("story_choice", what=what, key=story.reference, value=str(story.mark))
        return [Button(label=i18n.t(language, f"story.choice.{what}"), payload=sends)]

    rows = [choice("yes"), choice("change")]
    rows += [choice("no_name")] if shown.name else []
    rows += [choice("no_country")] if shown.country else []
    rows += [choice("here" if shown.in_reports else "reports"), choice("no")]
    return Reply(text=consent_text(language, story, shown), language=language, rows=rows)


def agreed(turn: Turn, story: ToldStory) -> Reply:
    return turn.reply(turn.t("story.agreed"), [_withdraw(turn.language, story)], [turn.menu_button()])


def published(language: str, story: ToldStory) -> Reply:
    """It is told now, and can be taken back with one tap."""
    menu = Button(label=i18n.t(language, "button.menu"), payload="/menu")
    return Reply(text=i18n.t(language, "story.published"), language=language, rows=[[_withdraw(language, story)], [menu]])


def declined(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.declined"), [turn.menu_button()])


def wished(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.wished"), [turn.menu_button()])


def withdrawn(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.withdrawn"), [turn.menu_button()])


def too_late(turn: Turn) -> Reply:
    return turn.reply(turn.t("story.too_late"), [turn.button("story.button.mine", "show_story", what="mine"), turn.menu_button()])


def mine(turn: Turn, stories: Sequence[ToldStory]) -> list[Reply]:
    """Each of theirs with what became of it, and one tap to take it back."""
    if not stories:
        return [turn.reply(turn.t("story.none"), _tell_button(turn), [turn.menu_button()])]
    said = []
    for one in stories:
        row = [] if one.state in ("withdrawn", "declined") else [_withdraw(turn.language, one)]
        said.append(turn.reply(state_line(turn, one), row, [turn.menu_button()]))
    return said


def state_line(turn: Turn, one: ToldStory) -> str:
    return f"{one.reference}\n{turn.t(f'story.state.{one.state}')}"


def told(language: str, texts: Mapping[str, str], name: str, country: str) -> str:
    """A story as it stands in an answer."""
    who = " · ".join(part for part in (name, country) if part)
    parts = [f"“{texts['title']}”" + (f"\n{who}" if who else ""), texts["story"]]
    if texts.get("helped"):
        parts.append(i18n.t(language, "story.helped", text=texts["helped"]))
    return "\n\n".join(parts)


def _found(turn: Turn, one: private.Found) -> str:
    return f"{turn.t(f'story.found.{one.kind}')}: {one.words}" if one.words else turn.t(f"story.found.{one.kind}")


def _choice(turn: Turn, what: str) -> Button:
    return turn.button(f"story.tell.{what}", "story_choice", what=what)


def _next(turn: Turn, key: str) -> Button:
    return turn.button("story.button.next", "show_story", what="next", key=key)


def _tell_button(turn: Turn) -> list[Button]:
    return [turn.button("story.button.tell", "tell_story")] if turn.installation.is_on("stories") else []


def _withdraw(language: str, story: ToldStory) -> Button:
    return Button(label=i18n.t(language, "story.button.withdraw"), payload=payload("withdraw_story", key=story.reference))
