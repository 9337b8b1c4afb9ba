"""The chat page as a person meets it: a phone, a desktop, Arabic, a keyboard, a connection that goes away."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.conversation import inbox, personal_data
from bot.conversation.incoming import Incoming
from bot.conversation.models import Inbox
from bot.house import House
from bot.people.models import Chat
from bot.replies import Button, Reply, payload
from tests.browser.chromium import DESKTOP, PHONE, shot, started, violations
from tests.web import site

pytestmark = pytest.mark.browser

TEXTS = {
    "en": {
        "welcome": "Welcome. I am USE-IT! Bridge, a computer program, not a person.\n\nI explain words and letters, show how to "
        "use your qualification, and find free help in Birmingham. It is free. We are not the Home Office.",
        "menu": "What would you like to do?",
        "rows": [
            ["💬 Explain a word"],
            ["🎓 Use my qualification"],
            ["🤝 Find help"],
            ["🗺 My plan", "📨 My referrals"],
            ["👤 Talk to a person"],
        ],
        "dbs": "DBS check (Disclosure and Barring Service)\n\n"
        "The employer asks the government if you have a police record in the "
        "UK. Many jobs with children or sick people need it. It is free for volunteers.\n\nOften confused with: a visa check.\n"
        "Source: https://www.gov.uk/dbs-check-applicant-criminal-record (checked 1 November 2026).\nQuestions: call 0300 020 "
        "0190. In danger call 999. To see what I keep, write /mydata.",
        "more": [["Related words", "Was this helpful?"], ["👤 Talk to a person"]],
    },
    "ar": {
        "welcome": "أهلًا بك. أنا USE-IT! Bridge، برنامج حاسوب ولست إنسانًا.\n\nأشرح الكلمات والرسائل، وأبيّن لك كيف تستفيد من "
        "شهادتك، وأجد لك مساعدة مجانية في برمنغهام. الخدمة مجانية، ولسنا وزارة الداخلية (Home Office).",
        "menu": "ماذا تريد أن تفعل؟",
        "rows": [
            ["💬 اشرح لي كلمة"],
            ["🎓 استخدام شهادتي"],
            ["🤝 البحث عن مساعدة"],
            ["🗺 خطتي", "📨 إحالاتي"],
            ["👤 التحدث إلى إنسان"],
        ],
        "dbs": "DBS check ‏(Disclosure and Barring Service)\n\nDBS هو فحص يطلبه صاحب العمل ليعرف إن كان لديك سجل جنائي في "
        "بريطانيا. تحتاجه وظائف كثيرة مع الأطفال أو المرضى، وهو مجاني للمتطوعين.\n\nيُخلط كثيرًا مع: فحص التأشيرة.\nالمصدر: "
        "https://www.gov.uk/dbs-check-applicant-criminal-record (فُحص في 1 نوفمبر 2026).\nللأسئلة: اتصل بالرقم 0300 020 0190. عند "
        "الخطر اتصل بالرقم 999.",
        "more": [["كلمات قريبة", "هل أفادك هذا؟"], ["👤 التحدث إلى إنسان"]],
    },
}
NAMES = {"en": "English", "ar": "العربية", "so": "Soomaali"}


def bot(incoming: Incoming, chat: Chat) -> list[Reply]:
    """A tiny conversation in the shape of the real one."""
    person = chat.person
    if incoming.command == "start":
        person.source = incoming.argument
    chosen = incoming.argument if incoming.command == "language" else ""
    if incoming.command == "start" and not person.language_confirmed:
        if incoming.language_hint in TEXTS:
            person.language = incoming.language_hint
        buttons = [Button(label=NAMES[code], payload=payload("set_language", language=code)) for code in NAMES]
        ask = {"en": "Which language do you want?", "ar": "أي لغة تريد؟\nWhich language do you want?"}[person.language]
        return [Reply(text=ask, language=person.language, rows=[buttons])]
    if incoming.kind == "button" and not person.language_confirmed:
        chosen = list(NAMES)[int(incoming.button.partition(":")[2])]
    if chosen:
        person.language, person.language_confirmed = chosen, True
    texts = TEXTS.get(person.language, TEXTS["en"])
    rows = [[Button(label=label, payload="/menu") for label in row] for row in texts["rows"]]
    menu = Reply(text=texts["menu"], language=person.language, rows=rows)
    if chosen:
        return [Reply(text=texts["welcome"], language=person.language), menu]
    if "dbs" in incoming.text.lower():
        more = [[Button(label=label, payload="/menu") for label in row] for row in texts["more"]]
        more.append([Button(label="gov.uk/dbs", url="https://www.gov.uk/dbs")])
        return [Reply(text=texts["dbs"], language=person.language, rows=more)]
    if incoming.text == "script":
        bad = [[Button(label="bad link", url="javascript:alert(1)")]]
        return [Reply(text="<img src=x onerror=alert(1)> javascript:alert(1) <b>bold</b>", language="en", rows=bad)]
    return [menu]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with site.served(house) as address, site.Echo(house, bot):
        yield address


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Open]:
    """Opens the page in a new browser profile and fails the test on anything the console complains about."""
    contexts = []
    complaints: list[str] = []

    def opened(path: str = "/", size: dict[str, int] = PHONE, locale: str = "en-GB", **options: Any) -> Page:
        touch = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if size is PHONE else {}
        context = browser.new_context(
            viewport=size, locale=locale, bypass_csp=True, **{"reduced_motion": "reduce", **touch, **options}
        )  # type: ignore[arg-type]  # the library is typed looser than it is used
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and "load resource" not in m.text else None)
        page.goto(base + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def begin(page: Page, language: str = "English") -> None:
    page.get_by_role("log").get_by_role("button", name=language).click()
    expect(page.locator(".line.bot")).to_have_count(3)


def write(page: Page, text: str) -> None:
    page.locator("#write").fill(text)
    page.locator(".send").click()


@pytest.mark.parametrize(
    ("size", "name", "dark"),
    [
        (PHONE, "390", False),
        (DESKTOP, "1280", True),
        pytest.param(PHONE, "390", True, marks=pytest.mark.long),
        pytest.param(DESKTOP, "1280", False, marks=pytest.mark.long),
    ],
)
def test_a_first_conversation_has_nothing_that_axe_complains_about(
    open_page: Open, size: dict[str, int], name: str, dark: bool
) -> None:
    page = open_page("/", size, color_scheme="dark" if dark else "light")
    name += "-dark" if dark else ""
    expect(page.get_by_role("log").get_by_role("button", name="English")).to_be_visible()
    shot(page, f"chat-{name}-first")
    assert violations(page) == []
    begin(page)
    shot(page, f"chat-{name}-menu")
    write(page, "What does DBS mean?")
    expect(page.locator(".line.bot")).to_have_count(4)
    expect(page.get_by_role("link", name="0300 020 0190")).to_have_attribute("href", "tel:03000200190")
    source = page.get_by_role("link", name="gov.uk/dbs-check-applicant-criminal-record")
    expect(source).to_have_attribute("href", "https://www.gov.uk/dbs-check-applicant-criminal-record")
    expect(page.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    shot(page, f"chat-{name}-answer")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), pytest.param(DESKTOP, "1280", marks=pytest.mark.long)])
def test_arabic_runs_from_right_to_left_from_the_first_word(open_page: Open, size: dict[str, int], name: str) -> None:
    page = open_page("/", size, locale="ar-SY")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    begin(page, "العربية")
    shot(page, f"chat-ar-{name}-menu")
    write(page, "شو يعني DBS؟")
    expect(page.locator(".line.bot")).to_have_count(4)
    answer = page.locator(".line.bot .bubble").last
    expect(answer).to_have_attribute("lang", "ar")
    # a line that begins with a Latin word and goes on in Arabic is right-to-left all the same
    assert answer.locator("p", has_text="DBS هو فحص").evaluate("e => getComputedStyle(e).direction") == "rtl"
    left = page.locator(".line.person .bubble").last.bounding_box()
    right = answer.bounding_box()
    assert left and right and left["x"] < right["x"] + right["width"] - left["width"]
    shot(page, f"chat-ar-{name}-answer")
    assert violations(page) == []


def test_the_language_bar_changes_page_and_conversation_without_losing_it(open_page: Open) -> None:
    page = open_page()
    begin(page)
    page.locator("#write").fill("half a sentence")
    page.locator("nav [data-language=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator(".line.bot").last).to_contain_text("ماذا تريد")
    expect(page.locator(".line.bot").last).to_be_in_viewport()
    expect(page.locator("#write")).to_have_value("half a sentence")
    expect(page.get_by_role("log")).to_contain_text("Which language do you want?")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator(".line.bot").last).to_contain_text("ماذا تريد")


@pytest.mark.parametrize("code", ["uk", "ps", "en"])
def test_the_chosen_language_is_seen_in_the_bar_on_a_phone(open_page: Open, code: str) -> None:
    page = open_page(f"/?lang={code}")
    expect(page.locator(f"nav [data-language={code}]")).to_be_in_viewport(ratio=1)


def test_all_of_it_works_with_the_keyboard_alone(open_page: Open) -> None:
    page = open_page("/", DESKTOP)
    expect(page.get_by_role("log").get_by_role("button", name="English")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    shot(page, "chat-keyboard")
    page.keyboard.press("Enter")
    expect(page.locator("#write")).to_be_focused()
    page.keyboard.type("What does")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("DBS mean")
    page.keyboard.press("Enter")
    expect(page.locator(".line.person")).to_contain_text("What does\nDBS mean", use_inner_text=True)
    expect(page.locator("#write")).to_be_focused()
    seen = []
    for _ in range(14):  # from the field backwards to the first button of the conversation
        page.keyboard.press("Shift+Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", page.evaluate("document.activeElement.outerHTML")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        if seen[-1] == "English":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".choice.is-chosen").first).to_contain_text("English")
    expect(page.locator(".line.person").last).to_contain_text("English")


def test_everything_that_can_be_tapped_is_large_enough_for_a_thumb(open_page: Open) -> None:
    page = open_page()
    begin(page)
    for element in page.locator("button:visible:not(.command), .top a, a.choice").all():
        box = element.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44, element.evaluate("e => e.outerHTML")


def test_a_used_button_shows_that_it_was_chosen_and_all_stay_readable_after_a_reload(open_page: Open) -> None:
    page = open_page()
    begin(page)
    for _ in range(2):
        expect(page.locator(".is-chosen")).to_have_count(1)
        expect(page.locator(".is-chosen")).to_have_text(re.compile(r"English\s+\(chosen\)"))
        expect(page.locator(".is-used .choice").nth(1)).to_be_enabled()
        expect(page.locator(".line.person")).to_have_text(["You:English"])
        expect(page.locator(".line")).to_have_count(4)
        page.reload()


def test_what_is_written_without_a_connection_waits_and_is_sent_once(open_page: Open, house: House, base: str) -> None:
    page = open_page()
    begin(page)
    page.context.set_offline(True)
    expect(page.get_by_role("status")).to_contain_text("No internet")
    write(page, "What does DBS mean?")
    expect(page.locator(".line.person").last).to_contain_text("Waiting to be sent")
    shot(page, "chat-390-offline")
    assert violations(page) == []
    page.context.set_offline(False)
    expect(page.locator(".line.bot").last).to_contain_text("Disclosure and Barring")
    expect(page.locator(".line.person").last).not_to_contain_text("Waiting")
    expect(page.get_by_role("status")).to_have_text("Connected")
    with house.sessions() as session:
        assert len(session.scalars(select(Inbox)).all()) == 3  # start, language, question
    assert page.evaluate("localStorage.length") == 0


def test_a_server_that_takes_nothing_is_told_honestly_and_tried_again_even_after_a_reload(open_page: Open, house: House) -> None:
    page = open_page()
    begin(page)
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    write(page, "DBS?")
    expect(page.locator(".line.person").last).to_contain_text("Waiting to be sent")
    expect(page.get_by_role("status")).to_contain_text("kept here")
    page.reload()
    expect(page.locator("#write")).to_be_visible()
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")
    expect(page.locator(".line.bot").last).to_contain_text("Disclosure and Barring", timeout=20_000)
    expect(page.locator(".line.person", has_text="DBS?")).to_have_count(1)


def test_a_server_that_was_restarted_is_found_again(browser: Browser, house: House) -> None:
    with site.served(house) as address, site.Echo(house, bot):
        context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # the library is typed looser than it is used
        page = context.new_page()
        page.goto(address)
        begin(page)
    write(page, "DBS?")
    expect(page.locator(".line.person").last).to_contain_text("Waiting to be sent")
    with site.served(house, port=int(address.rpartition(":")[2])), site.Echo(house, bot):
        expect(page.locator(".line.bot").last).to_contain_text("Disclosure and Barring", timeout=20_000)
        expect(page.locator(".line")).to_have_count(6)
        context.close()


def test_a_caseworker_is_shown_as_a_person_and_the_wait_as_a_wait(open_page: Open, house: House) -> None:
    page = open_page()
    begin(page)
    with house.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        chat.held_by_handoff = 1
    site.say(house, chat.id, "Hello, I am Ayan from the centre. Can you come on Tuesday at 10?", sender="staff")
    expect(page.locator(".line.staff")).to_contain_text("Caseworker")
    expect(page.get_by_role("status")).to_contain_text("talking to a person")
    page.get_by_role("button", name="newest").click()
    expect(page.get_by_role("button", name="newest")).to_be_hidden()
    shot(page, "chat-390-caseworker")
    assert violations(page) == []


def test_typing_is_shown_while_an_answer_is_made_and_lateness_is_admitted(browser: Browser, house: House) -> None:
    with site.served(house) as address, site.Echo(house, bot) as answering:
        context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # the library is typed looser than it is used
        page = context.new_page()
        page.goto(address)
        begin(page)
        answering.free.clear()
        site.until(lambda: answering.free.is_set() is False)
        page.locator("#write").fill("DBS?")
        page.keyboard.press("Enter")
        # one message may still be taken by the loop that was already waiting: the next one is not
        page.locator("#write").fill("And DBS?")
        page.keyboard.press("Enter")
        expect(page.locator("#typing")).to_be_visible()
        shot(page, "chat-390-typing")
        with house.sessions.begin() as session:
            for row in session.scalars(select(Inbox).where(Inbox.state == "open")):
                inbox.postpone(session, row.id, "EngineError")
        house.outbox_bell.ring()
        expect(page.get_by_role("status")).to_contain_text("longer than usual")
        expect(page.locator("#typing")).to_be_hidden()
        with house.sessions.begin() as session:
            inbox.wake_all(session)
        answering.free.set()
        expect(page.locator(".line.bot")).to_have_count(5)
        expect(page.locator("#typing")).to_be_hidden()
        context.close()


def test_what_a_bot_or_a_person_writes_is_text_and_never_markup(open_page: Open) -> None:
    page = open_page()
    begin(page)
    write(page, "<script>alert(1)</script><b>x</b>")
    write(page, "script")
    expect(page.locator(".line.bot").last).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".log img, .log b, .log script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    expect(page.locator(".choice", has_text="bad link")).not_to_have_attribute("href", re.compile("."))


def test_no_request_leaves_for_anybody_else(browser: Browser, base: str) -> None:
    """With the real policy in force (no bypass), the page works and talks only to its own server."""
    context = browser.new_context(viewport=PHONE, locale="ar")  # type: ignore[arg-type]  # the library is typed looser than it is used
    page = context.new_page()
    asked: list[str] = []
    blocked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(base + "/?start=gp-surgery")
    begin(page, "العربية")
    write(page, "DBS")
    expect(page.locator(".line.bot")).to_have_count(4)
    assert all(url.startswith(base) for url in asked) and blocked == []
    assert page.url == base + "/"
    context.close()


def test_the_source_of_a_poster_is_told_once(open_page: Open, house: House, base: str) -> None:
    page = open_page("/?start=gp-surgery")
    expect(page.locator(".line.bot")).to_have_count(1)
    page.goto(base + "/?start=library")
    expect(page.locator(".line.bot")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("Connected")
    with house.sessions() as session:
        assert session.scalars(select(Chat)).one().person.source == "gp-surgery"
        assert len(session.scalars(select(Inbox)).all()) == 1


def test_a_new_conversation_asks_first_and_then_shows_nothing_of_the_old(open_page: Open) -> None:
    page = open_page()
    begin(page)
    page.locator("#new").click()
    shot(page, "chat-390-new")
    assert violations(page) == []
    page.get_by_role("button", name="Stay here").click()
    expect(page.locator(".line.bot")).to_have_count(3)
    page.locator("#new").click()
    page.get_by_role("button", name="Start a new one").click()
    expect(page.locator(".line")).to_have_count(1)
    expect(page.locator(".line.bot")).to_contain_text("Which language")


def test_all_deleted_is_gone_from_the_page_too(open_page: Open, house: House) -> None:
    page = open_page()
    begin(page)
    with house.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        chat_id = chat.id
        personal_data.forget(session, chat.person)
    site.say(house, chat_id, "Everything is deleted.")
    expect(page.locator(".line")).to_have_count(1)
    expect(page.get_by_role("log")).to_contain_text("Everything is deleted.")


def test_leaving_quickly_leaves_nothing_to_go_back_to(open_page: Open) -> None:
    page = open_page()
    begin(page)
    page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    page.goto("about:blank")
    page.go_back()
    begin_count = page.evaluate("history.length")
    page.locator("#leave").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert page.evaluate("history.length") == begin_count
    assert page.evaluate("document.referrer") == ""


def test_without_scripts_the_page_says_what_to_do(open_page: Open) -> None:
    page = open_page("/?lang=ar", java_script_enabled=False)
    expect(page.locator("noscript .note")).to_contain_text("JavaScript")
    shot(page, "chat-390-noscript")


def test_a_long_answer_is_shown_from_its_beginning(open_page: Open) -> None:
    page = open_page("/")
    begin(page)
    write(page, "DBS?")
    expect(page.locator(".line.bot")).to_have_count(4)
    expect(page.locator(".line.person").last).to_be_in_viewport()
    expect(page.locator(".line.bot .bubble").last.locator("p").first).to_be_in_viewport()


@pytest.mark.parametrize("size", [{"width": 320, "height": 256}, {"width": 320, "height": 640}])
def test_enlarged_four_times_nothing_is_cut_off(open_page: Open, size: dict[str, int]) -> None:
    page = open_page("/", size)
    begin(page)
    write(page, "DBS?")
    expect(page.locator(".line.bot")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"chat-320-{size['height']}")
