"""The program starts and answers without the extra `photo`, says so, and never loads the models into itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.commands.doctor import hints
from bot.conversation import photos
from bot.errors import SettingsError
from bot.house import House
from bot.settings import ROOT, Settings

WITHOUT = """
import sys
for name in ("rapidocr", "onnxruntime", "cv2", "omegaconf", "shapely"):
    sys.modules[name] = None
from bot import app
from bot.conversation import photos
from bot.photos import process, reader, words
assert photos.missing() == ("rapidocr", "onnxruntime")
"""
LIGHT = """
import sys
from bot.photos import process, reader, words
assert not {"rapidocr", "onnxruntime", "cv2", "PIL", "numpy"} & set(sys.modules)
"""


@pytest.mark.parametrize("program", [WITHOUT, LIGHT])
def test_the_program_can_be_put_together_without_what_reads(program: str) -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]


def said(house: House) -> str:
    return next(hint for hint in hints(house) if "photos" in hint)


def test_the_doctor_says_whether_photos_can_be_read(
    house: House, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "missing", tuple)
    assert said(house).startswith("photos of letters are read") and "1500 MB" in said(house)
    off = House(Settings.read({**environ, "USEIT_PHOTO": "off"}), house.database, house.sessions, house.hours)
    assert "USEIT_PHOTO is off" in said(off)
    monkeypatch.setattr(photos, "missing", lambda: ("rapidocr",))
    assert "extra `photo`" in said(house) and "rapidocr" in said(house)


@pytest.mark.parametrize(("name", "value"), [("USEIT_PHOTO", "on"), ("USEIT_PHOTO_MB", "100"), ("USEIT_PHOTO_MB", "much")])
def test_a_wrong_setting_is_refused_by_name(environ: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.read({**environ, name: value})
