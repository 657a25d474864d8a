"""What the language can say and packages cannot do yet."""

from providergen.diagnostics import Findings
from providergen.mapping import Mapping
from providergen.mapping.shape import Hole, List, Object

__all__ = ["check_supported"]

_FRAMINGS = frozenset({"sse", "ndjson"})


def check_supported(mapping: Mapping, findings: Findings) -> None:
    """Add an error for each thing that no package could be generated for."""
    stream, auth = mapping.stream, mapping.vendor.auth
    if stream is not None and stream.framing not in _FRAMINGS:
        findings.error(
            "unsupported-framing",
            f"packages cannot read {stream.framing} yet, only {' and '.join(sorted(_FRAMINGS))}",
            mapping.position("stream.framing"),
            place="stream.framing",
            hint="without the section `stream` the package asks for whole answers",
        )
    for role, shape in mapping.message.items():
        spliced = isinstance(shape, List) and not shape.items and isinstance(shape.repeated, Hole)
        if not spliced and not isinstance(shape, Object):
            findings.error(
                "unsupported-message",
                "packages can write a message as an object, or as [$block, ...]",
                mapping.position(f"message.{role}"),
                place=f"message.{role}",
                hint="write one object; a block shape can hold what differs",
            )
    if auth is not None and auth.kind == "scheme" and "headers" not in mapping.hooks:
        findings.error(
            "unsupported-auth",
            f"packages cannot sign requests by {auth.name} yet",
            auth.at,
            place="vendor.auth",
            hint="sign them in the hook `headers` (`hooks: [headers]`)",
        )
