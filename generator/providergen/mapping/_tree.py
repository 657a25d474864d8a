"""A mapping file as a tree whose every node knows where it stands, and the merging of two such trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from providergen.diagnostics import Findings, Position
from providergen.mapping.shape import Scalar
from providergen.spelling import slip

__all__ = ["NEVER_INHERITED", "Node", "describe", "extended", "laid_over", "overlaid", "places", "plain"]

NEVER_INHERITED = ("extends", "vendor", "unchecked")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file: `at` is where it stands, `key_at` where its key does (the same for items of a list)."""

    value: Scalar | dict[str, Node] | list[Node]
    at: Position
    key_at: Position

    def get(self, *keys: str) -> Node | None:
        """Return the node under these keys, None if there is none on the way."""
        node: Node | None = self
        for key in keys:
            node = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
        return node

    @property
    def entries(self) -> dict[str, Node]:
        """The entries of a map; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """The items of a list; a single value is a list of itself."""
        return self.value if isinstance(self.value, list) else [self]


def plain(node: Node) -> Any:
    """Return the values without their positions."""
    match node.value:
        case dict(entries):
            return {key: plain(child) for key, child in entries.items()}
        case list(items):
            return [plain(item) for item in items]
        case scalar:
            return scalar


def describe(value: object) -> str:
    """Name a value in a message: what it is, and which if it is short."""
    match value:
        case dict():
            return "a map"
        case list():
            return "a list"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return repr(value) if len(value) <= 40 else "a text"
        case _:
            return f"the number {value}"


def places(node: Node, place: str = "") -> Iterator[tuple[str, Position]]:
    """Yield every mapping path below a node with the position of its key or item."""
    match node.value:
        case dict(entries):
            for key, child in entries.items():
                below = f"{place}.{key}" if place else key
                yield below, child.key_at
                yield from places(child, below)
        case list(items):
            repeated = len(items) > 1 and items[1].value == "..."
            named = [("[...]", items[0])] if repeated else []
            rest = enumerate(items[2:] if repeated else items)
            for name, item in [*named, *((f"[{number}]", item) for number, item in rest)]:
                yield place + name, item.at
                yield from places(item, place + name)
        case _:
            return


def extended(parent: Node, child: Node, findings: Findings) -> Node:
    """Merge a file over the one it extends; identity and excuses are not inherited.

    Overlays for models merge per glob and keep their nulls, which delete when the overlay is applied; the globs of the
    extending file come first.
    """
    own, inherited = child.entries, dict(parent.entries)
    for section in NEVER_INHERITED:
        inherited.pop(section, None)
    overlays = _overlays(inherited.get("for_model"), own.get("for_model"), findings)
    rest = {key: node for key, node in own.items() if key != "for_model"}
    merged = _maps(inherited, rest, findings, "")
    if overlays is not None:
        merged["for_model"] = overlays
    return replace(child, value=merged)


def _overlays(inherited: Node | None, own: Node | None, findings: Findings) -> Node | None:
    if own is None or inherited is None:
        return own if inherited is None else inherited
    if not isinstance(own.value, dict):
        return None if own.value is None else own
    merged: dict[str, Node] = {}
    for glob, overlay in own.value.items():
        below = inherited.get(glob)
        if overlay.value is None:
            _missing(below, overlay, f"for_model.{glob}", inherited.entries, findings)
        else:
            merged[glob] = _merge(below, overlay, findings, "", keep_null=True)
    merged.update({glob: overlay for glob, overlay in inherited.entries.items() if glob not in own.value})
    return replace(own, value=merged)


def overlaid(base: Node, overlay: Node, glob: str, findings: Findings) -> Node:
    """Merge the overlay for some models over the whole mapping."""
    below = {key: node for key, node in base.entries.items() if key != "for_model"}
    return replace(base, value=_maps(below, overlay.entries, findings, f"for_model.{glob}."))


def laid_over(below: Node, above: Node) -> Node:
    """Merge two parts of one mapping without a word about nulls that delete nothing."""
    return _merge(below, above, Findings(), "")


def _merge(below: Node | None, above: Node, findings: Findings, place: str, *, keep_null: bool = False) -> Node:
    match below.value if below is not None else None, above.value:
        case dict(old), dict(new):
            return replace(above, value=_maps(old, new, findings, f"{place}.", keep_null=keep_null))
        case _, dict(new):
            return replace(above, value=_maps({}, new, findings, f"{place}.", keep_null=keep_null))
        case list(olds), list(news) if len(olds) == len(news):
            pairs = enumerate(zip(olds, news, strict=True))
            items = [_merge(one, two, findings, f"{place}[{at}]", keep_null=keep_null) for at, (one, two) in pairs]
            return replace(above, value=items)
        case _:
            return above


def _maps(
    old: dict[str, Node], new: dict[str, Node], findings: Findings, prefix: str, *, keep_null: bool = False
) -> dict[str, Node]:
    merged = dict(old)
    for key, node in new.items():
        if node.value is None and not keep_null:
            _missing(merged.pop(key, None), node, prefix + key, old, findings)
        elif node.value is None and key in old:
            # It takes the place of what it deletes, so that nobody complains if that is all it deletes.
            merged[key] = replace(node, key_at=old[key].key_at)
        else:
            merged[key] = _merge(old.get(key), node, findings, prefix + key, keep_null=keep_null)
    return merged


def _missing(below: Node | None, node: Node, place: str, known: dict[str, Node], findings: Findings) -> None:
    if below is not None:
        return
    if near := slip(place.rpartition(".")[2], known):
        findings.error(
            "nothing-to-delete",
            "null deletes an inherited entry, but there is none of that name",
            node.key_at,
            place=place,
            hint=f"did you mean {near!r}?",
        )
        return
    findings.warning(
        "nothing-to-delete",
        "null deletes an inherited entry, but there is none of that name",
        node.key_at,
        place=place,
        hint=f"inherited here: {', '.join(known)}" if known else None,
    )
