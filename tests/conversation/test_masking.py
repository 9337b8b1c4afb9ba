"""Identifiers are taken out; telephone numbers, amounts and dates stay."""

from __future__ import annotations

import pytest

from bot.conversation.masking import mask


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("QQ123456C", "nino"),
        ("ab 12 34 56 d", "nino"),
        ("my NHS number is 943-476-5919", "nhs"),
        ("۹۴۳۴۷۶۵۹۱۹", "nhs"),
        ("4111111111111111", "card"),
        ("passport: AB1234567", "passport"),
        ("رقم جواز السفر 123456789", "passport"),
        ("Home Office ref: A1234567", "reference"),
        ("share code W12 345 678", "reference"),
    ],
)
def test_identifiers_are_hidden(text: str, kind: str) -> None:
    masked = mask(text)
    assert masked.kinds == {kind}
    assert f"[{kind}]" in masked.text


@pytest.mark.parametrize(
    "text", ["call 0121 303 7410", "£1,835 a month", "14/12/2026", "Band 5", "B16 8QQ", "07384 466181", "111", "in 2026 I was 35"]
)
def test_what_is_no_identifier_stays(text: str) -> None:
    assert mask(text).text == text
