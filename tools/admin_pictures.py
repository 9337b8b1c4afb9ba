"""Makes the pictures of docs/admins.md from the real program: what an admin sees, after some people have asked.

Usage: python tools/admin_pictures.py (needs Chromium and the development environment). Writes docs/pictures/admin-*.png.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools import pictures
from tools.pictures import OUT, PORT, ROOT, URL

ASKED = ("what is a flurbo", "what does FLURBO mean", "xylograph benefit meaning", "ما معنى flurbo", "blorp blorp please")
# name, address, width, height
SEEN = (
    ("entry", "/knowledge/terms/council-tax?language=ar", 1280, 1500),
    ("entry-phone", "/knowledge/terms/council-tax?language=ar", 390, 1200),
    ("pathway", "/knowledge/pathways/nurse", 1280, 1400),
    ("translations", "/translations", 1280, 800),
    ("review-phone", "/review", 390, 844),
    ("asked", "/asked", 1280, 800),
    ("upkeep", "/upkeep", 1280, 900),
    ("exchange", "/exchange", 1280, 800),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as var:
        environ = {**os.environ, "USEIT_VAR": var, "USEIT_PORT": PORT, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        cli = [sys.executable, "-m", "bot.cli"]
        up = subprocess.Popen([*cli, "up"], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert up.stdout is not None
        for line in up.stdout:
            if "Ctrl-C" in line:
                break
        link = subprocess.run([*cli, "invite", "admin"], cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
                )
                ask(chromium.new_page(viewport={"width": 390, "height": 844}))
                admin = chromium.new_page(viewport={"width": 1280, "height": 800})
                pictures.register(admin, link.stdout.strip())
                for name, address, width, height in SEEN:
                    admin.set_viewport_size({"width": width, "height": height})
                    admin.goto(f"{URL}/console{address}")
                    admin.screenshot(path=OUT / f"admin-{name}.png")
        finally:
            up.terminate()
            up.wait()


def ask(page: Page) -> None:
    """What people ask that nobody knows."""
    page.goto(f"{URL}/?lang=en")
    page.get_by_role("button", name="English").last.click()
    page.get_by_role("button", name="Explain").last.wait_for()
    for text in ASKED:
        before = page.locator(".line.bot").count()
        page.get_by_role("textbox").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_function("n => document.querySelectorAll('.line.bot').length > n", arg=before)


if __name__ == "__main__":
    main()
