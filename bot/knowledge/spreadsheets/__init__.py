"""Terms and services for people with spreadsheets: a row for each, with English and other languages, out and in again."""

from bot.knowledge.spreadsheets.exporting import export
from bot.knowledge.spreadsheets.importing import apply, plan

__all__ = ["apply", "export", "plan"]
