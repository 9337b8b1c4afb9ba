"""The web chat can be switched off: who has a conversation goes on with it, nobody begins one."""

from __future__ import annotations

from bot.house import House
from bot.i18n import t
from bot.installation import changing
from tests.web.site import Visitor, rows_of


def test_nobody_begins_and_who_had_begun_goes_on(house: House, base: str, visitor: Visitor) -> None:
    assert visitor.post("a-1", "before").status_code == 202
    with house.sessions.begin() as session:
        changing.change(session, "feature.web_chat", "off", who="staff:1")
        house.refresh(session)
    refused = Visitor(base).post("b-1", "a newcomer")
    assert refused.status_code == 403 and refused.json()["error"] == t("en", "web.off")
    assert visitor.post("a-2", "after").status_code == 202 and len(rows_of(house)) == 2
