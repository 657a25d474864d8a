"""The catalogs load, hold sane numbers with their sources, and know the models that the mappings begin with."""

from fnmatch import fnmatchcase

import pytest

from providergen.diagnostics import Findings
from providergen.mapping import load_mapping
from providergen.mapping.catalog import Catalog, ModelFacts, load_catalog
from tests.support.cases import SPECS, VENDORS


def catalog(vendor: str) -> Catalog:
    findings = Findings()
    found = load_catalog(SPECS / vendor / "catalog.yaml", findings)
    assert [str(finding) for finding in findings.found] == []
    assert found is not None
    return found


ONES_OWN = {"ollama"}  # servers whose answers cost nothing, and are as long as their models can make them
ENTRIES = [(vendor, facts) for vendor in VENDORS for facts in catalog(vendor).models]


@pytest.mark.parametrize(("vendor", "facts"), ENTRIES, ids=[f"{vendor}/{facts.match}" for vendor, facts in ENTRIES])
def test_numbers_are_sane(vendor: str, facts: ModelFacts) -> None:
    assert facts.source.startswith("https://")
    if facts.context_window and facts.max_output_tokens:
        assert 4_096 <= facts.max_output_tokens <= facts.context_window <= 10_000_000
    if facts.capabilities is not None:
        assert "streaming" in facts.capabilities
        assert facts.context_window is None or ("long_context" in facts.capabilities) == (facts.context_window >= 1e6)
    if prices := facts.prices:
        assert 0 < prices.input < prices.output <= 200
        assert prices.cache_read is None or 0 < prices.cache_read < prices.input
        assert prices.cache_write is None or prices.input <= prices.cache_write <= 2 * prices.input


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_default_model_is_known_whole(vendor: str) -> None:
    mapping = load_mapping(SPECS / vendor / "mapping.yaml", Findings())
    assert mapping is not None

    facts = catalog(vendor).find(str(mapping.defaults["model"]))

    assert facts is not None
    assert facts.context_window
    assert facts.capabilities
    assert "tools" in facts.capabilities
    if vendor not in ONES_OWN:
        assert facts.max_output_tokens
        assert facts.prices


@pytest.mark.parametrize(
    ("vendor", "model", "matched"),
    [
        ("openai-chat", "gpt-5.1-2025-11-13", "gpt-5.1*"),
        ("openai-chat", "gpt-5.1-chat-latest", "gpt-5*-chat*"),
        ("openai-chat", "gpt-5.4-mini-2026-03-17", "gpt-5.4-mini*"),
        ("openai-chat", "gpt-5.4", "gpt-5.4*"),
        ("openai-chat", "gpt-5.1-codex-max", "gpt-*-codex*"),
        ("openai-chat", "gpt-5.6", "gpt-5.6*"),
        ("openai-chat", "gpt-6.2-astra", "gpt-6.2-astra*"),
        ("openai", "gpt-5.6", "gpt-5.6*"),
        ("openai", "gpt-5.6-luna", "gpt-5.6-luna*"),
        ("openai", "gpt-5.2-pro-2025-12-11", "gpt-5.2-pro*"),
        ("openai", "gpt-5.1-codex-max", "gpt-5.1-codex*"),
        ("ollama", "gpt-oss-safeguard:20b", "gpt-oss-safeguard*"),
        ("ollama", "gpt-oss:120b-cloud", "gpt-oss*"),
        ("anthropic", "claude-fable-5-2", "claude-fable-5-2*"),
        ("anthropic", "claude-fable-5", "claude-fable-5*"),
        ("anthropic", "claude-opus-5-5", "claude-opus-5-5*"),
        ("anthropic", "claude-opus-5", "claude-opus-5*"),
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5*"),
        ("gemini", "gemini-3.5-flash-lite", "gemini-3.5-flash-lite*"),
        ("gemini", "gemini-3.5-flash", "gemini-3.5-flash*"),
        ("gemini", "gemini-2.5-flash-lite", "gemini-2.5-flash-lite*"),
        ("gemini", "gemini-2.5-flash", "gemini-2.5-flash*"),
    ],
)
def test_the_narrower_pattern_speaks_for_a_model(vendor: str, model: str, matched: str) -> None:
    facts = catalog(vendor).find(model)

    assert facts is not None
    assert facts.match == matched


@pytest.mark.parametrize(
    ("vendor", "model", "offered"),
    [
        ("openai-chat", "gpt-5.2", True),
        ("openai-chat", "gpt-5.3-codex", False),
        ("openai", "gpt-5.3-codex", True),
        ("openai", "gpt-6-live", False),
        ("gemini", "gemini-4-argon", True),
        ("gemini", "gemini-3.8-live", False),
        ("gemini", "gemini-3.8-live-extended-thinking", False),
    ],
)
def test_of_a_mixed_list_those_that_answer_here_are_offered(vendor: str, model: str, offered: bool) -> None:
    mapping = load_mapping(SPECS / vendor / "mapping.yaml", Findings())
    assert mapping is not None and mapping.models is not None
    listing = mapping.models

    included, excluded = (
        any(fnmatchcase(model, pattern) for pattern in patterns) for patterns in (listing.include, listing.exclude)
    )

    assert (included and not excluded) == offered
