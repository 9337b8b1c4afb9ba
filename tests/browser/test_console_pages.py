"""The console as a caseworker and an admin meet it: on a desktop and a phone, by mouse and keyboard, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.cases import handoffs, referrals
from bot.cases.models import Message
from bot.conversation import inbox, outbox
from bot.conversation.models import Outbox
from bot.house import House
from bot.knowledge import snapshot
from bot.people.models import Plan, PlanStep
from bot.replies import Reply
from bot.staff import invitations
from bot.staff.first import invitation_link
from bot.staff.models import Staff
from tests.browser.chromium import DESKTOP, PHONE, shot, started, violations
from tests.browser.console import looks
from tests.console import site
from tests.staff.people import PASSWORD, Colleague

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(stocked: House) -> Iterator[str]:
    with site.served(stocked) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opened(size: str = "desktop", scheme: str = "light") -> Page:
        # axe is put into the page by a script, which the page's own policy would not let in
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, bypass_csp=True, base_url=base)  # type: ignore[arg-type]  # the library is typed looser than it is used
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def asked(stocked: House) -> str:
    """Somebody who writes Arabic asks for a person, after a word with the bot, with a plan and a referral."""
    with stocked.sessions.begin() as session:
        chat = inbox.chat_for(session, "telegram", "4711")
        chat.person.language = "ar"
        session.flush()

        def said(text: str) -> None:
            session.add(Message(chat_id=chat.id, sender="person", language="ar", text=text))

        said("السلام عليكم، وصلتني رسالة من الـ council عن Council Tax ولا أفهمها")
        answer = "Council Tax: ضريبة محلية تدفعها للبلدية مقابل الخدمات.\nالمصدر: https://www.gov.uk/council-tax"
        outbox.enqueue(session, chat.id, [Reply(text=answer, language="ar")], origin="test:1")
        said("لا أستطيع الدفع، أريد أن أتكلم مع شخص من فضلكم 🙏")
        outbox.enqueue(session, chat.id, [Reply(text="تم. سيرى موظف الدعم طلبك.", language="ar")], origin="test:2")
        nurse = next(p for p in snapshot.current(session).pathways.values() if p.key == "nurse")
        plan = Plan(person_id=chat.person_id, pathway="nurse", answers={})
        plan.steps = [PlanStep(step=s.key, position=n, state="todo" if n else "done") for n, s in enumerate(nurse.steps[:6])]
        session.add(plan)
        service = next(iter(snapshot.current(session).services))
        shared = {"need": "money", "language": "ar", "contact": "chat telegram"}
        referrals.make(session, chat, service=service, need="money", shared=shared, made_from="1:0", told=None)
        reason = "لا أستطيع دفع Council Tax"
        row = handoffs.open_handoff(session, chat, kind="asked", urgency="today", reason=reason, reach="07700 900123")
        reference = row.reference
        other = inbox.chat_for(session, "web", "another")
        other.person.language = "so"
        handoffs.open_handoff(session, other, kind="danger", urgency="danger", reason="Waan baqayaa", reach="chat")
        third = inbox.chat_for(session, "web", "third")
        handoffs.open_handoff(session, third, kind="immigration", urgency="any", reason="Home Office letter", reach="chat")
        return reference


def log_in(page: Page, colleague: Colleague) -> Page:
    colleague.forget_codes()
    page.goto("/console/login")
    page.get_by_label("Login").fill(colleague.login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from your app").fill(colleague.code())
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


def check(page: Page, name: str) -> None:
    """axe has nothing to say, and the page does not scroll sideways."""
    shot(page, f"console-{name}", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


def test_an_invited_caseworker_makes_an_account_logs_in_and_handles_a_hand_off(
    stocked: House, open_page: Callable[..., Page], base: str, asked: str
) -> None:
    page = open_page()
    token = invitation_link(stocked, "caseworker").partition("#")[2]
    page.goto(f"/console/register#{token}")
    expect(page.get_by_role("heading", name="Make your account")).to_be_visible()
    expect(page.get_by_label("Your name")).to_be_visible()  # the script sent the invitation by itself
    assert token not in page.url
    check(page, "register-desktop")
    with stocked.sessions() as session:
        secret = invitations.find(session, token).totp_secret
    page.get_by_label("Your name").fill("Amina")
    page.get_by_label("Login").fill("amina")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("First code from your app").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Make my account").click()
    page.get_by_role("link", name="I have kept them").click()  # the recovery codes
    expect(page.get_by_role("link", name=asked)).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    with stocked.sessions() as session:
        number = session.scalars(select(Staff.id)).one()
    log_in(page, Colleague(stocked, number, "amina", secret))

    first = page.locator(".case").first
    expect(first).to_contain_text("Danger")
    page.get_by_role("link", name=asked).click()
    expect(page.locator("blockquote")).to_have_attribute("dir", "rtl")
    assert (
        page.locator(".from-bot .text").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    )  # begins with "Council Tax"
    assert page.locator(".from-person .text").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    page.get_by_label("Your answer").fill("أهلًا، أنا أمينة. هل يمكنك المجيء غدًا؟")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    check(page, "case-answered-desktop")
    with stocked.sessions() as session:
        sent = session.scalars(select(Outbox).where(Outbox.origin.startswith("staff:"))).one()
        assert outbox.outgoing(sent).reply.text.startswith("أهلًا")
    page.locator("summary", has_text="Close").click()
    page.get_by_label("How did it end?").select_option("helped")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Closed. The person has been told.")).to_be_visible()
    check(page, "case-closed-desktop")


def test_an_admin_edits_a_term_and_the_snapshot_says_the_new_text(stocked: House, open_page: Callable[..., Page]) -> None:
    with stocked.sessions() as session:
        key, term = next(iter(snapshot.current(session).terms.items()))
    page = log_in(open_page(), Colleague.join(stocked, "bea", "admin"))
    page.get_by_role("searchbox").fill(term.name)
    page.get_by_role("search").get_by_role("button").click()
    page.get_by_role("rowheader", name=term.name, exact=True).get_by_role("link").click()
    page.locator("textarea[name='en.meaning']").fill("A new meaning, in plain words.")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("The bot says it from the next message on.")).to_be_visible()
    check(page, "term-saved-desktop")
    with stocked.sessions() as session:
        assert snapshot.current(session).words("terms", key, "meaning", "ar").text == "A new meaning, in plain words."


@pytest.mark.parametrize(("size", "scheme"), looks("phone-light"))
def test_axe_finds_nothing_on_any_page(
    size: str, scheme: str, stocked: House, open_page: Callable[..., Page], asked: str
) -> None:
    name = f"{size}-{scheme}"
    page = open_page(size, scheme)
    for path, what in (("/login", "login"), ("/register", "invitation"), ("/nothing", "not-found")):
        page.goto(f"/console{path}")
        check(page, f"{what}-{name}")
    caseworker, admin = Colleague.join(stocked, "amina", "caseworker"), Colleague.join(stocked, "bea", "admin")
    log_in(page, caseworker)
    check(page, f"queue-{name}")
    page.goto(f"/console/cases/{asked}")
    check(page, f"case-waiting-{name}")
    page.get_by_role("button", name="Claim").click()
    page.get_by_text("History").click()
    check(page, f"case-mine-{name}")
    page.get_by_label("Your answer").fill("hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-staff")).to_be_visible()
    with stocked.sessions.begin() as session:
        for number in session.scalars(select(Outbox.id).where(Outbox.origin.startswith("staff:"))):
            outbox.mark_failed(session, number, "UnreachableError", unreachable=True)
    page.goto(f"/console/cases/{asked}")
    check(page, f"case-failed-{name}")
    for path, what in (("/cases?show=mine", "queue-mine"), ("/cases?show=closed", "queue-empty"), ("/referrals", "referrals")):
        page.goto(f"/console{path}")
        check(page, f"{what}-{name}")
    page.locator("a.reference").click()
    check(page, f"referral-{name}")
    page.goto("/console/account")
    check(page, f"account-{name}")
    page.get_by_role("button", name="Log out").click()
    log_in(page, admin)
    check(page, f"terms-{name}")
    page.locator("tbody th a").first.click()
    check(page, f"term-{name}")
    page.goto("/console/knowledge/services")
    check(page, f"services-{name}")
    page.locator("tbody th a").first.click()
    page.get_by_label("Web page").fill("ftp://wrong")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, f"service-refused-{name}")
    page.goto("/console/knowledge/terms?q=nothingofthename")
    check(page, f"terms-none-{name}")
    page.goto("/console/staff")
    page.get_by_label("Caseworker").check()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_label("The invitation link")).to_have_value(re.compile("#"))
    check(page, f"staff-{name}")


def test_the_work_can_be_done_with_the_keyboard_alone(stocked: House, open_page: Callable[..., Page], asked: str) -> None:
    page = log_in(open_page(), Colleague.join(stocked, "amina", "caseworker"))

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"the keyboard does not get to {selector}")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    tab_to(f"a[href='/console/cases/{asked}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{asked}")
    tab_to("form[action$='/claim'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is yours.")).to_be_visible()
    tab_to("textarea")
    page.keyboard.type("hello from the keyboard")
    tab_to("#reply button.main")
    page.keyboard.press("Enter")
    expect(page.locator(".from-staff .original .text")).to_have_text("hello from the keyboard")


def test_the_page_loads_nothing_from_elsewhere_and_breaks_no_rule_of_its_own(
    browser: Browser, stocked: House, base: str, asked: str
) -> None:
    context = browser.new_context(viewport=DESKTOP, base_url=base)  # its own policy holds here
    page = context.new_page()
    asked_for: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, Colleague.join(stocked, "amina", "caseworker"))
    page.goto(f"/console/cases/{asked}")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    context.close()
    assert complaints == [] and all(url.startswith(base) for url in asked_for)
