"""Print the table: python -m tests.faults [vendor ...]."""

import asyncio
import logging
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults.cells import cells, play
from tests.faults.packages import module_of
from tests.faults.subjects import SUBJECTS
from tests.support.installation import installed
from tests.support.packages import generate


def main(vendors: list[str]) -> int:
    """Run the matrix for these vendors, all by default; return the exit code: 1 if a cell failed, 2 for no vendor."""
    known = sorted({subject.vendor for subject in SUBJECTS})
    if unknown := sorted(set(vendors) - set(known)):
        print(f"no subject is called {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    counted: Counter[str] = Counter()
    began = time.perf_counter()
    for subject in SUBJECTS:
        if vendors and subject.vendor not in vendors:
            continue
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / f"amplifier-module-provider-{subject.vendor}"
            generate(subject.vendor, package)
            with installed(package):
                print(f"\n{subject}\n  {'fault':60} {'expected':35} {'came':35} {'time':>9} {'memory':>7}")
                for fault in cells(subject):
                    seen = asyncio.run(play(fault, subject, module_of(subject.vendor)))
                    counted["wrong" if seen.wrong else "as expected"] += 1
                    print(f"  {fault.name:60.60} {fault.outcome!s:35} {seen}")
    print(f"\n{counted.total()} cells in {time.perf_counter() - began:.0f} s:", dict(counted))
    return min(counted["wrong"], 1)


if __name__ == "__main__":
    logging.getLogger().addHandler(logging.NullHandler())  # each cell's failure would be told on the screen
    sys.exit(main(sys.argv[1:]))
