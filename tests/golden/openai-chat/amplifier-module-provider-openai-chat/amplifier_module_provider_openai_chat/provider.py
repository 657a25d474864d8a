"""OpenAI Chat Completions as an Amplifier provider."""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager
from functools import partial
from typing import Any

from amplifier_core.llm_errors import (
    ConfigurationError,
    LLMError,
    LLMTimeoutError,
    NetworkError,
    NotFoundError,
)
from amplifier_core.message_models import ChatRequest, ChatResponse, ToolCall, ToolCallBlock
from amplifier_core.models import ModelInfo, ProviderInfo

from . import catalog, sse
from .answer import Answer
from .call import Call, prepare
from .config import SECRETS, config_fields, read_settings
from .errors import status_error, stream_error
from .events import CallEvents
from .failures import error_of_cause, in_full
from .http import BrokenReplyError, Http, NoAnswerError, Reply, StatusError, decode_event, encode, excerpt
from .models import known_models, listed_models, model_info
from .redaction import Redactor
from .repair import RepairJournal
from .reply import CalledTool, ProviderResponse
from .request import ENDPOINT, body
from .response import FINISH_REASONS, read, read_error
from .retry import with_retries
from .spending import Spending
from .stream import apply

__all__ = ["OpenaiChatProvider"]

log = logging.getLogger(__name__)

NAME = "openai-chat"
CAPABILITIES = ("tools", "streaming", "thinking", "vision", "json_mode")
DONE = "[DONE]"
LISTING_SECONDS = 12.0


