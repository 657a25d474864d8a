"""Requests: what a package sends, compiled from the shapes that are written."""

from providergen.plan.writing.endpoint import (
    has_fixed_endpoint,
    has_fixed_headers,
    listing_functions,
    listing_headers,
)
from providergen.plan.writing.request import RequestPlan, plan_request
from providergen.plan.writing.returned import keys_taken

__all__ = [
    "RequestPlan",
    "has_fixed_endpoint",
    "has_fixed_headers",
    "keys_taken",
    "listing_functions",
    "listing_headers",
    "plan_request",
]
