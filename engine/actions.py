"""Runs custom actions in this process: the "action server" that Rasa calls is an object.

Rasa swallows an exception in an action, sends nothing and goes on. Here it is kept, so that the turn can be called what it
is: failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor


class InProcessActions(EndpointConfig):
    """An action endpoint whose `request` runs the action here. `seconds`: the longest an action may take."""

    def __init__(self, actions: Iterable[Action], seconds: float = 8.0) -> None:
        super().__init__(url="http://in-process.invalid/webhook", enable_selective_domain=True)
        self._executor = ActionExecutor()
        for action in actions:
            self._executor.register_action(action)
        self._seconds = seconds
        self.failures: dict[str, BaseException] = {}

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._executor.actions)

    async def request(self, method: str = "post", json: dict[str, Any] | None = None, **_: Any) -> dict[str, Any]:
        """Runs one action. What it raises is kept in `failures[sender_id]` and raised again."""
        assert json is not None
        try:
            async with asyncio.timeout(self._seconds):
                result = await self._executor.run({**json, "domain": {}})  # no action here reads the domain
        except BaseException as error:
            self.failures[json["sender_id"]] = error
            raise
        return {"events": result.events, "responses": result.responses} if result else {"events": [], "responses": []}
