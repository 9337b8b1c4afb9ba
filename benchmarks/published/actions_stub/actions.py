"""For published Rasa's action server: every action of our domain says one line. No database: that flatters published Rasa."""

from pathlib import Path

import yaml
from rasa_sdk import Action
from rasa_sdk.events import SlotSet

ROOT = Path(__file__).resolve().parents[3]
NAMES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["actions"]


def made(name):
    class Made(Action):
        def name(self):
            return name

        async def run(self, dispatcher, tracker, domain):
            if name.startswith("validate_"):
                slot = tracker.get_slot("requested_slot")
                return [SlotSet(slot, "x")] if slot else []
            dispatcher.utter_message(text=name)
            return []

    Made.__name__ = name
    return Made


globals().update({name: made(name) for name in NAMES})
