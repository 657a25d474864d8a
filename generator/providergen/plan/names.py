"""Python names for things of a vendor's document: the one place where a foreign string becomes an identifier."""

import builtins
import keyword
import re
import unicodedata

__all__ = ["class_name", "is_identifier", "singular", "variable"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]|\d+")


def class_name(*parts: str) -> str:
    """Return a class name made of the words of the parts: `("usage", "prompt_tokens")` gives `UsagePromptTokens`."""
    joined = "".join(word[:1].upper() + word[1:] for part in parts for word in _words(part))
    if not joined or not joined[0].isalpha():
        joined = f"Value{joined}"
    return f"{joined}_" if keyword.iskeyword(joined) or joined in dir(builtins) else joined


def variable(text: str, *taken: str) -> str:
    """Return a snake_case variable name made of a key, with a trailing `_` where Python or `taken` has the name."""
    name = "_".join(word.lower() for word in _words(text)) or "value"
    if name[0].isdigit():
        name = f"value_{name}"
    while keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in dir(builtins) or name in taken:
        name = f"{name}_"
    return name


def singular(text: str) -> str:
    """Return the name of one item of a list: `candidates` gives `candidate`, `entries` gives `entry`."""
    for plural, one in (("ies", "y"), ("sses", "ss"), ("ses", "se"), ("s", "")):
        if text.endswith(plural) and not text.endswith("ss") and len(text) > len(plural) + 1:
            return text[: -len(plural)] + one
    return text


def is_identifier(text: str) -> bool:
    """Tell whether a key can be written as keyword argument."""
    return text.isascii() and text.isidentifier() and not keyword.iskeyword(text)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _WORD.findall(plain)
