"""Makes the pictures of docs/admins.md from the real program: what an admin sees, after some people have asked.

Usage: python tools/admin_pictures.py (needs Chromium and the development environment). Writes docs/pictures/admin-*.png.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools import pictures
from tools.pictures import OUT, PORT, ROOT, URL

ASKED = ("what is a flurbo", "what does FLURBO mean", "xylograph benefit meaning", "ما معنى flurbo", "blorp blorp please")
# name, address, width, height
SEEN = (
    ("list", "/knowledge/terms?q=council", 1280, 700),
    ("entry", "/knowledge/terms/council-tax?language=ar", 1280, 1100),
    ("entry-phone", "/knowledge/terms/council-tax?language=ar", 390, 844),
    ("pathway", "/knowledge/pathways/nurse", 1280, 900),
    ("translations", "/translations", 1280, 800),
    ("review-phone", "/review", 390, 844),
    ("asked", "/asked", 1280, 700),
    ("training", "/training", 1280, 700),
    ("upkeep", "/upkeep", 1280, 800),
    ("exchange", "/exchange", 1280, 800),
)
COLOURS = 48  # of a palette: a page has few, and the file is a third


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
                look(admin)
                for name, address, width, height in SEEN:
                    admin.set_viewport_size({"width": width, "height": height})
                    admin.goto(f"{URL}/console{address}")
                    admin.wait_for_load_state("networkidle")  # the phone beside a form comes afterwards
                    save(admin.screenshot(), f"admin-{name}")
        finally:
            up.terminate()
            up.wait()


def save(picture: bytes, name: str) -> None:
    """With a palette, so that the whole documentation stays small."""
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)


def look(page: Page) -> None:
    """What needs care is looked for, as an admin asks for it; until the list is there."""
    page.goto(f"{URL}/console/upkeep")
    page.get_by_role("button", name="Look now").click()
    for _ in range(60):
        page.wait_for_timeout(1_000)
        page.reload()
        if page.locator(".finding").count() and not page.get_by_text("is being made anew").count():
            return


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
