"""Rasa as a library: what stands in for what it never uses, and what is refused because of it."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest
import yaml

from bot.settings import ROOT
from engine import compat
from engine.errors import UnusableComponentError

compat.install()


@pytest.mark.parametrize("name", sorted(compat.ABSENT))
def test_each_stand_in_is_for_a_package_that_is_not_installed(name: str) -> None:
    """A stand-in for a real package would hide it."""
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{name.partition('.')[0]}') is not None)"
    if "." in name:  # below a namespace that exists for other reasons (google.protobuf)
        code = f"import {name}"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode != 0
        return
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_rasa_imports_without_them() -> None:
    assert importlib.import_module("rasa.core.agent").Agent


def test_other_missing_packages_are_still_missing() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_package")


@pytest.mark.parametrize("component", sorted(compat.NEURAL))
def test_a_component_that_needs_tensorflow_is_refused_before_training(component: str) -> None:
    with pytest.raises(UnusableComponentError, match=component):
        compat.refuse_neural({"pipeline": [{"name": component}]})


def test_our_own_configuration_is_accepted() -> None:
    compat.refuse_neural(yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8")))


def test_there_are_no_stories_because_the_dialogue_state_would_not_see_them() -> None:
    """engine/dialogue.py keeps the form and the slots, not the turns before."""
    for path in (ROOT / "data").rglob("*.yml"):
        if path.parent.name in ("rules", "stories"):
            assert "stories" not in yaml.safe_load(path.read_text(encoding="utf-8")), path
