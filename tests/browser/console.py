"""The console in Chromium: opening it, logging in, and looking at how it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import DESKTOP, PHONE, shot, violations
from tests.staff.people import PASSWORD, Colleague

SIZES = {"phone": PHONE, "desktop": DESKTOP}
ALL_LOOKS = [("phone", "light"), ("desktop", "dark"), ("phone", "dark"), ("desktop", "light")]  # (size, scheme)


def sizes(mine: str) -> list[Any]:
    """The size at which a file's work is done by default; both in a long run."""
    return [pytest.param(size, marks=() if size == mine else pytest.mark.long) for size in SIZES]


def looks(mine: str) -> list[Any]:
    """The look that a file's pages are seen in by default; all four in a long run."""
    return [pytest.param(*look, marks=() if "-".join(look) == mine else pytest.mark.long) for look in ALL_LOOKS]


Open = Callable[..., Page]


@contextmanager
def opening(browser: Browser, base: str) -> Iterator[Open]:
    """Opens pages of browsers that have nothing in common. `complaints` of a page are what its console said."""
    contexts: list[BrowserContext] = []

    def opened(size: str = "desktop", scheme: str = "light", *, look: bool = False, **options: Any) -> Page:
        # axe is put into the page by a script, which the page's own policy would not let in
        context = browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]  # the library is typed looser than it is used
            color_scheme=scheme,  # type: ignore[arg-type]  # a str from the table of schemes
            bypass_csp=look,
            base_url=base,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        page.complaints = said  # type: ignore[attr-defined]  # ours
        return page

    yield opened
    for context in contexts:
        context.close()


def log_in(page: Page, colleague: Colleague) -> Page:
    colleague.forget_codes()
    page.goto("/console/login")
    page.get_by_label("Login").fill(colleague.login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from your app").fill(colleague.code())
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.wait_for_load_state()  # its scripts, too
    return page


def check(page: Page, name: str) -> None:
    """axe has nothing to say, and the page does not scroll sideways."""
    shot(page, f"console-{name}", full_page=True)
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
