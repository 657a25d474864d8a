"""What comes of every reply that a package's own cases know, for all checks that only look."""

from dataclasses import dataclass
from typing import Any

from tests.conformance.bench import Bench, Told
from tests.conformance.case import Case

__all__ = ["Observed", "Seen", "observe"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A reply, the response that was made of it, and what was told meanwhile."""

    case: Case
    response: Any
    told: Told
    provider: Any

    def __str__(self) -> str:
        return self.case.name

    @property
    def dumped(self) -> dict[str, Any]:
        """The response as JSON data."""
        whole: dict[str, Any] = self.response.model_dump(mode="json")
        return whole

    def blocks(self, kind: str) -> list[Any]:
        """Return the blocks of a kind."""
        return [block for block in self.response.content if block.type == kind]


Observed = tuple[Seen, ...]


async def observe(bench: Bench) -> Observed:
    """Complete one request for each whole or streamed reply that is no failure."""
    seen = []
    for case in bench.subject.of("response", "stream", fails=False):
        own = Bench(bench.subject)
        response = await own.ask(case)
        seen.append(Seen(case, response, own.told, own.provider()))
        await own.close()
    return tuple(seen)
