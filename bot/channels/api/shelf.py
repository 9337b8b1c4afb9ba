"""The directory that answers, made anew when the knowledge has changed."""

from __future__ import annotations

import threading

from bot.db.session import read_only
from bot.house import House
from bot.knowledge import snapshot
from bot.knowledge.hsds import directory, exporting
from bot.knowledge.hsds.directory import Directory


class Shelf:
    """One for each site. While one request makes the directory, others wait for it and do not make it too."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._directory: Directory | None = None

    def current(self) -> Directory:
        """Blocks: call it in a thread. Raises what the database raises."""
        with read_only(self._house.sessions) as session:
            number = snapshot.current(session).number
            if (found := self._directory) is not None and found.revision == number:
                return found
            with self._lock:
                if (found := self._directory) is None or found.revision != number:
                    before = found.made_of if found else None
                    exported = exporting.collect(session, self._house.settings.languages, before)
                    found = self._directory = directory.build(number, exported, found)
                return found
