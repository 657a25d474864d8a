"""The plan of a whole package."""

from dataclasses import dataclass
from typing import Any

from providergen.check import Checked
from providergen.mapping import Catalog, Mapping
from providergen.plan.examples import ChecksPlan, plan_checks
from providergen.plan.provider import ProviderPlan, plan_provider
from providergen.plan.reading import Reader, ResponsePlan, StreamPlan, plan_response, plan_stream
from providergen.plan.reference import ReferencePlan, plan_reference
from providergen.plan.wire import Types
from providergen.plan.writing import RequestPlan, plan_request

__all__ = ["Package", "plan_package"]


@dataclass(frozen=True, slots=True)
class Package:
    """Every decision about a package; `schemas` are those of the vendor's JSON that it touches."""

    provider: ProviderPlan
    request: RequestPlan
    response: ResponsePlan
    stream: StreamPlan | None
    schemas: dict[str, Any]
    checks: ChecksPlan
    reference: ReferencePlan


def plan_package(mapping: Mapping, checked: Checked, catalog: Catalog | None) -> Package:
    """Return the plan of the package for a mapping that was held against its document without errors."""
    types = Types()
    request = plan_request(mapping, checked, types)
    reader = Reader.of(mapping, checked, types)
    response = plan_response(reader)
    stream = plan_stream(reader)
    provider = plan_provider(mapping, checked, catalog)
    checks = plan_checks(mapping, checked, provider)
    reference = plan_reference(mapping, checked, provider, checks.written_kinds)
    return Package(provider, request, response, stream, types.schemas(), checks, reference)
