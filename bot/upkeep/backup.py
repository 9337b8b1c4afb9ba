"""All the knowledge as one file, and out of it again. What stands in the file: docs/backup-format.md."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import has_one_writer
from bot.errors import RefusedError
from bot.upkeep.models import Backup
from bot.upkeep.parts import PARTS, Part, Row

FORMAT, VERSION = "useit-knowledge", 1
MANIFEST = "manifest.json"
LARGEST = 64 * 2**20  # bytes of the file
LARGEST_UNPACKED = 512 * 2**20  # bytes of everything in it
LARGEST_MANIFEST = 2**20
MOST_FILES = 50
KEPT = 5  # backups that are made by themselves; the oldest goes
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same knowledge gives the same bytes


class PartEntry(msgspec.Struct, frozen=True):
    """One file of the backup: `rows` lines of JSON, `bytes` long."""

    name: str
    file: str
    rows: int
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What the backup says of itself."""

    format: str
    version: int
    made_at: dt.datetime
    parts: list[PartEntry]


class BackupError(RefusedError):
    """The file is no backup that this program can take. One line what is wrong; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "backup")


@dataclass(frozen=True)
class Content:
    """A backup that was read as a whole and fits this program."""

    manifest: Manifest
    rows: dict[str, list[Row]]


def make(session: Session, parts: Iterable[Part] = PARTS, at: dt.datetime | None = None) -> bytes:
    """The file. Everything in it is of one moment."""
    hold(session, "SHARE")
    files: dict[str, bytes] = {}
    entries = []
    for part in parts:
        lines = [msgspec.json.encode(row, order="deterministic") for row in part.rows(session)]
        content = b"".join(line + b"\n" for line in lines)
        files[f"{part.name}.jsonl"] = content
        digest = hashlib.sha256(content).hexdigest()
        entries.append(PartEntry(part.name, f"{part.name}.jsonl", len(lines), len(content), digest))
    manifest = Manifest(FORMAT, VERSION, (at or now()).replace(microsecond=0), entries)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {MANIFEST: msgspec.json.format(msgspec.json.encode(manifest), indent=1), **files}.items():
            info = zipfile.ZipInfo(name, _ALWAYS)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()


def read(content: bytes, parts: Iterable[Part] = PARTS) -> Content:
    """Raises BackupError with the one thing that is wrong. Nothing is unpacked to the disk, and no name in it is a path."""
    if not content.startswith(b"PK"):
        raise BackupError("the file is damaged, or no backup of this program")
    if len(content) > LARGEST:
        raise BackupError(f"the file is larger than {LARGEST // 2**20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, {part.name: part for part in parts})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise BackupError("the file is damaged, or no backup of this program") from error


def keep(session: Session, who: str, why: str) -> int:
    """Makes a backup and keeps it in the database, in the same transaction as what it is made before. Returns its number."""
    row = Backup(who=who, why=why, content=make(session))
    session.add(row)
    session.flush()
    old = select(Backup.id).order_by(Backup.id.desc()).offset(KEPT)
    for number in list(session.scalars(old)):
        session.delete(session.get_one(Backup, number))
    return row.id


def hold(session: Session, mode: str) -> None:
    """Nobody changes an entry until this transaction ends; whoever is at it is waited for. SQLite's writers are alone anyhow."""
    if not has_one_writer(session):
        session.execute(text(f"LOCK TABLE knowledge_entries IN {mode} MODE"))


def _read(archive: zipfile.ZipFile, parts: dict[str, Part]) -> Content:
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_FILES or len(set(names)) != len(names):
        raise BackupError("the file holds more than a backup does")
    if MANIFEST not in names:
        raise BackupError(f"the file holds no {MANIFEST}: it is no backup of this program")
    manifest = _manifest(_unpacked(archive, MANIFEST, LARGEST_MANIFEST))
    wanted = [MANIFEST, *(entry.file for entry in manifest.parts)]
    if sorted(names) != sorted(wanted):
        odd = sorted(set(names) ^ set(wanted))
        raise BackupError(f"{odd[0] if odd else wanted[-1]!r:.80}: the manifest and the files do not agree")
    if sum(entry.bytes for entry in manifest.parts) > LARGEST_UNPACKED or any(entry.bytes < 0 for entry in manifest.parts):
        raise BackupError(f"the file unpacks to more than {LARGEST_UNPACKED // 2**20} MB")
    return Content(manifest, {entry.name: _part(archive, entry, parts) for entry in manifest.parts})


def _manifest(content: bytes) -> Manifest:
    try:
        head = msgspec.json.decode(content, type=dict)
        if head.get("format") != FORMAT:
            raise BackupError("the file is no backup of this program")
        version = head.get("version")
        if isinstance(version, int) and version > VERSION:
            raise BackupError(
                f"the backup has format {version}, this program reads up to {VERSION}: it was made by a newer program"
            )
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupError(f"{MANIFEST} cannot be read") from error


def _part(archive: zipfile.ZipFile, entry: PartEntry, parts: dict[str, Part]) -> list[Row]:
    if entry.name not in parts or entry.file != f"{entry.name}.jsonl":
        raise BackupError(f"{entry.name!r:.80}: this program knows no such part: the backup was made by a newer program")
    content = _unpacked(archive, entry.file, entry.bytes)
    if len(content) != entry.bytes or hashlib.sha256(content).hexdigest() != entry.sha256:
        raise BackupError(f"{entry.file} is not what the manifest says: the file was damaged or changed")
    try:
        rows = msgspec.json.decode(b"[" + b",".join(content.splitlines()) + b"]", type=list[dict])  # type: ignore[type-arg]  # rows are checked by their own structs
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BackupError(f"{entry.file} cannot be read") from error
    if len(rows) != entry.rows:
        raise BackupError(f"{entry.file} holds {len(rows)} rows, the manifest says {entry.rows}")
    if problem := next(iter(parts[entry.name].problems(rows)), ""):
        raise BackupError(f"{entry.file}:{problem}")
    return rows


def _unpacked(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Never more than `most` bytes, whatever the file says of itself."""
    with archive.open(name) as packed:
        content = packed.read(most + 1)
    if len(content) > most:
        raise BackupError(f"{name!r:.80} unpacks to more than it says")
    return content
