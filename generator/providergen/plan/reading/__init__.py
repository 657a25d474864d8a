"""Replies: how a package reads what comes back, compiled from the shapes that are read."""

from providergen.plan.reading.response import ResponsePlan, StreamPlan, plan_replies

__all__ = ["ResponsePlan", "StreamPlan", "plan_replies"]
