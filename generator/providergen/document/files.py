"""The files of one document: the one that was given, and those below its folder that it refers to.

Nothing is read from outside that folder, and nothing from the network unless the document itself was given as a URL.
"""

import hashlib
import posixpath
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from providergen.diagnostics import Findings, Position
from providergen.document.parse import MAX_BYTES, decode, parse_text
from providergen.document.positions import Positions, positions_of

__all__ = ["MISSING", "Files", "is_url"]

MISSING: Final[Any] = type("Missing", (), {"__repr__": lambda _: "MISSING", "__bool__": lambda _: False})()
"""Stands where there is no value, where None would be one."""

_TIMEOUT: Final = 30.0  # seconds, for a document given as a URL


def is_url(source: str) -> bool:
    """Whether a document is named by a URL and not by a path."""
    return urlsplit(source).scheme.lower() in ("http", "https")


@dataclass(slots=True)
class Files:
    """What has been read, by name relative to the document's folder; the document itself is ""."""

    source: str
    findings: Findings
    sha256: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _positions: dict[str, Positions] = field(default_factory=dict)

    def load(self) -> Any:
        """Return the value of the document itself, None after an error."""
        data = self._fetch(self.source) if is_url(self.source) else self._read()
        if data is None:
            return None
        self.sha256 = hashlib.sha256(data).hexdigest()
        return self._parse("", data)

    def value(self, file: str) -> Any:
        """Return the value of a file, MISSING if it cannot be read or lies outside the document's folder."""
        if file not in self.values:
            self.values[file] = MISSING
            data = self._beside(file)
            if data is not None:
                self._parse(file, data)
        return self.values[file]

    def name(self, reference: str, base: str) -> str | None:
        """Return the name of the file that a reference means (its part before the `#`), None if it is none of ours."""
        try:
            return self._name(reference, base)
        except ValueError:  # what urllib calls no URL
            return None

    def _name(self, reference: str, base: str) -> str | None:
        if is_url(self.source):
            here = urljoin(self.source, base) if base else self.source
            target, folder = urljoin(here, reference), urljoin(self.source, ".")
            return target.removeprefix(folder) if target.startswith(folder) else None
        if urlsplit(reference).scheme or reference.startswith(("/", "\\")):
            return None
        name = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(reference)))
        return "" if name == Path(self.source).name else name

    def shown(self, file: str) -> str:
        """Return the path or URL of a file as findings show it."""
        if not file:
            return self.source
        return urljoin(self.source, file) if is_url(self.source) else str(Path(self.source).parent / file)

    def positions(self, file: str) -> Positions:
        """Return where the nodes of a file stand."""
        if file not in self._positions:
            self._positions[file] = positions_of(self._texts.get(file, ""), self.shown(file))
        return self._positions[file]

    def _parse(self, file: str, data: bytes) -> Any:
        findings = Findings() if file else self.findings
        text = decode(data, self.shown(file), findings)
        value = None if text is None else parse_text(text, self.shown(file), findings, lenient=True)
        if text is not None and value is not None:
            self._texts[file], self.values[file] = text, value
        if file:  # it may not be needed: what needs it meets a dangling reference
            for found in findings.found:
                self.findings.warning(found.code, found.message, found.position, hint=found.hint)
        return value

    def _read(self) -> bytes | None:
        try:
            with Path(self.source).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            found, hint = "there is no such file; expected an OpenAPI document", "check the path"
        except IsADirectoryError:
            found, hint = "this is a folder; expected an OpenAPI document", "name the file in it"
        except (OSError, ValueError) as error:
            found, hint = f"the file cannot be read: {error}", "check the path and the permissions"
        self.findings.error("unreadable", found, Position(self.source), hint=hint)
        return None

    def _beside(self, file: str) -> bytes | None:
        """Return the bytes of another file of the document; what is wrong shows as a dangling reference."""
        if is_url(self.source):
            return self._fetch(urljoin(self.source, file), needed=False)
        folder = Path(self.source).resolve().parent
        try:
            path = (folder / file).resolve()
            if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > MAX_BYTES:
                return None
            return path.read_bytes()
        except (OSError, ValueError):
            return None

    def _fetch(self, url: str, *, needed: bool = True) -> bytes | None:
        import urllib.request  # a fifth of the time that loading a file takes, and files need none of it

        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as reply:  # noqa: S310 - http(s) only, see is_url
                return bytes(reply.read(MAX_BYTES + 1))
        except (OSError, ValueError) as error:
            if needed:
                found = f"the document cannot be fetched: {error}"
                self.findings.error("unreadable", found, Position(url), hint="check the URL, or download the file")
            return None
