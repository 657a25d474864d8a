"""What a package's own tests are made of: answers and errors as its vendor would send them."""

from providergen.plan.examples.cases import examples
from providergen.plan.examples.checks import ChecksPlan, plan_checks

__all__ = ["ChecksPlan", "examples", "plan_checks"]
