"""The office of tests/cases, on both databases."""

from tests.cases.conftest import at_work, at_work_on_each

__all__ = ["at_work", "at_work_on_each"]
