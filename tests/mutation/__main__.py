"""Break a package on purpose, one small change at a time, and see which changes its tests and the suite notice.

    uv run --group mutation python -m tests.mutation                           anthropic's package
    uv run --group mutation python -m tests.mutation ollama                    another one
    uv run --group mutation python -m tests.mutation --only call --only retry  some of its modules
    uv run --group mutation python -m tests.mutation --sample 800              some of its mutants, picked by chance

mutmut makes the changes, in functions and methods without decorators, and runs for each the tests that reach it: those
of the package itself and the conformance suite. What survived is printed with the reason that survivors.yaml gives.
Exits with 1 if fewer than nine of ten are noticed, or if one that is not has no reason there. All mutants of a package
take half an hour on two processors; 800 tell the share to within two percent.
"""

import argparse
import os
import sys

from tests.mutation.report import report
from tests.mutation.workshop import mutate
from tests.support.cases import VENDORS


def main() -> int:
    """Mutate a package and report."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("vendor", nargs="?", default="anthropic", choices=VENDORS, help="whose package")
    parser.add_argument("--only", metavar="MODULE", action="append", default=[], help="a module; may be repeated")
    parser.add_argument("--sample", metavar="N", type=int, help="how many mutants, the same ones every time")
    several = 2 * (os.cpu_count() or 1)  # what a mutant keeps waiting takes no processor
    parser.add_argument("--processes", type=int, default=several, help="at a time (default: %(default)s)")
    asked = parser.parse_args()
    return report(mutate(asked.vendor, asked.only, asked.sample, asked.processes))


if __name__ == "__main__":
    sys.exit(main())
