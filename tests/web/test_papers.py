"""Papers in the web chat: given to the chat they belong to and to nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.channels.web import security
from bot.conversation import outbox, personal_data
from bot.house import House
from bot.papers import drawing, picture
from bot.people.models import Chat
from bot.replies import Block, Paper, Reply
from tests.web.site import Visitor, app

OWN = "أحتاج إلى مترجم"


def give(house: House, visitor: Visitor, form: Any = "pdf", name: str = "card-gp", words: str = OWN) -> int:
    """A reply with a paper for the visitor; returns the id of its outbox row."""
    blocks = [
        Block(kind="title", text="Doctor", language="en", other="الطبيب", other_language="ar"),
        Block(kind="pair", text="I need an interpreter", language="en", other=words, other_language="ar"),
    ]
    paper = Paper(name=name, form=form, language="ar", blocks=blocks)
    visitor.post("a-1", "hello")
    with house.sessions.begin() as session:
        chat = max(session.scalars(select(Chat)), key=lambda chat: chat.id)
        outbox.enqueue(session, chat.id, [Reply(text="هذه بطاقتك", language="ar", paper=paper)], origin=f"test:{chat.id}/{form}")
        return outbox.since(session, chat.id, 0)[-1].id


def line_with_paper(visitor: Visitor) -> dict[str, Any]:
    with visitor.events() as events:
        while True:
            line = events.next("message")
            if line["paper"]:
                return line


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_a_line_tells_its_paper(house: House, visitor: Visitor, form: str) -> None:
    row = give(house, visitor, form)
    line = line_with_paper(visitor)
    assert line["paper"] == {"name": f"card-gp.{form}", "form": form, "url": f"/chat/papers/{row}", "title": "الطبيب"}


def test_a_line_without_paper_has_none(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with visitor.events() as events:
        assert events.next("message")["paper"] is None


def test_the_chat_s_own_paper_comes_with_its_kind_name_and_headers(house: House, visitor: Visitor) -> None:
    pdf = visitor.http.get(f"/chat/papers/{give(house, visitor)}")
    assert pdf.status_code == 200 and pdf.content.startswith(b"%PDF") and b"/Lang (ar)" in pdf.content
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == 'inline; filename="card-gp.pdf"'
    assert pdf.headers["cache-control"] == "private, no-store"
    expected = security.headers(security.DATA_CSP, https=False) | {"Cache-Control": "private, no-store"}
    assert {name: pdf.headers[name] for name in expected} == expected
    assert "set-cookie" not in pdf.headers


def test_a_picture_is_a_picture(house: House, visitor: Visitor) -> None:
    png = visitor.http.get(f"/chat/papers/{give(house, visitor, 'png')}")
    assert png.headers["content-type"] == "image/png" and picture.size(png.content)[0] == 1_080
    assert png.headers["content-disposition"] == 'inline; filename="card-gp.png"'


def test_another_chat_a_stranger_and_a_forged_cookie_get_nothing(house: House, base: str) -> None:
    owner, other, stranger, forger = (Visitor(base) for _ in range(4))
    row = give(house, owner)
    other.post("a-1", "hello")
    forger.http.cookies.set("chat", "x" * 43)
    for visitor in (other, stranger, forger):
        answer = visitor.http.get(f"/chat/papers/{row}")
        assert (answer.status_code, answer.content) == (404, b"")
        assert answer.headers["cache-control"] == "no-store"
    assert owner.http.get(f"/chat/papers/{row}").status_code == 200


def test_a_message_without_paper_and_a_number_that_is_none_are_not_found(house: House, visitor: Visitor) -> None:
    row = give(house, visitor)
    with house.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        outbox.enqueue(session, chat.id, [Reply(text="words only", language="en")], origin="test:plain")
        plain = outbox.since(session, chat.id, row)[-1].id
    for name in (str(plain), str(plain + 1_000), "0", "-1", "9" * 30, "٣", "1.0", "..%2f1", f"{row}%00", "x"):
        assert visitor.http.get(f"/chat/papers/{name}").status_code == 404, name
    assert visitor.http.post(f"/chat/papers/{row}").status_code == 405


def test_what_was_deleted_is_not_given_any_more(house: House, visitor: Visitor) -> None:
    row = give(house, visitor)
    with house.sessions.begin() as session:
        personal_data.forget(session, session.scalars(select(Chat)).one().person)
    assert visitor.http.get(f"/chat/papers/{row}").status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [('a";b\r\nX: y', "a-b-y"), ("../../etc", "etc"), ("", "paper"), ("خطة", "paper"), ("plan-nurse", "plan-nurse")],
)
def test_the_name_of_the_file_is_safe(house: House, visitor: Visitor, name: str, safe: str) -> None:
    answer = visitor.http.get(f"/chat/papers/{give(house, visitor, name=name)}")
    assert answer.headers["content-disposition"] == f'inline; filename="{safe}.pdf"' and "x" not in answer.headers


def test_a_paper_that_cannot_be_drawn_is_an_error_and_not_a_file(house: House, visitor: Visitor) -> None:
    answer = visitor.http.get(f"/chat/papers/{give(house, visitor, words='a' * 50_000)}")
    assert (answer.status_code, answer.content) == (500, b"")


def test_when_too_many_are_asked_for_some_are_told_to_come_again(house: House, visitor: Visitor) -> None:
    path = f"/chat/papers/{give(house, visitor)}"
    token = visitor.http.cookies["chat"]

    async def crowd() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app(house))
        async with httpx.AsyncClient(transport=transport, base_url="http://x", cookies={"chat": token}, timeout=60) as client:
            return await asyncio.gather(*(client.get(path) for _ in range(drawing.MOST_WAITING + 8)))

    found = asyncio.run(crowd())
    refused = [answer for answer in found if answer.status_code == 503]
    assert {answer.status_code for answer in found} == {200, 503}
    assert all(answer.headers["retry-after"] == "5" for answer in refused)


def test_a_database_that_is_away_is_told_as_later(house: House, visitor: Visitor) -> None:
    row = give(house, visitor)
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    answer = visitor.http.get(f"/chat/papers/{row}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
