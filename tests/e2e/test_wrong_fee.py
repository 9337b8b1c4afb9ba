"""A wrong fee told in Arabic in the chat is put right by two people, and is what the next question gets."""

from __future__ import annotations

import datetime as dt

from bot.conversation import due_suggestions
from bot.db.base import now
from bot.i18n import t
from bot.knowledge import drafts, editing, workflow
from bot.suggestions import deciding
from tests.e2e.test_suggestions import rows, tap
from tests.talking import Talk

ANNA, BEN = "staff:1", "staff:2"
QUESTION = "شو يعني Band 5"
RIGHT = {
    "en": "About £33,000 to £40,000 a year. Check the job advert.",
    "ar": "حوالي £33,000 إلى £40,000 في السنة. تأكد من إعلان الوظيفة.",
}


def test_a_wrong_fee_is_reported_corrected_approved_and_said(talk: Talk) -> None:
    before = talk.speaks("ar").say(QUESTION)
    assert "£32,073" in before and RIGHT["ar"] not in before
    tap(talk, "rate_answer", helpful="no")
    tap(talk, "wrong_kind", what="price")
    talk.say("الراتب صار أعلى من هيك")
    (told,) = rows(talk)
    tap(talk, "hear_back", answer="yes", key=told.reference)

    with talk.house.sessions.begin() as session:
        (waiting,) = deciding.listed(session)
        assert (waiting.what, waiting.about_kind, waiting.about_key, waiting.language) == ("price", "terms", "band-5", "ar")
        entry = editing.find(session, waiting.about_kind, waiting.about_key)
        assert entry is not None
        figure = {**entry.data["figure"], "text": RIGHT["en"]}
        draft = drafts.propose(
            session,
            "terms",
            "band-5",
            who=ANNA,
            why=told.reference,
            data={"figure": figure},
            texts={("ar", "figure"): RIGHT["ar"]},
        )
        assert draft is not None and draft.state == "in_review"
        number, looked_at = draft.id, workflow.content(session, draft).hash
    assert talk.say(QUESTION) == before  # nobody has approved it

    with talk.house.sessions.begin() as session:
        draft = drafts.get(session, number, to_change=True)
        assert draft is not None
        workflow.approve(session, draft, BEN, "looked up", looked_at)
        workflow.publish(session, draft, ANNA, told.reference)
        suggestion = deciding.find(session, told.id, to_change=True)
        assert suggestion is not None
        deciding.use(session, suggestion, suggestion.version)
    after = talk.say(QUESTION)
    assert RIGHT["ar"] in after and "£32,073" not in after

    noon = (now() + dt.timedelta(days=1)).replace(hour=12)
    with talk.house.sessions.begin() as session:
        assert due_suggestions.due(session, talk.house, noon) == 1
    assert t("ar", "suggestion.used", reference=told.reference) in talk.hear()
