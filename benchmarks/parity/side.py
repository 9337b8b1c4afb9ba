"""One side of the comparison: trains this repository's files with the Rasa at hand, answers the messages, writes what it saw.

    python side.py OUT.json MESSAGES.json [--ours]

Runs under published Rasa (Python 3.10) and, with --ours, under this program's stand-ins. Actions say one line: what is compared is
what Rasa decides.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

if "--ours" in sys.argv:
    from engine import compat

    compat.install()

from rasa.core.agent import Agent  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.model_training import train  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.utils.endpoints import EndpointConfig  # noqa: E402  # imports come after the path or the stand-ins are set

if "--ours" in sys.argv:
    from engine import speed

    speed.install()


class Silent(EndpointConfig):
    """Notes which action was asked for and answers with one line."""

    def __init__(self) -> None:
        super().__init__(url="http://127.0.0.1:9/")
        self.asked = []

    async def request(self, method="post", json=None, **_):
        self.asked.append(json["next_action"])
        return {"events": [], "responses": [{"text": json["next_action"]}]}


async def answer(agent, endpoint, number, text):
    endpoint.asked = []
    parse = await agent.processor.parse_message(UserMessage(text))
    await agent.processor.handle_message(UserMessage(text, CollectingOutputChannel(), sender_id=str(number)))
    return {
        "text": text,
        "intent": parse["intent"]["name"],
        "confidence": float(parse["intent"]["confidence"]),
        "entities": sorted((e["entity"], str(e["value"])) for e in parse["entities"]),
        "actions": endpoint.asked,
    }


async def main(messages):
    with tempfile.TemporaryDirectory() as folder:
        trained = train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data/nlu"), str(ROOT / "data/rules")],
            output=folder,
            force_training=True,
        )
        endpoint = Silent()
        agent = Agent.load(trained.model, action_endpoint=endpoint)
        rows = [await answer(agent, endpoint, n, text) for n, text in enumerate(messages)]
    return rows


if __name__ == "__main__":
    seen = asyncio.run(main(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))))
    Path(sys.argv[1]).write_text(json.dumps(seen, ensure_ascii=False), encoding="utf-8")
