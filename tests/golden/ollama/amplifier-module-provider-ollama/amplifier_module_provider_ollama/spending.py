"""What the answers of one provider instance have cost."""

from decimal import Decimal
from typing import Any

from amplifier_core.message_models import Usage

__all__ = ["Spending"]


class Spending:
    """Adds up costs in US dollars."""

    def __init__(self) -> None:
        self._total: Decimal | None = None
        self._unpriced: set[str] = set()

    def add(self, model: str, usage: Usage | None) -> None:
        """Take an answer into account; one without a known cost is remembered by its model."""
        if usage is None or usage.cost_usd is None:
            self._unpriced.add(model)
        else:
            self._total = (self._total or Decimal(0)) + usage.cost_usd

    def report(self) -> dict[str, Any] | None:
        """Return the known costs as decimal text (None if no price is known), None before the first answer."""
        if self._total is None and not self._unpriced:
            return None
        report: dict[str, Any] = {"cost_usd": None if self._total is None else str(self._total)}
        return report | ({"unpriced_models": sorted(self._unpriced)} if self._unpriced else {})
