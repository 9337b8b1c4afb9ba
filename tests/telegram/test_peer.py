"""The tests' own peer is as strict as Telegram; else what passes here would prove nothing."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.telegram import oracle
from tests.telegram.peer import Peer


@pytest.fixture
def lenient() -> Any:
    """A peer whose noted faults are looked at by the test."""
    with Peer() as running:
        yield running


def call(peer: Peer, method: str, files: Any = None, **fields: Any) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{peer.url}/bot{peer.token}/{method}", data=fields, files=files).json()
    return answer


def picture(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("1", (width, height)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("sendMessag", {"chat_id": 1, "text": "x"}),
        ("sendMessage", {"chat_id": 1}),
        ("sendMessage", {"chat_id": 1, "text": "x", "disable_web_page_preview": "true"}),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": '{"inline_keyboard":[{"text":"x"}]}'}),
        ("sendMessage", {"chat_id": 1, "text": "x", "link_preview_options": '{"is_disabled":"yes"}'}),
        ("sendMessage", {"chat_id": "1.5", "text": "x", "protect_content": "1"}),
        ("answerCallbackQuery", {"callback_query": "1"}),
        ("setMyCommands", {"commands": '[{"command":"help"}]'}),
    ],
)
def test_a_call_that_the_description_does_not_know_is_refused(lenient: Peer, method: str, fields: dict[str, Any]) -> None:
    assert call(lenient, method, **fields)["ok"] is False
    assert lenient.faults


@pytest.mark.parametrize(
    ("method", "fields", "says"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x" * 4097}, "too long"),
        ("sendMessage", {"chat_id": 1, "text": "😀" * 2049}, "too long"),
        ("sendMessage", {"chat_id": 1, "text": " "}, "empty"),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": '{"inline_keyboard":[[{"text":"a","callback_data":"' + "é" * 33 + '"}]]}',
            },
            "BUTTON_DATA_INVALID",
        ),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": '{"inline_keyboard":[[{"text":"a","url":"tel:1"}]]}'}, "URL"),
        ("setMyCommands", {"commands": '[{"command":"Help","description":"x"}]'}, "COMMAND"),
        ("setWebhook", {"url": "http://plain.example"}, "HTTPS"),
    ],
)
def test_what_telegram_enforces_is_enforced(lenient: Peer, method: str, fields: dict[str, Any], says: str) -> None:
    answer = call(lenient, method, **fields)
    assert (answer["ok"], says in answer["description"]) == (False, True)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("method", "files", "fields"),
    [
        ("sendPhoto", {"image": ("a.png", picture(9, 9))}, {"chat_id": 1}),
        ("sendPhoto", {"photo": ("a.png", picture(9, 9))}, {}),
        ("sendPhoto", {"photo": ("a.png", picture(9, 9))}, {"chat_id": 1, "text": "x"}),
        ("sendDocument", {"document": ("a.pdf", b"%PDF"), "caption": ("b", b"x")}, {"chat_id": 1}),
    ],
)
def test_a_form_with_a_file_that_the_description_does_not_know_is_refused(
    lenient: Peer, method: str, files: Any, fields: dict[str, Any]
) -> None:
    assert call(lenient, method, files, **fields)["ok"] is False
    assert lenient.faults


@pytest.mark.parametrize(
    ("method", "files", "fields", "says"),
    [
        ("sendPhoto", {"photo": ("a.png", b"no picture")}, {}, "IMAGE"),
        ("sendPhoto", {"photo": ("a.png", picture(1_080, 9_000))}, {}, "DIMENSIONS"),
        ("sendPhoto", {"photo": ("a.png", picture(10, 300))}, {}, "DIMENSIONS"),
        ("sendPhoto", {"photo": ("a.png", picture(9, 9))}, {"caption": "x" * 1_025}, "caption"),
        ("sendDocument", {"document": ("a.pdf", b"%PDF")}, {"caption": "😀" * 513}, "caption"),
        ("sendDocument", {"document": ("a.pdf", b"")}, {}, "non-empty"),
    ],
)
def test_what_telegram_enforces_of_files_is_enforced(
    lenient: Peer, method: str, files: Any, fields: dict[str, Any], says: str
) -> None:
    answer = call(lenient, method, files, chat_id=1, **fields)
    assert (answer["ok"], says in answer["description"]) == (False, True)


def test_another_token_is_unauthorized(lenient: Peer) -> None:
    answer = httpx.post(f"{lenient.url}/bot1:other/getMe")
    assert answer.status_code == 401


def test_getupdates_conflicts_with_a_webhook(lenient: Peer) -> None:
    call(lenient, "setWebhook", url="https://x.example")
    assert call(lenient, "getUpdates")["error_code"] == 409


def test_it_works_without_the_description(lenient: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "specification", lambda: None)
    assert call(lenient, "getMe")["ok"] is True
    assert call(lenient, "sendMessage", chat_id=1, text="12", link_preview_options='{"is_disabled":true}')["ok"] is True
    assert call(lenient, "sendMessage", chat_id=1, text="x" * 4097)["ok"] is False
    assert call(lenient, "getUpdates", timeout=0)["result"] == []
