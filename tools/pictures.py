"""Makes the pictures of the README from the real program: a conversation in Arabic and the console's queue.

Usage: python tools/pictures.py (needs Chromium and the development environment). Writes docs/pictures/*.png.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyotp
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs/pictures"
PORT = "18799"
URL = f"http://127.0.0.1:{PORT}"
PASSWORD = "seven quiet herons at dawn"


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var:
        environ = {**os.environ, "USEIT_VAR": var, "USEIT_PORT": PORT, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        up = subprocess.Popen([sys.executable, "-m", "bot.cli", "up"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert up.stdout is not None
        for line in up.stdout:
            if "Ctrl-C" in line:
                break
        invite = [sys.executable, "-m", "bot.cli", "invite", "caseworker"]
        link = subprocess.run(invite, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout.strip()
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
                )
                chat(chromium.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="ar"))
                console(chromium.new_page(viewport={"width": 1280, "height": 800}), link)
        finally:
            up.terminate()
            up.wait()


def chat(page: Page) -> None:
    page.goto(f"{URL}/?lang=ar")
    page.get_by_role("button", name="العربية").last.click()
    page.get_by_role("button", name="اشرح").or_(page.get_by_role("button", name="📄")).last.wait_for()  # the menu
    for text, seen in (("شو يعني Band 5", "NHS pay band 5"), ("انا ممرضة من سوريا وبدي اشتغل هون", "تسجيل مهني")):
        page.get_by_role("textbox").fill(text)
        page.keyboard.press("Enter")
        page.get_by_text(seen).last.wait_for()
        if "Band" in text:
            page.get_by_text(text).last.evaluate("line => line.scrollIntoView({block: 'start', behavior: 'instant'})")
            page.mouse.wheel(0, -60)
            page.wait_for_timeout(400)  # the scrolling comes to rest
            page.screenshot(path=OUT / "chat-ar-390.png")
    page.get_by_role("textbox").fill("زوجي يضربني")
    page.keyboard.press("Enter")
    page.get_by_text("999").last.wait_for()


def console(page: Page, link: str) -> None:
    register(page, link)
    page.goto(f"{URL}/console")
    page.screenshot(path=OUT / "console-queue.png")


def register(page: Page, link: str) -> None:
    """An account by its invitation, and signed in."""
    page.goto(link)
    page.get_by_role("button").last.click()  # the link's token goes to the server by POST
    page.locator("[name=login]").wait_for()
    secret = page.locator("details code").text_content() or ""
    for name, value in (
        ("name", "Amina K."),
        ("login", "amina"),
        ("password", PASSWORD),
        ("code", pyotp.TOTP(secret.replace(" ", "")).now()),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.locator("form button.main").last.click()
    page.get_by_text("Log out").wait_for()


if __name__ == "__main__":
    main()
