"""A large answer from its spool: sent in pieces, to a client that takes them."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Iterator, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from pacta.pages.endpoint.process import Answer
from pacta.pages.negotiation import coding

SLOWEST = 10_000  # bytes a second that a client has to take on average
CHUNK = 1 << 16  # bytes read, coded and sent at once; small, so that others are served in between


class SpooledResponse(Response):
    """An answer that lies in a file. A client that takes nothing for `seconds`, or ever too little, is let go of."""

    def __init__(self, request: Request, answer: Answer, *, headers: Mapping[str, str], seconds: float) -> None:
        self.answer, self.seconds = answer, seconds
        self.gzip = coding(request.headers.get("accept-encoding"), ("gzip",)) is not None
        super().__init__(status_code=200, headers=headers)
        if self.gzip:
            self.headers["Content-Encoding"] = "gzip"
            del self.headers["content-length"]
        else:
            self.headers["content-length"] = str(answer.size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.answer.body:
            began, sent = time.monotonic(), 0
            try:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                for piece in self._pieces():
                    allowed = self.seconds + sent / SLOWEST - (time.monotonic() - began)
                    async with asyncio.timeout(min(self.seconds, allowed)):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    sent += len(piece)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            except TimeoutError:
                return  # the server breaks the connection, as the answer is not whole

    def _pieces(self) -> Iterator[bytes]:
        coder = zlib.compressobj(4, wbits=31) if self.gzip else None
        while chunk := self.answer.body.read(CHUNK):
            piece = coder.compress(chunk) if coder else chunk
            if piece:
                yield piece
        if coder:
            yield coder.flush()
