"""A console with an admin and somebody who may not, and the houses of other tests."""

from tests.console.conftest import desk, open_desk, runner
from tests.staff.conftest import admin, auditor, caseworker, lead

__all__ = ["admin", "auditor", "caseworker", "desk", "lead", "open_desk", "runner"]
