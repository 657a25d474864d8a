"""How a session reaches aimock through the provider of each vendor."""

from dataclasses import dataclass
from typing import Any

from tests.session.conftest import Aimock


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor of specs/: the variable of its key, and the path that its base URL has."""

    id: str
    key_variable: str
    base_path: str

    def entry(self, aimock: Aimock, *, instance: str | None = None, **config: Any) -> dict[str, Any]:
        """Return the provider's entry in a mount plan, talking to aimock without retries."""
        settings = {
            "api_key": aimock.key,
            "base_url": aimock.url + self.base_path,
            "max_retries": "0",
            **config,
        }
        entry: dict[str, Any] = {"module": f"provider-{self.id}", "config": settings}
        return entry if instance is None else {**entry, "instance_id": instance}


VENDORS = (
    Vendor("openai-chat", "OPENAI_API_KEY", "/v1"),
    Vendor("anthropic", "ANTHROPIC_API_KEY", ""),
    Vendor("gemini", "GEMINI_API_KEY", ""),
)

# those whose API tells the model's thinking
THINKING = tuple(vendor for vendor in VENDORS if vendor.id in {"anthropic", "gemini"})
