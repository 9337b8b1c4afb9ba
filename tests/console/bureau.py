"""A bureau at work: a team with its colleagues, another team, knowledge, and people who ask."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import answering, handoffs
from bot.cases.models import Handoff, Message, Referral
from bot.conversation import inbox, outbox
from bot.conversation.models import Outbox
from bot.house import House
from bot.knowledge import loading
from bot.people import plans
from bot.people.models import Chat, Plan, PlanStep
from bot.replies import Reply
from bot.staff.models import Team, TeamMember
from bot.translation.worker import TranslationWorker
from engine.safety.listener import SILENT
from tests.cases.office import HUB, OTHERS, SEED
from tests.staff.people import Colleague

SAID = ("السلام عليكم، وصلتني رسالة عن ضريبة المجلس ولا أفهمها", "لا أستطيع الدفع. أريد أن أتكلم مع شخص")


@dataclass
class Bureau:
    house: House
    colleagues: dict[str, Colleague] = field(default_factory=dict)

    @classmethod
    def open(cls, house: House) -> Bureau:
        with house.sessions.begin() as session:
            loading.load(session, SEED)
            session.add_all(Team(id=number, name=name, closed=[]) for number, name in ((HUB, "Hub"), (OTHERS, "Others")))
        return cls(house)

    def join(self, login: str, role: str = "caseworker", team: int | None = HUB) -> Colleague:
        """A colleague with an account, the same one each time."""
        if login not in self.colleagues:
            self.colleagues[login] = Colleague.join(self.house, login, role)
            if team is not None and role in ("caseworker", "lead"):
                with self.house.sessions.begin() as session:
                    session.add(TeamMember(team_id=team, staff_id=self.colleagues[login].id))
        return self.colleagues[login]

    def ask(self, who: str = "someone", language: str = "ar", said: tuple[str, ...] = SAID, **details: Any) -> str:
        """The reference of a case of somebody who wrote these messages, the bot answering between them."""
        need, channel = details.pop("need", "housing"), details.pop("channel", "web")
        with self.house.sessions.begin() as session:
            chat = inbox.chat_for(session, channel, who)
            chat.person.language = language
            chat.dialogue = {"slots": {"need": need, "area": details.pop("area", "B16")}}
            session.flush()
            for place, text in enumerate(said):
                self.says(session, chat, text)
                if place == 0:
                    answer = Reply(text="Council Tax: ضريبة سنوية.", language=language)
                    outbox.enqueue(session, chat.id, [answer], origin=f"bot:{who}:{place}")
            given = {"kind": "asked", "urgency": "today", "reason": said[-1] if said else "", "reach": "chat", **details}
            return handoffs.open_handoff(session, chat, hours=self.house.hours, **given).reference

    def says(self, session: Session, chat: Chat, text: str) -> None:
        session.add(Message(chat_id=chat.id, sender="person", language=chat.person.language, text=text))
        session.flush()
        handoffs.person_wrote(session, chat, text)

    def write(self, reference: str, text: str) -> None:
        """The person of this case writes once more."""
        with self.house.sessions.begin() as session:
            self.says(session, session.get_one(Chat, self.case(session, reference).chat_id), text)

    def plan(self, reference: str) -> None:
        """They follow the route of a nurse, with its first step done."""
        with self.house.sessions.begin() as session:
            steps = [PlanStep(step="english", position=0, state="done"), PlanStep(step="apply", position=1, state="todo")]
            person = self.case(session, reference).person_id
            session.add(Plan(person_id=person, pathway="nurse", answers={"profession": "nurse"}, steps=steps))
            session.flush()
            assert plans.latest(session, person) is not None

    def claim(self, reference: str, login: str = "amina") -> None:
        colleague = self.join(login)
        with self.house.sessions.begin() as session:
            answering.claim(session, self.case(session, reference), colleague.id)

    def case(self, session: Session, reference: str) -> Handoff:
        return session.scalars(select(Handoff).where(Handoff.reference == reference)).one()

    def going_out(self) -> list[Reply]:
        """What staff have written, oldest first."""
        with self.house.sessions() as session:
            rows = session.scalars(select(Outbox).where(Outbox.origin.startswith("staff:")).order_by(Outbox.id))
            return [outbox.outgoing(row).reply for row in rows]

    def referrals(self) -> list[Referral]:
        with self.house.sessions() as session:
            return list(session.scalars(select(Referral).order_by(Referral.id)))

    def translate(self) -> None:
        """What the worker of the program does in the background."""

        async def all_of_it() -> None:
            worker = TranslationWorker(self.house, listen=lambda _: SILENT)
            while await worker.some():
                pass

        with ThreadPoolExecutor(1) as apart:  # Chromium's own loop may run in this thread
            apart.submit(asyncio.run, all_of_it()).result()
