"""What kind of letter it seems to be is said when words stand out, and not when they do not."""

from __future__ import annotations

import pytest

from bot.knowledge.letter_kinds import guess
from bot.knowledge.seed import Seed

LETTERS = {
    "council-tax": "Birmingham City Council. Revenues Service. Council Tax reminder for 2026. Dear Resident, our records show that your "
    "instalment is overdue. If you do not pay within 7 days you may lose the right to pay by instalments. A summons may follow.",
    "hospital-appointment": "Sandwell and West Birmingham NHS Trust. Outpatient clinic. An appointment has been made for you in the "
    "department of cardiology. If you cannot attend please ring to cancel or rearrange. An interpreter can be arranged.",
    "universal-credit": "Dear customer, we have looked at your Universal Credit claim. Your payment for this assessment period is in your "
    "journal. If you disagree you can ask for mandatory reconsideration. DWP",
    "home-office": "UK Visas and Immigration. Home Office. Your asylum claim: substantive interview. You are required to attend. If you do not, "
    "your claim may be treated as withdrawn.",
    "nhs-job": "We are pleased to make you a conditional offer for the post of Healthcare Assistant, Band 2, subject to pre-employment checks: "
    "references, DBS check, occupational health clearance and right to work check.",
    "tenancy": "Your tenancy of the property: rent arrears. Unless you pay we will serve a notice seeking possession. Your landlord.",
    "school": "Dear parent or carer, your child's attendance at school this term is below 90 per cent. Please contact the attendance officer.",
    "debt": "Notice of enforcement. An enforcement agent will visit. Outstanding balance. Contact us about a payment plan.",
    "professional-register": "Nursing and Midwifery Council. Your application for registration: we need a certificate of good standing and "
    "evidence of English language.",
}  # fmt: skip


@pytest.mark.parametrize("kind", LETTERS)
def test_the_kind_of_a_letter_is_seen(content: Seed, kind: str) -> None:
    found = guess(LETTERS[kind], content.letters)
    assert found is not None and found.kind.key == kind


def test_no_kind_is_named_for_a_letter_without_the_words_of_one(content: Seed) -> None:
    text = "Dear friend, I hope you are well. The weather is nice here and my sister sends her regards. Yours sincerely, Anna"
    assert guess(text, content.letters) is None


def test_a_letter_that_could_be_two_things_is_not_called_sure(content: Seed) -> None:
    found = guess(
        "Council tax bill and council tax reminder for your property. It is no tenancy agreement and no eviction; your rent is paid.",
        content.letters,
    )
    assert found is not None and not found.sure


def test_of_asylum_support_only_words_are_explained(content: Seed) -> None:
    found = guess("Asylum support under section 95: your Aspen card. Accommodation. Migrant Help. Home Office", content.letters)
    assert found is not None and found.kind.regulated
