"""The connection to the vendor: one pooled client, bounded replies, and failures that can be told apart."""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any, Protocol

import httpx2
from amplifier_core.llm_errors import ConfigurationError, InvalidRequestError, LLMError

from .redaction import Redactor

__all__ = [
    "BrokenReplyError",
    "Http",
    "NoAnswerError",
    "Reply",
    "ReplyError",
    "StatusError",
    "TooLargeError",
    "decode_event",
    "encode",
    "excerpt",
    "joined",
]

MAX_BODY_BYTES = 64 * 1024 * 1024
MAX_ERROR_BYTES = 256 * 1024
_PIECE_BYTES = 128 * 1024
_CLOSE_SECONDS = 5.0
_REST_SECONDS = 0.2
_ERROR_SECONDS = 5.0
_EXCERPT = 300

_log = logging.getLogger(__name__)
_PAGE = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_PAGE_BEGINS = 1024  # characters: comments and an XML declaration may come before
_ILLEGAL_IN_HEADER = re.compile(r"[^\t\x20-\x7e]")


class StatusError(Exception):
    """The vendor answered with a status other than 2xx.

    `body` holds the first 256 KiB of the reply; `headers` compare their names without regard to case.
    """

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status
        self.headers = headers
        self.text = body.decode("utf-8", "replace").strip()

    @property
    def fields(self) -> Any:
        """The body if it is a JSON object, or a list that begins with one; {} if it is neither."""
        try:
            value = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        if isinstance(value, list) and value:
            value = value[0]
        return value if isinstance(value, dict) else {}

    @property
    def is_html(self) -> bool:
        """Whether a page for people came instead of an answer, as from a gateway or a bot check."""
        if self.fields or not self.text:
            return False
        return _media_type(self.headers) == "text/html" or _PAGE.search(self.text, 0, _PAGE_BEGINS) is not None


class ReplyError(Exception):
    """A reply with a good status is not what it should be; `status` is that status, once it is known."""

    status: int | None = None


class BrokenReplyError(ReplyError):
    """The connection failed after the reply had begun, or what came is no stream of JSON objects."""


class NoAnswerError(ReplyError):
    """The reply is not the JSON object it should be, or holds nothing that an answer is made of."""


class TooLargeError(ReplyError):
    """The reply, or an event of it, is longer than any sensible one."""


class EventDecoder(Protocol):
    """The framing of a stream: `sse.Decoder` and its like."""

    def feed(self, chunk: bytes) -> Iterator[str]:
        """Yield the events that end within these bytes."""

    def end(self) -> Iterator[str]:
        """Yield what the end of the stream completes."""


class Reply:
    """A successful reply whose body is yet to be read, once."""

    def __init__(self, response: httpx2.Response) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._chunks = response.aiter_bytes()

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; "" if the vendor does not say."""
        return _media_type(self.headers)

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives, decompressed.

        Raises:
            BrokenReplyError: the connection failed, or ended before the body did.
            TooLargeError: the body is longer than 64 MiB.
            httpx2.TimeoutException: nothing came for longer than the idle timeout.
        """
        size = 0
        try:
            async for chunk in self._chunks:
                size += len(chunk)
                if size > MAX_BODY_BYTES:
                    raise TooLargeError(f"the reply is longer than {MAX_BODY_BYTES} bytes")
                for start in range(0, len(chunk), _PIECE_BYTES):
                    if start:
                        await asyncio.sleep(0)  # a little can unpack to a lot; other calls and timeouts have their turn
                    yield chunk[start : start + _PIECE_BYTES]
        except (httpx2.NetworkError, httpx2.ProtocolError, httpx2.DecodingError) as error:
            raise BrokenReplyError(f"the reply broke off: {str(error) or type(error).__name__}") from error

    async def events(self, decoder: EventDecoder) -> AsyncGenerator[str, None]:
        """Yield the text of each event as soon as it is complete; raises as `chunks` does."""
        async for chunk in self.chunks():
            for event in decoder.feed(chunk):
                yield event
        for event in decoder.end():
            yield event

    async def json(self) -> Any:
        """Return the body, a JSON object; raises as `chunks` does.

        Raises:
            NoAnswerError: the body is something else.
        """
        body = bytearray()
        async for chunk in self.chunks():
            body += chunk
        text = body.decode("utf-8-sig", "replace")
        try:
            return _object(text)
        except ValueError as error:
            start = f"HTTP status {self.status}, {self.media_type or 'no content type'}"
            raise NoAnswerError(f"{start}: {error}: {text[:_EXCERPT].strip() or 'empty'}") from error

    async def skip_rest(self) -> None:
        """Read what little may follow the last event, so that the connection can serve the next request."""
        with suppress(TimeoutError, httpx2.HTTPError):
            async with asyncio.timeout(_REST_SECONDS):
                async for _ in self._chunks:
                    pass


