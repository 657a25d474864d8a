"""What a vendor's list of models says."""

from dataclasses import dataclass

__all__ = ["ModelCard", "ModelPage"]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of the list; what the vendor does not say is None."""

    id: str
    display_name: str | None = None
    context_window: int | None = None
    max_output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ModelPage:
    """One page of the list; `next` is what asks for the page after it, `more` whether the vendor says there is one."""

    models: tuple[ModelCard, ...] = ()
    next: str | None = None
    more: bool | None = None
