"""A reading process that takes a photo and never answers."""

from __future__ import annotations

import signal
import sys

from bot.photos import frames

frames.read(sys.stdin.buffer)
signal.pause()