class OpenaiChatProvider:
    """Answers Amplifier's requests with the models of OpenAI Chat Completions.

    An instance has one configuration and one pool of connections; its calls may run at the same time.

    Args:
        api_key: stands in for the configured one.
        base_url: stands in for the configured one.
        config: as the user wrote it (see config.py).
        coordinator: Amplifier's; without it nobody is told of events.
    """

    name = NAME

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        config: Mapping[str, Any] | None = None,
        coordinator: Any = None,
    ) -> None:
        given = dict(config or {})
        self.settings = read_settings(given, api_key=api_key, base_url=base_url)
        self.config = {key: value for key, value in given.items() if key not in SECRETS}
        self.coordinator = coordinator
        self.priority = self.settings.priority
        self.default_model = self.settings.default_model or ""
        self._redactor = Redactor((self.settings.api_key,))
        self._repairs = RepairJournal()
        self._spending = Spending()
        self._http: Http | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}(default_model={self.default_model!r})"

    def get_info(self) -> ProviderInfo:
        """Return what the provider is, needs and does by default; neither key nor network is needed."""
        settings = self.settings
        defaults: dict[str, Any] = {
            "model": settings.default_model,
            "max_tokens": settings.max_output_tokens,
            "temperature": settings.temperature,
            "timeout": settings.timeout,
        }
        if known := catalog.facts(self.default_model):
            defaults |= {"context_window": known.context_window, "max_output_tokens": known.max_output_tokens}
        return ProviderInfo(
            id=NAME,
            display_name="OpenAI Chat Completions",
            credential_env_vars=["OPENAI_API_KEY"],
            capabilities=list(CAPABILITIES),
            defaults={name: value for name, value in defaults.items() if value is not None},
            config_fields=config_fields(),
        )

    async def list_models(self) -> list[ModelInfo]:
        """Return the models that the API lists, or those known without it where it cannot be asked.

        Raises:
            LLMError: the API refused to list them.
        """
        try:
            with self._translated():
                async with asyncio.timeout(LISTING_SECONDS):
                    cards = await listed_models(self._connection())
        except (ConfigurationError, LLMTimeoutError, NetworkError, NotFoundError) as error:
            log.warning("The models of %s could not be listed: %s", NAME, error)
            cards = known_models(self.default_model)
        return [model_info(card) for card in cards]

    async def complete(self, request: ChatRequest, **kwargs: Any) -> ChatResponse:
        """Return the model's answer.

        Args:
            request: what to answer; it is not changed.
            kwargs: `model`, `extended_thinking`, `reasoning_effort`, `temperature` and other fields of a request, which
                they override; anything else is ignored.

        Raises:
            LLMError: the request cannot be made, or was not answered after all retries.
        """
        with self._translated(self.default_model):
            call = prepare(request, kwargs, self.settings, catalog.facts, vendor=NAME)
            content = body(call)
            http = self._connection()
        events = CallEvents(self.coordinator, NAME, call.model, self._redactor, raw=self.settings.raw)
        try:
            await events.repaired(self._repairs.unreported(call.repairs))
            await events.requested(
                content,
                message_count=len(request.messages),
                tool_count=len(call.tools),
                has_system=call.system is not None,
                streaming=call.streaming,
                thinking_enabled=call.reasoning_effort not in (None, "none"),
            )
            with self._translated(call.model):
                async with asyncio.timeout(call.timeout if call.timeout and call.timeout > 0 else None):
                    response = await with_retries(
                        partial(self._attempt, http, call, content, events),
                        self.settings.retry,
                        partial(events.retrying, self.settings.retry.max_retries),
                    )
        except asyncio.CancelledError:
            await events.cancelled()
            raise
        except LLMError as error:
            await events.failed(error)
            raise
        self._spending.add(call.model, response.usage)
        await events.answered(response)
        return response

    def parse_tool_calls(self, response: ChatResponse) -> list[ToolCall]:
        """Return the calls of an answer, each id once."""
        calls = response.tool_calls
        if calls is None:
            blocks = [block for block in response.content if isinstance(block, ToolCallBlock)]
            calls = [CalledTool(id=block.id, name=block.name, arguments=block.input) for block in blocks]
        first: dict[str, ToolCall] = {}
        for call in calls:
            first.setdefault(call.id, call)
        return list(first.values())

    def session_cost(self) -> dict[str, Any] | None:
        """Return what the answers have cost so far, None before the first."""
        return self._spending.report()

    async def close(self) -> None:
        """Close the connections and so end the calls under way; a later call opens new ones."""
        http, self._http = self._http, None
        if http is not None:
            await http.close()

    async def _attempt(self, http: Http, call: Call, content: Any, events: CallEvents) -> ProviderResponse:
        """Return the answer to one request."""
        answer = Answer(NAME, model=call.model)
        with self._translated(call.model):
            async with http.open(
                "POST",
                ENDPOINT,
                content=encode(content),
                idle_timeout=self.settings.idle_timeout if call.streaming else None,
            ) as reply:
                if call.streaming and reply.media_type not in ("application/json", "text/html"):
                    await self._read_stream(reply, answer, events)
                else:
                    self._read_whole(await reply.json(), answer)
        return answer.response(FINISH_REASONS, price=partial(catalog.cost, call.model))

    async def _read_stream(self, reply: Reply, answer: Answer, events: CallEvents) -> None:
        """Fold the events of the stream into the answer and tell of them as they come."""
        ended = False
        async with aclosing(reply.events(sse.Decoder())) as stream:
            async for text in stream:
                if text == DONE:
                    ended = True
                    break
                apply(decode_event(text), answer)
                await events.streamed(answer.drain())
        if answer.finish_word is None and (answer.is_empty or not ended):
            raise BrokenReplyError("the stream ended before the answer did")
        answer.close()
        await events.streamed(answer.drain())

    def _read_whole(self, reply: Any, answer: Answer) -> None:
        """Fold a whole reply into the answer."""
        read(reply, answer)
        if answer.finish_word is None and (detail := read_error(reply)):
            raise stream_error(detail)
        if answer.is_empty:
            raise NoAnswerError(f"the reply holds no answer: {excerpt(reply)}")

    def _connection(self) -> Http:
        """Return the connection, made on first use: the set-up makes instances that have no key yet."""
        if self._http is None:
            settings = self.settings
            if settings.api_key is None:
                raise ConfigurationError("no API key: set OPENAI_API_KEY or api_key in the configuration")
            self._http = Http(
                settings.base_url,
                headers={"authorization": f"Bearer {settings.api_key}"},
                connect_timeout=settings.connect_timeout,
            )
        return self._http

    @contextmanager
    def _translated(self, model: str | None = None) -> Iterator[None]:
        """Let only LLMError and cancellation out, told in full and without secrets."""
        try:
            yield
            return
        except LLMError as error:
            found, cause = error, error.__cause__
        except StatusError as failure:
            detail = read_error(failure.fields)
            found, cause = status_error(failure, detail), failure
        except Exception as error:
            found, cause = error_of_cause(error), error
        told = in_full(found, cause, NAME, model, self._redactor)
        raise told from told.__cause__
