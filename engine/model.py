"""Trained models: when one is needed, making it, and trusting only what we made.

A model's name is the fingerprint of what it was trained from (data, domain.yml, config.yml, engine/nlu); beside the archive
lies its SHA-256. Only a file below `models/` whose hash is right is ever loaded: a Rasa archive is code (CVE-2024-49375).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from engine import compat
from engine.errors import ModelError

HERE = Path(__file__).resolve().parents[1]
CLASSIFIER = "engine.nlu.intents.LinearIntentClassifier"
SOURCES = (
    "data/nlu",
    "data/lookup",
    "data/safety",
    "data/skills/skills",
    "data/rules",
    "data/stories",
    "domain.yml",
    "config.yml",
    "engine/nlu",
    "engine/safety",
    "engine/hearing.py",
)


def fingerprint(root: Path, encoder: Path | None = None) -> str:
    """Sixteen hex digits that change when anything changes that the model is trained from, the encoder too."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = root / source
        files = sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".tsv", ".py")) if path.is_dir() else [path]
        for file in (f for f in files if f.is_file()):
            digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    for file in sorted(p for p in encoder.iterdir() if p.is_file()) if encoder else ():
        digest.update(file.name.encode() + b"\0" + _sha256(file).encode())
    return digest.hexdigest()[:16]


def current(root: Path, models: Path, encoder: Path | None = None) -> Path | None:
    """The trained archive that fits the sources, or None. Raises ModelError when it is there but damaged or foreign."""
    archive = models / f"{fingerprint(root, encoder)}.tar.gz"
    if not archive.exists():
        return None
    check(archive)
    return archive


def hearing_of(archive: Path) -> Path:
    """The folder of what was trained with an archive and works before Rasa: the safety layer and the language."""
    return archive.with_name(archive.name.removesuffix(".tar.gz") + ".hearing")


def check(archive: Path) -> None:
    """Raises ModelError unless the archive and what lies beside it are those that we wrote."""
    seal = seal_of(archive)
    if not archive.is_file():
        raise ModelError(f"there is no model {archive.name}: run ./useit train")
    if not seal.is_file():
        raise ModelError(f"{archive.name} has no {seal.name} beside it, so it is not ours: delete it and run ./useit train")
    if seal.read_text().strip() != _sha256(archive, *_hearing_files(archive)):
        raise ModelError(f"{archive.name} is damaged (its hash is wrong): delete it and run ./useit train")


def seal_of(archive: Path) -> Path:
    """The file beside an archive that holds the SHA-256 of all that belongs to it."""
    return archive.with_suffix(".sha256")


def _silent(step: str) -> None:
    pass


def train(root: Path, models: Path, encoder: Path | None = None, tell: Callable[[str], None] = _silent) -> Path:
    """Trains and stores a model; returns its archive. Raises ModelError with Rasa's reason in one line.

    `tell` hears what begins: ears (danger, own case, language), intents (Rasa), storing.
    """
    compat.install()
    config = yaml.safe_load((root / "config.yml").read_text(encoding="utf-8"))
    compat.refuse_neural(config)
    models.mkdir(parents=True, exist_ok=True)
    name = fingerprint(root, encoder)
    with tempfile.TemporaryDirectory(dir=models) as workshop:
        tell("ears")
        _train_hearing(root, Path(workshop) / "hearing")
        tell("intents")
        from rasa.model_training import train as rasa_train  # not before: it would hold 150 MB while the ears are trained

        from engine import speed

        speed.install_for_training()
        before, given = Path.cwd(), root / "config.yml"
        if encoder is not None:
            given = Path(workshop) / "config.yml"
            given.write_text(yaml.safe_dump(_with_encoder(config, encoder)), encoding="utf-8")
        os.chdir(root)  # rasa resolves the recipe's relative paths against it and writes a cache below it
        try:
            result = rasa_train(
                domain=str(root / "domain.yml"),
                config=str(given),
                training_files=[str(root / "data/nlu"), str(root / "data/rules")],
                output=workshop,
                fixed_model_name=name,
                force_training=True,
            )
        except Exception as error:
            raise ModelError(f"training failed: {' '.join(str(error).split())[:300]}") from error
        finally:
            os.chdir(before)
        if result.code or not result.model:
            raise ModelError("training failed: rasa made no model (see the lines above)")
        tell("storing")
        made = Path(result.model)
        final = models / f"{name}.tar.gz"
        hearing = hearing_of(final)
        shutil.rmtree(hearing, ignore_errors=True)
        (Path(workshop) / "hearing").rename(hearing)
        seal_of(final).write_text(_sha256(made, *_hearing_files(final)) + "\n")
        made.replace(final)
    return final


def _train_hearing(root: Path, folder: Path) -> None:
    folder.mkdir()
    command = [sys.executable, "-m", "engine.hearing", str(root / "data"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HERE)})
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise ModelError(f"training failed: {last[:300]}")


def _with_encoder(config: dict[str, Any], encoder: Path) -> dict[str, Any]:
    pipeline = [{**c, "encoder": str(encoder)} if c["name"] == CLASSIFIER else c for c in config["pipeline"]]
    return {**config, "pipeline": pipeline}


def _hearing_files(archive: Path) -> list[Path]:
    return sorted(hearing_of(archive).glob("*.npz"))


def _sha256(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as handle:
            digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    try:
        where = [Path(argument) for argument in sys.argv[1:]]
        print(train(where[0], where[1], where[2] if len(where) > 2 else None))
    except ModelError as problem:
        sys.exit(str(problem))