class Http:
    """Requests to one base URL; connects when the first one is made.

    Args:
        base_url: where paths are appended; a path they share with its end is not repeated.
        headers: sent with every request.
        query: parameters of every request, such as a key; they are kept out of the log.
        connect_timeout: seconds to wait for a connection, None for no limit.

    Raises:
        ConfigurationError: the URL is none, or a header cannot be sent.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        connect_timeout: float | None = None,
    ) -> None:
        self._base_url = _checked_url(base_url)
        self._headers = _checked_headers(headers or {})
        self._query = dict(query or {})
        self._connect_timeout = connect_timeout
        self._client: httpx2.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    @asynccontextmanager
    async def open(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idle_timeout: float | None = None,
    ) -> AsyncIterator[Reply]:
        """Send a request; the reply can be read inside the block.

        Args:
            method: of the request.
            path: with its query, from "/".
            content: the JSON body.
            headers: of this request alone.
            idle_timeout: seconds without a byte after which the vendor is given up, None for no limit.

        Raises:
            LLMError: this was closed.
            StatusError: the status is not 2xx.
            ReplyError: what came is no good reply; raised inside the block, it learns the status on its way out.
            httpx2.HTTPError: no reply came.
        """
        client = self._connected()
        request = client.build_request(
            method,
            httpx2.URL(joined(self._base_url, path)).copy_merge_params(self._query),
            content=content,
            headers=_checked_headers(headers or {}),
            timeout=httpx2.Timeout(idle_timeout, connect=self._connect_timeout, pool=None),
        )
        response = await client.send(request, stream=True)
        try:
            if not response.is_success:
                raise StatusError(response.status_code, response.headers, await _start_of(response))
            reply = Reply(response)
            yield reply
            await reply.skip_rest()
        except ReplyError as error:
            error.status = response.status_code
            raise
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the connections, within seconds, also while being cancelled; no request can be sent any more."""
        self._closed = True
        client, self._client = self._client, None
        if client is not None:
            await asyncio.shield(asyncio.ensure_future(_close(client)))

    def _connected(self) -> httpx2.AsyncClient:
        if self._closed:
            raise LLMError("the provider was closed")
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:  # connections do not outlive their event loop
            if self._query:
                logging.getLogger("httpx2").addFilter(_without_query)
            logging.getLogger("httpcore2.http11").addFilter(_without_secrets)  # it logs the headers of replies
            self._client = httpx2.AsyncClient(
                headers={"content-type": "application/json", **self._headers},
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
                verify=_trusted(),
            )
            self._loop = loop
        return self._client


def encode(body: Any) -> bytes:
    """Return a body as JSON.

    Raises:
        InvalidRequestError: it holds what JSON does not know.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequestError(f"the request is no JSON: {error}") from error
    return text.encode("utf-8", "replace")


def decode_event(text: str) -> Any:
    """Return the JSON object that an event of a stream is.

    Raises:
        BrokenReplyError: it is something else.
    """
    try:
        return _object(text)
    except ValueError as error:
        raise BrokenReplyError(f"an event of the stream is {error}: {text[:_EXCERPT]}") from error


def excerpt(body: Any) -> str:
    """Return the beginning of a JSON body, for a message."""
    return json.dumps(body, ensure_ascii=False)[:_EXCERPT]


def joined(base_url: str, path: str) -> str:
    """Return the URL of a path, which may repeat the end of the base: ".../v1" and "/v1/models" share "/v1"."""
    base, own = base_url.split("/"), path.split("/")[1:]
    for shared in range(min(len(base) - 3, len(own)), 0, -1):
        if base[-shared:] == own[:shared]:
            return "/".join((*base, *own[shared:]))
    return "/".join((*base, *own))


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom to trust; one for all instances, as reading the certificates takes longer than sending a request."""
    return httpx2.create_ssl_context()


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _checked_url(text: str) -> str:
    try:
        url = httpx2.URL(text)
    except httpx2.InvalidURL as error:
        raise ConfigurationError(f"base_url is not a URL: {error}") from error
    if url.scheme not in ("https", "http") or not url.host:
        raise ConfigurationError("base_url must start with https:// (or http://) and name a host")
    if url.query or url.fragment:
        raise ConfigurationError("base_url must have neither a query nor a fragment")
    return text.rstrip("/")


def _checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if _ILLEGAL_IN_HEADER.search(value):
            raise ConfigurationError(f"the value of the header {name} has characters that no header may have")
    return dict(headers)


async def _start_of(response: httpx2.Response) -> bytes:
    body = bytearray()
    with suppress(httpx2.HTTPError, TimeoutError):  # the status says enough if the body does not arrive
        async with asyncio.timeout(_ERROR_SECONDS):
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ERROR_BYTES:
                    break
    return bytes(body[:MAX_ERROR_BYTES])


async def _close(client: httpx2.AsyncClient) -> None:
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await client.aclose()
    except Exception as error:
        _log.debug("closing the connections failed: %s", error)


def _without_secrets(record: logging.LogRecord) -> bool:
    record.msg, record.args = Redactor().text(record.getMessage()), None
    return True


def _without_query(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(
            value.copy_with(query=None) if isinstance(value, httpx2.URL) else value for value in record.args
        )
    return True
