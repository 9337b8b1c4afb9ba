"""A chat's papers, drawn when its page asks for them. Nobody else gets one, or learns whether there is one."""

from __future__ import annotations

import logging
import re

from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web import identity
from bot.channels.web.reading import find
from bot.conversation.models import Outbox
from bot.conversation.outbox import outgoing
from bot.db.session import read_only
from bot.errors import PermanentError, TransientError
from bot.house import House
from bot.papers.drawing import AGAIN_SECONDS, draw
from bot.replies import Paper

log = logging.getLogger(__name__)
KINDS = {"pdf": "application/pdf", "png": "image/png"}
_UNSAFE = re.compile(r"[^a-z0-9-]+")
_ID = re.compile(r"[0-9]{1,17}", re.ASCII)


class Papers:
    """The files under `bot.channels.web.lines.PAPERS`."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def file(self, request: Request) -> Response:
        """200 with the file; 404 for another chat's, for a message without paper and for everybody without a chat; 503 with
        Retry-After when it cannot be drawn now."""
        token, outbox_id = identity.token_of(request, self._house.settings), request.path_params["id"]
        if token is None or not _ID.fullmatch(outbox_id):
            return Response(status_code=404)
        try:
            paper = await to_thread.run_sync(self._find, token, int(outbox_id))
            body = await draw(paper) if paper else b""
        except SQLAlchemyError as error:
            log.warning("a paper could not be looked up: %s", type(error).__name__)
            return _later()
        except TransientError:
            return _later()
        except PermanentError:
            log.warning("a paper cannot be drawn")
            return Response(status_code=500)
        if paper is None:
            return Response(status_code=404)
        name = _UNSAFE.sub("-", paper.name).strip("-") or "paper"
        headers = {"Content-Disposition": f'inline; filename="{name}.{paper.form}"', "Cache-Control": "private, no-store"}
        return Response(body, media_type=KINDS[paper.form], headers=headers)

    def _find(self, token: str, outbox_id: int) -> Paper | None:
        with read_only(self._house.sessions) as session:
            chat = find(session, token)
            if chat is None:
                return None
            row = session.scalar(select(Outbox).where(Outbox.id == outbox_id, Outbox.chat_id == chat.id))
            return outgoing(row).reply.paper if row else None


def _later() -> Response:
    return Response(status_code=503, headers={"Retry-After": f"{AGAIN_SECONDS:.0f}"})
