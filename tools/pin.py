"""Compiles requirements.txt and requirements-dev.txt from pyproject.toml, with hashes and without any address.

Usage: python tools/pin.py (needs `uv`: pip install uv).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
    "-q",
]


def compile_to(target: str, *more: str) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", *COMMON, *more, "pyproject.toml", "-o", target]
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    compile_to("requirements.txt")
    compile_to("requirements-dev.txt", "--group", "dev", "-c", "requirements.txt")
