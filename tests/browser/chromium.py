"""Chromium for the page tests: Debian's, started once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

EXECUTABLE = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
expect.set_options(timeout=20_000)  # a busy machine is slow, and only what fails waits so long
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
SHOTS = os.environ.get("USEIT_SHOTS")  # a folder for pictures, when somebody wants to look


@contextmanager
def started(*more: str) -> Iterator[Browser]:
    """A running browser, with `more` arguments; skips the test where there is none."""
    if not EXECUTABLE.exists():
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(EXECUTABLE), args=[*ARGUMENTS, *more])
        yield browser
        browser.close()


def shot(page: Page, name: str, **options: Any) -> None:
    """A picture in the folder USEIT_SHOTS; nothing when that is not set."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), **options)


def violations(page: Page) -> list[str]:
    """What axe has to say against the page as it stands (the context needs bypass_csp)."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {n['html'][:120]} {n.get('failureSummary', '')[:200]}" for v in found for n in v["nodes"]]
