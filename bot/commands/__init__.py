"""The commands that others script. Their shapes are promises: docs/commands.md."""

from bot.commands.doctor import doctor
from bot.commands.evaluate import evaluate
from bot.commands.holidays import update as holidays
from bot.commands.lines import decode, explain, parse
from bot.commands.say import say
from bot.commands.staff import invite, not_here

__all__ = ["decode", "doctor", "evaluate", "explain", "holidays", "invite", "not_here", "parse", "say"]
