"""Mappings that are wrong in one place: those of specs/ with all that they extend, and one node spoilt."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from providergen.check import check
from providergen.diagnostics import Findings, Severity
from providergen.document import load_document
from providergen.mapping import flattened, load_mapping
from providergen.mapping.vocabulary import SCOPES

SPECS = Path(__file__).parents[2] / "specs"
VENDORS = tuple(sorted(path.parent.name for path in SPECS.glob("*/mapping.yaml")))

HOLES = sorted({f"${word}" for scope in SCOPES.values() for word in scope.words})
MARKED = ["$_x", "$config.x", "$metadata.x", "$text+", "$text.x", "$signature!", "$input|json", "$response+"]
PLAIN: list[Any] = [{}, [], None, "word", 7, 0.5, True, "", "<${text}>", "${id}${name}", [[]], [{}], {"x": {}}]

Keys = tuple[str | int, ...]


def document(vendor: str) -> Path:
    """Return where the document of a vendor is."""
    return SPECS / vendor / "openapi.yaml"


def whole(vendor: str, overlays: int | None) -> dict[str, Any]:
    """Return a vendor's mapping as one file that extends nothing, with its first overlays for models.

    What a mapping may inherit but not say itself is excused.
    """
    findings = Findings()
    mapping = load_mapping(SPECS / vendor / "mapping.yaml", findings)
    described = load_document(document(vendor), findings)
    assert mapping is not None and described is not None
    tree = flattened(mapping)
    tree["for_model"] = dict(list(tree["for_model"].items())[:overlays])
    stated = load_mapping(Path("mapping.yaml"), findings, text=json.dumps(tree))
    assert stated is not None
    check(stated, described, findings)
    wrong = [one.place for one in findings.found if one.severity is Severity.ERROR and one.place is not None]
    tree["unchecked"] = tree.get("unchecked", {}) | dict.fromkeys(wrong, "inherited")
    return tree


def spoilt(tree: dict[str, Any], count: int, seed: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `count` spoilt copies of a mapping, each with what was done to it; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        section = chance.choice(list(tree))
        keys = chance.choice([(section, *below) for below in _paths(tree[section])])
        said, done = _spoil(tree, keys, chance)
        yield f"{seed}: {'.'.join(map(str, keys))} {said}", done


def _spoil(tree: dict[str, Any], keys: Keys, chance: random.Random) -> tuple[str, dict[str, Any]]:
    done: Any = copy.deepcopy(tree)
    parent, key = _at(done, keys[:-1]), keys[-1]
    node = parent[key]
    if chance.random() < 0.2:
        del parent[key]
        return "left out", done
    section = _at(tree, keys[:1])
    other = _at(section, chance.choice(list(_paths(section))))
    wrapped = [[node], [node, "..."], [node, "...", node], {"x": node}]
    replacements = [chance.choice(PLAIN), chance.choice(HOLES), chance.choice(MARKED), chance.choice(wrapped), other]
    parent[key] = copy.deepcopy(chance.choice(replacements))
    return f"is {json.dumps(parent[key])}", done


def _paths(node: Any) -> Iterator[Keys]:
    yield ()
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in entries:
        yield from ((key, *below) for below in _paths(child))


def _at(node: Any, keys: Keys) -> Any:
    for key in keys:
        node = node[key]
    return node
