"""Every table of the program, for what must know all of them (migrations, tests). Inside the program import the one you use."""

from bot.cases import models as cases
from bot.conversation import models as conversation
from bot.db.base import Base
from bot.knowledge import models as knowledge
from bot.people import models as people
from bot.staff import models as staff
from bot.translation import models as translation

__all__ = ["Base", "cases", "conversation", "knowledge", "people", "staff", "translation"]
