"""What to say when a referral is passed on by telephone, what to ask, and what not to say. English, for staff."""

from __future__ import annotations

from dataclasses import dataclass

from bot import i18n
from bot.cases import referral_sheet
from bot.cases.hours import LONDON
from bot.cases.models import Referral
from bot.knowledge.snapshot import Snapshot
from bot.settings import Settings

ASK = ("can_you", "when", "bring", "whom", "interpreter")
NEVER = ("name", "status", "address", "words", "voicemail", "more")


@dataclass(frozen=True)
class Script:
    """`numbers`: of the service, with what each is for. The rest are lines to be read from top to bottom."""

    numbers: list[str]
    say: list[str]
    ask: list[str]
    never: list[str]


def script(knowledge: Snapshot, referral: Referral, settings: Settings) -> Script:
    """Holds nothing about the person that they did not agree to share. The caller has looked whether the consent holds."""
    service = knowledge.receivers.get(referral.service)
    shared: dict[str, str] = dict(referral.shared or {})
    until = i18n.date("en", referral.consent_until.astimezone(LONDON).date())
    say = [_t("say.hello", organisation=settings.organisation, service=service.name if service else referral.service)]
    if need := shared.get("need"):
        say.append(_t("say.need", need=i18n.t("en", f"need.{need}") if i18n.has("en", f"need.{need}") else need))
    if language := shared.get("language"):
        say.append(_t("say.language", language=str(i18n.locale("en").languages.get(language, language))))
    if "contact" in shared:
        say.append(_t("say.contact", contact=settings.contact or settings.organisation))
    others = (name for name in shared if name not in referral_sheet.WORDED)
    say += [f"{referral_sheet.shared_name(name)}: {shared[name]}" for name in others]
    say += [_t("say.reference", reference=referral.reference), _t("say.consent", until=until)]
    ask = [name for name in ASK if name != "interpreter" or shared.get("language", "en") != "en"]
    return Script(
        numbers=[f"{phone.number} {phone.note}".strip() for phone in (service.phones if service else [])],
        say=say,
        ask=[_t(f"ask.{name}") for name in ask],
        never=[_t(f"never.{name}") for name in NEVER],
    )


def _t(key: str, **values: str) -> str:
    return i18n.t("en", f"service.phone.{key}", count=None, **values)
