"""Every table of the program, for what must know all of them (migrations, tests). Inside the program import the one you use."""

from bot.cases import models as cases
from bot.conversation import models as conversation
from bot.db.base import Base
from bot.installation import models as installation
from bot.journeys import models as journeys
from bot.knowledge import draft_models as knowledge_drafts
from bot.knowledge import models as knowledge
from bot.mentoring import models as mentoring
from bot.opportunities import models as opportunities
from bot.people import models as people
from bot.recordings import models as recordings
from bot.staff import models as staff
from bot.stories import models as stories
from bot.suggestions import models as suggestions
from bot.talents import models as talents
from bot.training import models as training
from bot.translation import models as translation
from bot.upkeep import models as upkeep
from bot.wording import models as wording

__all__ = [
    "Base",
    "cases",
    "conversation",
    "installation",
    "journeys",
    "knowledge",
    "knowledge_drafts",
    "mentoring",
    "opportunities",
    "people",
    "recordings",
    "staff",
    "stories",
    "suggestions",
    "talents",
    "training",
    "translation",
    "upkeep",
    "wording",
]
