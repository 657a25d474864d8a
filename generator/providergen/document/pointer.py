"""JSON Pointers (RFC 6901) as strings."""

__all__ = ["join", "parent", "split"]


def join(pointer: str, *keys: str | int) -> str:
    """Return the pointer of what lies at the keys below a pointer."""
    return "/".join((pointer, *(str(key).replace("~", "~0").replace("/", "~1") for key in keys)))


def parent(pointer: str) -> str:
    """Return the pointer of what a node lies in; that of the whole document is itself."""
    return pointer.rpartition("/")[0]


def split(pointer: str) -> list[str]:
    """Return the keys of a pointer, outermost first."""
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
