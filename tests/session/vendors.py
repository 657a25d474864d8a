"""How a session reaches a server through the provider of each vendor, and how that vendor answers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from tests.support.cases import Case, cases
from tests.support.replay import End, Exchange, ndjson, reply, sse

KEY = "sk-test-5up3r53cr3t0123456789abcdef"


class Server(Protocol):
    """Whatever listens at an address; it has no slash at the end."""

    @property
    def url(self) -> str:
        """The address."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor of specs/: the variable of its key, the path that its base URL has, and its models.

    `thinker` is a model that thinks if asked; it has a price if `priced`. A whole stream ends with `done`. `keyless`:
    it may do without a key. `sealed`: its reasoning comes encrypted, and in aimock's answers unasked, without words.
    """

    id: str
    key_variable: str
    base_path: str
    thinker: str
    framed: Callable[..., Exchange] = sse
    done: str | None = None
    priced: bool = True
    keyless: bool = False
    sealed: bool = False

    def entry(self, server: Server, *, instance: str | None = None, **config: Any) -> dict[str, Any]:
        """Return the provider's entry in a mount plan, talking to the server without retries."""
        settings = {"api_key": KEY, "base_url": server.url + self.base_path, "max_retries": "0", **config}
        entry: dict[str, Any] = {"module": f"provider-{self.id}", "config": settings}
        return entry if instance is None else {**entry, "instance_id": instance}

    def case(self, name: str) -> Case:
        """Return a case of specs/ by its name."""
        return next(case for case in cases() if (case.vendor, case.name) == (self.id, name))

    def answer(self, name: str, *, end: End = "complete", upto: int | None = None) -> Exchange:
        """Return what the vendor sends in a case, of a stream the first `upto` events only."""
        case = self.case(name)
        if case.kind != "stream":
            return reply(case.data["reply"])
        marker = {"done": self.done} if self.done and upto is None else {}
        return self.framed(case.data["events"][:upto], end=end, **marker)

    def answers(self, *names: str) -> tuple[Exchange, ...]:
        """Return what the vendor sends in several cases."""
        return tuple(self.answer(name) for name in names)

    def __str__(self) -> str:
        return self.id


VENDORS = (
    Vendor("openai-chat", "OPENAI_API_KEY", "/v1", "gpt-5.1", done="[DONE]"),
    Vendor("anthropic", "ANTHROPIC_API_KEY", "", "claude-sonnet-4-5", partial(sse, named=True)),
    Vendor("gemini", "GEMINI_API_KEY", "", "gemini-2.5-flash"),
    Vendor("openai", "OPENAI_API_KEY", "/v1", "gpt-6.1-terra", partial(sse, named=True), sealed=True),
    Vendor("ollama", "OLLAMA_API_KEY", "", "qwen3:8b", ndjson, priced=False, keyless=True),
)

# those whose API tells the model's thinking
THINKING = tuple(vendor for vendor in VENDORS if vendor.id != "openai-chat")

# What aimock answers otherwise than the vendor, so that tests cannot ask for it; test_aimock.py measures it. What only
# looks otherwise is asked: an answer of OpenAI's that is cut short ends in response.completed there, not in
# response.incomplete, and the provider takes both.
NOT_BY_AIMOCK = {
    ("ollama", "counts"): "aimock counts nothing for Ollama: prompt_eval_count and eval_count are always 0",
    ("ollama", "length"): "aimock gives every answer of Ollama the done_reason stop",
    ("ollama", "thinking"): "aimock tells Ollama's thinking as reasoning_content, the vendor as thinking",
}
