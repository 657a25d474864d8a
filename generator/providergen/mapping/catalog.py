"""catalog.yaml, beside the mapping: facts of models that the vendor's API does not tell, each with its source."""

from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path

from providergen.diagnostics import Findings, Position
from providergen.mapping._files import read_tree
from providergen.mapping._structure import Fields, Items, Number, Word
from providergen.mapping._tree import Node

__all__ = ["CAPABILITIES", "Catalog", "ModelFacts", "Prices", "load_catalog"]

# The kernel's words (amplifier_core.capabilities).
CAPABILITIES = (
    "tools",
    "streaming",
    "thinking",
    "vision",
    "json_mode",
    "fast",
    "code_execution",
    "web_search",
    "deep_research",
    "local",
    "audio",
    "image_generation",
    "computer_use",
    "embeddings",
    "long_context",
    "batch",
)


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens; None where the source does not say."""

    input: Decimal
    output: Decimal
    cache_read: Decimal | None = None
    cache_write: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What is known of the models whose id `match` (a glob) fits; None where the source does not say.

    Sizes are tokens; `capabilities` are words of the kernel; `source` is the address where the facts were read.
    """

    match: str
    at: Position
    source: str
    display_name: str | None = None
    context_window: int | None = None
    max_output_tokens: int | None = None
    capabilities: tuple[str, ...] | None = None
    prices: Prices | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """The facts in the order of the file; of several that fit, the first counts."""

    path: str
    models: tuple[ModelFacts, ...]

    def find(self, model: str) -> ModelFacts | None:
        """Return the facts of a model, None if nothing is known of it."""
        return next((facts for facts in self.models if fnmatchcase(model, facts.match)), None)


def _price(what: str) -> Word:
    told = f"US dollars per million {what} tokens, as a decimal in quotes."
    return Word(told, 'a decimal in quotes, "2.50"', pattern=r"\d+(?:\.\d+)?")


_TOKENS = 100_000_000
_FILE = Fields(
    "Facts of models that the vendor's API does not tell.",
    {
        "models": Items(
            "Models by pattern; the first that fits counts.",
            Fields(
                "Facts of the models that a pattern fits.",
                {
                    "match": Word("Pattern of model ids (* and ?).", "a pattern", pattern=r"\S+"),
                    "display_name": Word("Name for people."),
                    "context_window": Number("Most tokens of a whole conversation.", 1, _TOKENS),
                    "max_output_tokens": Number("Most tokens of one answer.", 1, _TOKENS),
                    "capabilities": Items("What they can do.", Word("A capability.", choices=CAPABILITIES)),
                    "prices": Fields(
                        "What they cost.",
                        {
                            "input": _price("input"),
                            "output": _price("output"),
                            "cache_read": _price("cached input"),
                            "cache_write": _price("newly cached input"),
                        },
                        ("input", "output"),
                    ),
                    "source": Word("Address where the facts were read.", "an address", pattern=r"https?://\S+"),
                },
                ("match", "source"),
            ),
        )
    },
    ("models",),
    called="section",
)


def load_catalog(path: Path, findings: Findings) -> Catalog | None:
    """Return the facts of a catalog, None after errors; a pattern that an earlier one hides is a warning."""
    tree = read_tree(path, findings)
    if tree is None:
        return None
    found = Findings()
    _FILE.check(tree, found, "")
    findings.found.extend(found.found)
    if found.failed:
        return None
    catalog = Catalog(str(path), tuple(_facts(node) for node in tree.entries["models"].items))
    for number, facts in enumerate(catalog.models):
        first = catalog.find(facts.match)
        if first is not facts and first is not None:
            message = f"{facts.match!r} is never reached: {first.match!r} in line {first.at.line} fits all its models"
            findings.warning("hidden-entry", message, facts.at, place=f"models[{number}].match")
    return catalog


def _facts(node: Node) -> ModelFacts:
    window, output = node.get("context_window"), node.get("max_output_tokens")
    capabilities, prices = node.get("capabilities"), node.get("prices")
    return ModelFacts(
        str(node.entries["match"].value),
        node.entries["match"].at,
        str(node.entries["source"].value),
        display_name=_text(node.get("display_name")),
        context_window=int(str(window.value)) if window else None,
        max_output_tokens=int(str(output.value)) if output else None,
        capabilities=tuple(str(item.value) for item in capabilities.items) if capabilities else None,
        prices=_prices(prices) if prices else None,
    )


def _prices(node: Node) -> Prices:
    price = {key: Decimal(str(child.value)) for key, child in node.entries.items()}
    return Prices(price["input"], price["output"], price.get("cache_read"), price.get("cache_write"))


def _text(node: Node | None) -> str | None:
    return None if node is None else str(node.value)
