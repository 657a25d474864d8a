"""Replies: how a package reads what comes back, compiled from the shapes that are read."""

from providergen.plan.reading.response import ResponsePlan, plan_response
from providergen.plan.reading.shapes import Reader
from providergen.plan.reading.stream import StreamPlan, plan_stream

__all__ = ["Reader", "ResponsePlan", "StreamPlan", "plan_response", "plan_stream"]
