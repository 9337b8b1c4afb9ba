"""The tests' own Bot API server with settings that talk to it, and the office of tests/cases."""

from tests.cases.conftest import at_work, at_work_on_each
from tests.telegram.conftest import environ, peer

__all__ = ["at_work", "at_work_on_each", "environ", "peer"]
