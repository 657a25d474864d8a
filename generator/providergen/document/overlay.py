"""OpenAPI Overlay 1.0 and 1.1, strictly: an action must match something, and must change something.

Two things are stricter than the specification, which lets actions match nothing: that is an error here, since it means
that the vendor moved or renamed what the overlay corrects. And list items that are all there already are not added once
more; that action is reported like any other that changes nothing: the vendor has fixed the document.
"""

import re
from pathlib import Path
from typing import Any, Final

import jsonpath

from providergen.diagnostics import Findings
from providergen.document.files import MISSING, Files
from providergen.document.pointer import join

__all__ = ["apply_overlay"]

_VERSION: Final = re.compile(r"1\.[01]\.\d+")
_PATHS: Final = jsonpath.JSONPathEnvironment(strict=True)
_KEYS: Final = frozenset(("overlay", "info", "extends", "actions"))
_ACTION_KEYS: Final = frozenset(("target", "description", "update", "copy", "remove"))


class _ActionError(Exception):
    """An action that cannot be applied: a code and what was found."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


def apply_overlay(root: dict[str, Any], path: Path, findings: Findings) -> bool:
    """Change a document in place by the overlay in a file; False after errors, which are among the findings."""
    files = Files(str(path), findings)
    overlay = files.load()
    if overlay is None:
        return False
    fault = _fault(overlay)
    if fault:
        pointer, message = fault
        findings.error("bad-overlay", message, files.positions("").nearest(pointer).value)
        return False
    fine = True
    for index, action in enumerate(overlay["actions"]):
        at = files.positions("").nearest(join("", "actions", index)).value
        try:
            if not _apply(root, action):
                message = f"the action on {action['target']} changes nothing; the vendor has fixed the document"
                findings.warning("overlay-changes-nothing", message, at, hint="remove the action")
        except _ActionError as error:
            findings.error(error.code, str(error), at, hint=error.hint)
            fine = False
    return fine


def _fault(overlay: Any) -> tuple[str, str] | None:
    """Return the pointer and description of the first thing that keeps a value from being an overlay."""
    if not isinstance(overlay, dict) or not isinstance(overlay.get("overlay"), str):
        return "", "this is no overlay; expected a mapping with a key 'overlay' (1.0.0 or 1.1.0)"
    if not _VERSION.fullmatch(overlay["overlay"]):
        return "/overlay", f"the overlay has version {overlay['overlay']!r}; expected 1.0.x or 1.1.x"
    if unknown := _unknown(overlay, _KEYS):
        return join("", unknown), f"an overlay has no key '{unknown}'; expected {', '.join(sorted(_KEYS))}"
    info = overlay.get("info")
    if not isinstance(info, dict) or not all(isinstance(info.get(key), str) for key in ("title", "version")):
        return "/info", "the overlay's info lacks a title or version; expected two texts"
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        return "/actions", "the overlay has no actions; expected a list of at least one"
    for index, action in enumerate(actions):
        pointer = join("", "actions", index)
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            return pointer, "the action has no target; expected a JSONPath"
        if unknown := _unknown(action, _ACTION_KEYS):
            return join(
                pointer, unknown
            ), f"an action has no key '{unknown}'; expected {', '.join(sorted(_ACTION_KEYS))}"
        if sum((action.get("remove") is True, "update" in action, "copy" in action)) != 1:
            return pointer, "the action has none, or more than one, of update, copy and remove: true; expected one"
    return None


def _unknown(node: dict[str, Any], known: frozenset[str]) -> str | None:
    return next((key for key in node if key not in known and not key.startswith("x-")), None)


def _apply(root: dict[str, Any], action: dict[str, Any]) -> bool:
    """Apply one action; return whether it changed anything. Raises _ActionError."""
    matches = _matches(root, action["target"])
    if not matches:
        message = f"the action's target {action['target']} matches nothing in the document; expected one node at least"
        raise _ActionError("overlay-matches-nothing", message, "correct the target, or remove the action")
    if action.get("remove") is True:
        _remove(matches)
        return True
    update = _source(root, action["copy"]) if "copy" in action else action["update"]
    if len({_kind(match.obj) for match in matches}) > 1:
        message = (
            f"the action's target {action['target']} matches nodes of several types; expected objects, lists or values"
        )
        raise _ActionError("bad-overlay", message, "split the action")
    changed = [_update(match, update, action["target"]) for match in matches]
    return any(changed)


def _matches(root: dict[str, Any], path: Any) -> list[Any]:
    try:
        return list(_PATHS.finditer(path, root))
    except jsonpath.JSONPathError as error:
        message = f"{path!r} is no JSONPath (RFC 9535): {str(error).partition(chr(10))[0]}"
        raise _ActionError("bad-overlay", message, "write a path like $.paths['/chat'].post") from None
    except RecursionError:
        raise _ActionError("bad-overlay", "the JSONPath is nested too deeply") from None


def _source(root: dict[str, Any], path: Any) -> Any:
    if not isinstance(path, str) or len(found := _matches(root, path)) != 1:
        raise _ActionError("overlay-matches-nothing", f"the action's copy {path} must match exactly one node")
    return found[0].obj


def _remove(matches: list[Any]) -> None:
    """Remove the nodes, later items of a list before earlier ones."""
    once = {match.parts: match for match in matches}
    if () in once:
        raise _ActionError("bad-overlay", "the action removes the whole document; expected a part of it")
    for parts in sorted(once, key=_last_first):
        del once[parts].parent.obj[parts[-1]]


def _last_first(parts: tuple[str | int, ...]) -> tuple[int, int]:
    """Order paths so that none is changed by the removal of those before it."""
    return -len(parts), -parts[-1] if isinstance(parts[-1], int) else 0


def _update(match: Any, update: Any, target: str) -> bool:
    kind = _kind(match.obj)
    if kind == "object":
        if not isinstance(update, dict):
            raise _mismatch(target, "an object", update)
        return _merge(match.obj, update, target)
    if kind == "list":
        return _extend(match.obj, update if isinstance(update, list) else [update])
    if _kind(update) != "value":
        raise _mismatch(target, "a single value", update)
    if _same(match.obj, update) or match.parent is None:
        return False
    match.parent.obj[match.parts[-1]] = update
    return True


def _merge(node: dict[str, Any], update: dict[str, Any], place: str) -> bool:
    changed = False
    for key, value in update.items():
        old = node.get(key, MISSING)
        if old is MISSING:
            node[key] = _copied(value)
            changed = True
        elif _kind(old) != _kind(value):
            raise _mismatch(
                f"{place} '{key}'", {"object": "an object", "list": "a list"}.get(_kind(old), "a value"), value
            )
        elif isinstance(old, dict):
            changed |= _merge(old, value, f"{place} '{key}'")
        elif isinstance(old, list):
            changed |= _extend(old, value)
        elif not _same(old, value):
            node[key] = value
            changed = True
    return changed


def _extend(node: list[Any], items: list[Any]) -> bool:
    if all(any(_same(item, old) for old in node) for item in items):
        return False
    node.extend(_copied(items))
    return True


def _mismatch(place: str, has: str, update: Any) -> _ActionError:
    given = {"object": "an object", "list": "a list"}.get(_kind(update), "a value")
    return _ActionError("bad-overlay", f"{place} is {has}, and the action gives {given}; they cannot be merged")


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(item) for item in node] if isinstance(node, list) else node


def _kind(node: Any) -> str:
    return "object" if isinstance(node, dict) else "list" if isinstance(node, list) else "value"


def _same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal; true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)
