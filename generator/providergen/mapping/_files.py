"""From files to one merged tree: reading a mapping, and what it extends."""

from pathlib import Path
from typing import Any

from providergen.diagnostics import Findings, Position
from providergen.document.parse import decode, parse_text
from providergen.document.pointer import join
from providergen.document.positions import Positions, positions_of
from providergen.mapping._tree import Node, describe, extended
from providergen.mapping.bundled import bundled, dialects
from providergen.mapping.grammar import nearest

__all__ = ["read_merged", "read_tree"]


def read_tree(path: Path, findings: Findings, text: str | None = None) -> Node | None:
    """Read one YAML or JSON file, None after errors; `text` stands for its content."""
    if text is None:
        try:
            text = decode(path.read_bytes(), str(path), findings)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            findings.error("unreadable-file", f"the file cannot be read: {reason}", Position(str(path)))
            return None
    if text is None or (value := parse_text(text, str(path), findings)) is None:
        return None
    return _grow(value, positions_of(text, str(path)), "")


def _grow(value: Any, positions: Positions, pointer: str) -> Node:
    place = positions.nearest(pointer)
    match value:
        case dict():
            entries = {key: _grow(child, positions, join(pointer, key)) for key, child in value.items()}
            return Node(entries, place.value, place.key)
        case list():
            items = [_grow(item, positions, join(pointer, number)) for number, item in enumerate(value)]
            return Node(items, place.value, place.key)
        case _:
            return Node(value, place.value, place.key)


def read_merged(path: Path, findings: Findings, text: str | None = None) -> tuple[Node, tuple[str, ...]] | None:
    """Read a mapping and all that it extends into one tree; also return the names of what it extends, nearest first."""
    chain: list[Node] = []
    names: list[str] = []
    seen: list[Path] = []
    while True:
        if (tree := _read_mapping(path, findings, text)) is None:
            return None
        chain.append(tree)
        seen.append(path.resolve())
        if (extends := tree.get("extends")) is None:
            break
        if not isinstance(extends.value, str):
            found = describe(extends.value)
            findings.error(
                "wrong-type", f"{found} stands where a dialect or a path is expected", extends.at, place="extends"
            )
            return None
        found_path = _find(extends.value, path, extends, findings)
        if found_path is None:
            return None
        if found_path.resolve() in seen:
            around = " -> ".join([*(one.name for one in seen), found_path.name])
            findings.error(
                "cycle-of-extends",
                f"the mapping extends itself: {around}",
                extends.at,
                place="extends",
                hint="one of them has to stand on its own",
            )
            return None
        names.append(extends.value)
        path, text = found_path, None
    merged = chain.pop()
    while chain:
        merged = extended(merged, chain.pop(), findings)
    merged.entries.pop("extends", None)
    return merged, tuple(names)


def _read_mapping(path: Path, findings: Findings, text: str | None) -> Node | None:
    tree = read_tree(path, findings, text)
    if tree is None:
        return None
    if not isinstance(tree.value, dict):
        found = describe(tree.value)
        findings.error("wrong-type", f"{found} stands where a mapping, a map of sections, is expected", tree.at)
        return None
    _spell_out(tree)
    return tree


def _spell_out(tree: Node) -> None:
    """Write `chat: POST /path` as `chat: {operation: POST /path}`, so that either form extends the other."""
    overlays = tree.get("for_model")
    for part in [tree, *(overlays.entries.values() if overlays else ())]:
        chat = part.get("chat")
        if chat is not None and isinstance(chat.value, str):
            part.entries["chat"] = Node({"operation": chat}, chat.at, chat.key_at)


def _find(name: str, origin: Path, node: Node, findings: Findings) -> Path | None:
    if dialect := bundled(name):
        return dialect
    beside = [origin.parent / name, origin.parent / f"{name}.yaml"]
    if found := next((path for path in beside if path.is_file()), None):
        return found
    known = [dialect.name for dialect in dialects()]
    findings.error(
        "unknown-dialect",
        f"there is no dialect {name!r} and no file of that name beside the mapping{nearest(name, known)}",
        node.at,
        place="extends",
        hint=f"dialects: {', '.join(known)}",
    )
    return None
