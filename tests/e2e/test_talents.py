"""People tell what they can do, in their own language, through the whole program; the list is theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.cases.models import Handoff
from bot.conversation import disclosure, personal_data
from bot.db.base import now
from bot.i18n import t
from bot.people.models import Consent, Person
from bot.talents import naming, profile, sharing
from bot.talents.catalogue import catalogue
from bot.talents.models import Talent
from tests.amount import some
from tests.talking import Talk

# language -> what they say first; the job with its years; what they say they can do; and what they add without pay
STORIES = {
    "en": (
        "I was a nurse for five years. I give injections and I speak Tigrinya",
        ("nurse", 5), {"give-injections", "ti"}, "I raised children and I sew", {"look-after-children", "sew"},
    ),
    "ar": (
        "كنت ممرضة لمدة خمس سنوات وأعطي الحقن وأتكلم الكردية",
        ("nurse", 5), {"give-injections", "ku"}, "بعرف أطبخ وأخيط", {"cook", "sew"},
    ),
    "so": (
        "Waxaan ahaa macallin shan sano, baabuur waan wadaa, Carabi waan ku hadlaa",
        ("teacher", 5), {"drive-car", "ar"}, "cunto ayaan karin jiray dharna waan tolaa", {"cook", "sew"},
    ),
    "fr": (
        "J'étais infirmière pendant 5 ans, je conduis un camion et je parle lingala",
        ("nurse", 5), {"drive-lorry", "ln"}, "je sais coudre et garder des enfants", {"sew", "look-after-children"},
    ),
    "uk": (
        "Я п'ять років працювала медсестрою, роблю уколи і говорю турецькою",
        ("nurse", 5), {"give-injections", "tr"}, "вмію шити і готувати", {"sew", "cook"},
    ),
    "fa": (
        "پنج سال پرستار بودم، آمپول می‌زنم و ترکی حرف می‌زنم",
        ("nurse", 5), {"give-injections", "tr"}, "خیاطی و آشپزی بلدم", {"sew", "cook"},
    ),
    "ps": (
        "پنځه کاله نرسه وم، ستنې لګوم او ترکي خبرې کوم",
        ("nurse", 5), {"give-injections", "tr"}, "ګنډل او پخلی مې زده دی", {"sew", "cook"},
    ),
    "ur": (
        "میں پانچ سال نرس تھی، انجکشن لگاتی ہوں اور ترکی بولتی ہوں",
        ("nurse", 5), {"give-injections", "tr"}, "مجھے سلائی اور کھانا پکانا آتا ہے", {"sew", "cook"},
    ),
}  # fmt: skip


def mine(talk: Talk) -> list[Talent]:
    with talk.house.sessions() as session:
        return list(session.scalars(select(Talent).order_by(Talent.id)))


def held(talk: Talk) -> dict[str, int | None]:
    return {row.key or str(row.words): row.years for row in mine(talk) if row.state in profile.THEIRS}


def start(talk: Talk, language: str) -> Talk:
    """By the words that a volunteer would use, and the button for telling."""
    talk.speaks(language)
    talk.say(
        {
            "en": "I want to volunteer",
            "ar": "أريد أن أتطوع",
            "so": "waxaan rabaa inaan mutadawac noqdo",
            "fr": "je veux faire du bénévolat",
            "uk": "хочу бути волонтеркою",
            "fa": "می‌خواهم داوطلبانه کار کنم",
            "ps": "غواړم رضاکارانه کار وکړم",
            "ur": "میں رضاکارانہ کام کرنا چاہتی ہوں",
        }[language]
    )
    talk.tap(t(language, "offer_skills.talents"))
    return talk


@pytest.mark.parametrize("language", some(STORIES, 2))
def test_what_is_told_is_asked_back_confirmed_and_put_on_a_page(talk: Talk, language: str) -> None:
    first, (job, years), skills, more, unpaid = STORIES[language]
    known = catalogue()
    asked = start(talk, language).say(first)
    assert known.name("job", job, language) in asked
    assert all(known.name("language" if len(key) == 2 else "skill", key, language) in asked for key in skills)
    assert held(talk) == {}  # said is not confirmed
    asked = talk.tap(t(language, "button.skills_yes_all"))
    assert held(talk) == {job: years, **dict.fromkeys(skills)}
    guessed = [row for row in mine(talk) if row.implied_by == job]
    assert guessed and all(known.name("skill", row.key, language) in asked for row in guessed)
    talk.tap(t(language, "button.skills_none"))
    talk.say(more)
    talk.tap(t(language, "button.skills_yes_all"))
    assert set(held(talk)) == {job} | skills | unpaid
    said = talk.tap(t(language, "button.skills_done"))
    assert all(known.name("skill", key, language) in said for key in unpaid)
    assert talk.chat.dialogue["loop"] is None
    talk.tap(t(language, "button.skills_picture"))
    paper = talk.last[-1].reply.paper
    assert paper is not None and paper.form == "png"
    pairs = {(block.text, block.other) for block in paper.blocks if block.kind == "pair"}
    for key in unpaid:
        english, own = known.name("skill", key, "en"), known.name("skill", key, language)
        assert (english, "" if language == "en" else own) in pairs
    talk.tap(t(language, "button.as_pdf"))
    assert talk.last[-1].reply.paper is not None and talk.last[-1].reply.paper.form == "pdf"


@pytest.mark.parametrize("language", some(["en", "so", "ar", "fr"], 2))
def test_one_by_one_at_their_own_pace_and_after_a_pause(talk: Talk, language: str) -> None:
    first, (job, years), skills, _, _ = STORIES[language]
    start(talk, language).say(first)
    talk.tap(t(language, "button.skills_choose"))
    talk.tap(t(language, "button.skills_yes"))
    assert held(talk) == {job: years}
    talk.say("/menu")
    assert talk.chat.dialogue["loop"] is None
    asked = start(talk, language).buttons
    assert {t(language, "button.skills_yes"), t(language, "button.skills_no")} <= set(
        asked
    )  # the next of them, not the first again
    for _ in skills:
        talk.tap(t(language, "button.skills_no"))
    assert held(talk) == {job: years}
    said_no = {row.key for row in mine(talk) if row.state == profile.NOT_SO}
    assert said_no == skills


def test_typed_yes_and_no_answer_what_is_asked(talk: Talk) -> None:
    start(talk, "en").say("I know welding and plastering")
    talk.say("yes")
    assert set(held(talk)) == {"weld", "plaster-walls"}
    talk.say("no")  # nothing else
    assert talk.chat.dialogue["loop"] is None


def test_what_the_list_does_not_know_stays_in_their_own_words_if_they_want(talk: Talk) -> None:
    asked = start(talk, "en").say("Zithergliding on quibbles")
    assert "Zithergliding on quibbles" in asked
    talk.tap(t("en", "button.skills_yes"))
    assert held(talk) == {"Zithergliding on quibbles": None}
    talk.say("flumboozing")
    talk.tap(t("en", "button.skills_no"))
    assert [row.words for row in mine(talk)] == ["Zithergliding on quibbles"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "I steal cars and sell drugs"),
        ("ar", "أبيع مخدرات"),
        ("so", "tuugo ayaan ahay"),
        ("fr", "dealer"),
        ("en", "I am superman"),
    ],
)
def test_a_crime_or_a_joke_is_answered_kindly_and_not_taken(talk: Talk, language: str, words: str) -> None:
    assert t(language, "talents.refused") in start(talk, language).say(words)
    assert mine(talk) == [] and talk.chat.dialogue["loop"] == "talent_form"


def test_the_rest_of_such_a_message_is_taken(talk: Talk) -> None:
    assert t("en", "talents.some_refused") in start(talk, "en").say("I can sew and sell drugs")
    talk.tap(t("en", "button.skills_yes"))
    assert set(held(talk)) == {"sew"}


def test_danger_comes_first(talk: Talk) -> None:
    start(talk, "en").say("my husband hits me and I can sew")
    with talk.house.sessions() as session:
        assert session.scalars(select(Handoff.kind)).one() == "danger"
    assert mine(talk) == []


def test_an_old_button_says_nothing_of_what_is_asked_now(talk: Talk) -> None:
    start(talk, "en").say("I know welding and plastering")
    old = talk.token(t("en", "button.skills_yes_all"))
    talk.tap(t("en", "button.skills_none"))
    talk.say("I know sewing and knitting")
    talk._send({"button": old})
    assert held(talk) == {}


def test_correcting_taking_away_and_deleting(talk: Talk) -> None:
    start(talk, "en").say("I know welding and plastering")
    talk.tap(t("en", "button.skills_yes_all"))
    talk.tap(t("en", "button.skills_done"))
    talk.tap(t("en", "button.skills_change"))
    talk.tap(catalogue().name("skill", "weld", "en"))
    talk.tap(t("en", "button.skills_rename"))
    talk.say("weld steel ships")
    assert {row.words or row.key for row in mine(talk)} == {"weld steel ships", "plaster-walls"}
    talk.tap(t("en", "button.skills_done"))
    talk.tap(t("en", "button.skills_change"))
    talk.tap(catalogue().name("skill", "plaster-walls", "en"))
    talk.tap(t("en", "button.skills_take_away"))
    assert [row.words for row in mine(talk)] == ["weld steel ships"]
    talk.tap(t("en", "button.skills_change"))
    talk.tap(t("en", "button.skills_forget_all"))
    talk.tap(t("en", "button.skills_forget_yes"))
    assert mine(talk) == []


def test_shown_to_a_caseworker_only_with_a_yes_and_only_what_was_said_yes_to(talk: Talk) -> None:
    start(talk, "en").say("I know welding and plastering")
    talk.tap(t("en", "button.skills_yes_all"))
    talk.tap(t("en", "button.skills_done"))

    def shown() -> list[str]:
        with talk.house.sessions() as session:
            person = session.scalars(select(Person)).one()
            return [naming.name(session, row, "en") for row in sharing.shown(session, person.id)]

    assert shown() == []
    asked = talk.tap(t("en", "button.skills_share"))
    assert catalogue().name("skill", "weld", "en") in asked
    talk.say("yes")
    both = [catalogue().name("skill", key, "en") for key in ("weld", "plaster-walls")]
    assert shown() == both
    talk.tap(t("en", "button.skills_add"))
    talk.say("I sew")
    talk.tap(t("en", "button.skills_yes"))
    assert shown() == both  # what came later was not agreed to
    talk.tap(t("en", "button.skills_done"))
    talk.tap(t("en", "button.skills_unshare"))
    assert shown() == []


def test_it_is_in_what_we_hold_and_goes_with_it(talk: Talk) -> None:
    start(talk, "en").say("I know welding and plastering")
    talk.tap(t("en", "button.skills_yes_all"))
    with talk.house.sessions.begin() as session:
        person = session.scalars(select(Person)).one()
        sharing.share(session, person.id, now())
        assert personal_data.held(session, person).talents == 2
        assert {row.key for row in disclosure.everything(session, person).talents} == {"weld", "plaster-walls"}
        personal_data.forget(session, person)
    with talk.house.sessions() as session:
        assert session.scalars(select(Talent)).all() == [] and session.scalars(select(Consent)).all() == []
    assert b"plaster-walls" not in b"".join(p.read_bytes() for p in talk.house.settings.var.glob("useit.db*"))
