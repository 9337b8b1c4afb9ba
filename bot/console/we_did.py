"""You said, we did: what an admin writes for everybody who suggested something, and puts before them."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.fields import number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.suggestions import news
from bot.suggestions.models import NewsItem


def page(visit: StaffVisit) -> Response:
    rows = [
        (
            item,
            {(text.language, text.field): text for text in entry.texts},
            sorted({text.language for text in entry.texts} - {"en"}),
        )
        for item, entry in news.all_items(visit.session)
    ]
    return visit.page("we_did.html", rows=rows, longest=news.LONGEST, others=len(visit.house.settings.languages) - 1)


def make(visit: StaffVisit) -> Response:
    number = visit.value("number").strip()
    item = news.make(
        visit.session,
        said=visit.value("said"),
        did=visit.value("did"),
        number=int(number) if number.isascii() and number.isdecimal() and len(number) < 8 else 0,
        staff_id=visit.staff.id,
    )
    visit.record("news.make", f"news:{item.key}")
    return visit.go("/we-did", done="news_made")


def publish(visit: StaffVisit) -> Response:
    item = _item(visit)
    news.publish(visit.session, item, visit.staff.id)
    visit.record("news.publish", f"news:{item.key}")
    return visit.go("/we-did", done="news_published")


def withdraw(visit: StaffVisit) -> Response:
    item = _item(visit)
    news.withdraw(visit.session, item, visit.staff.id)
    visit.record("news.withdraw", f"news:{item.key}")
    return visit.go("/we-did", done="news_withdrawn")


def _item(visit: StaffVisit) -> NewsItem:
    item = news.find(visit.session, number_in_path(visit))
    if item is None:
        raise NotHereError
    return item
