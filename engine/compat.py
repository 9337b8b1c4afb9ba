"""Rasa 3.6.21 as a library on a current Python, without TensorFlow.

`install()` must run before the first `import rasa`; it is safe to call again. Each patch says what it answers to and has
its test in `tests/engine/test_compat.py`. Nothing here changes what Rasa computes: `benchmarks/parity` compares it
with the published package.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any

from engine.errors import UnusableComponentError

# What Rasa imports at start for channels, brokers, stores and neural components that this program never uses.
ABSENT = frozenset(
    {
        "absl",
        "aio_pika",
        "aiogram",
        "aiormq",
        "boto3",
        "botocore",
        "confluent_kafka",
        "fbmessenger",
        "google.auth",
        "google.oauth2",
        "keras",
        "matplotlib",
        "mattermostwrapper",
        "psycopg2",
        "pymongo",
        "rocketchat_API",
        "slack_sdk",
        "tensorflow",
        "tensorflow_addons",
        "tensorflow_hub",
        "tensorflow_text",
        "twilio",
        "webexteamssdk",
    }
)

# Components of the default recipe whose code needs one of the names above to run.
NEURAL = frozenset(
    {
        "DIETClassifier",
        "ResponseSelector",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "ConveRTFeaturizer",
        "LanguageModelFeaturizer",
    }
)


class _AbsentType(type):
    """A class that gives a class for every attribute, so that annotations, bases and decorators of unused code load."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(name)

    def __getitem__(cls, item: object) -> Any:
        return cls


def _absent(name: str) -> type:
    def apply(self: object, value: object = None, *args: object, **kwargs: object) -> object:
        return value

    return _AbsentType(name, (), {"__init__": lambda self, *a, **k: None, "__call__": apply})


class _AbsentModule(types.ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _absent(name)


class _StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Hands out empty modules for exactly the names in ABSENT and what is below them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if any(fullname == name or fullname.startswith(f"{name}.") for name in ABSENT):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def install() -> None:
    """Makes `import rasa` work here. Idempotent."""
    if any(isinstance(finder, _StandIns) for finder in sys.meta_path):
        return
    sys.meta_path.append(_StandIns())  # last: a real package, where there is one, wins


def refuse_neural(config: dict[str, Any]) -> None:
    """Raises UnusableComponentError for a component that cannot run without TensorFlow."""
    for part in ("pipeline", "policies"):
        for component in config.get(part) or []:
            name = str(component.get("name", "")).rpartition(".")[2]
            if name in NEURAL:
                raise UnusableComponentError(
                    f"config.yml: {part}: {name} needs TensorFlow, which is not part of this program: remove it"
                )
