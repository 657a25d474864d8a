"""What is known of Ollama's models beyond what its API tells."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

__all__ = ["MODELS", "UNKNOWN", "ModelFacts", "facts"]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Facts of the models whose id fits `match` (shell wildcards); None means unknown. `source` is where they stand."""

    match: str
    source: str
    display_name: str | None = None
    context_window: int | None = None
    max_output_tokens: int | None = None
    capabilities: frozenset[str] | None = None

    @property
    def is_one_model(self) -> bool:
        """Whether `match` is the id of a model, without wildcards."""
        return not set("*?[") & set(self.match)


UNKNOWN = ModelFacts(match="*", source="")

MODELS: tuple[ModelFacts, ...] = (
    ModelFacts(
        match="gpt-oss-safeguard*",
        source="https://ollama.com/search?q=gpt-oss",
        capabilities=frozenset(("tools", "streaming", "thinking")),
    ),
    ModelFacts(
        match="gpt-oss*",
        source="https://ollama.com/search?q=gpt-oss",
        display_name="gpt-oss",
        context_window=131072,
        capabilities=frozenset(("tools", "streaming", "thinking")),
    ),
    ModelFacts(
        match="gemma4*",
        source="https://ollama.com/library/gemma4:31b-mlx-bf16/blobs/9f4fec4b1dc6",
        display_name="Gemma 4",
        context_window=131072,
        capabilities=frozenset(("tools", "streaming", "thinking", "vision", "json_mode")),
    ),
    ModelFacts(
        match="qwen3.5*",
        source="https://ollama.com/dhiltgen/qwen3.5",
        display_name="Qwen3.5",
        capabilities=frozenset(("tools", "streaming", "thinking", "vision")),
    ),
    ModelFacts(
        match="deepseek-r1*",
        source="https://ollama.com/search?q=O3",
        display_name="DeepSeek-R1",
        capabilities=frozenset(("tools", "streaming", "thinking")),
    ),
)


def facts(model: str) -> ModelFacts | None:
    """Return what is known of a model: the first entry that fits, None if none does."""
    return next((known for known in MODELS if fnmatchcase(model, known.match)), None)
