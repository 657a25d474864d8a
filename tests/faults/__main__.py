"""Print the table: python -m tests.faults [vendor ...]."""

import asyncio
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
    """Run the matrix for these vendors, all by default; return how many cells failed."""
    failed = 0
    for subject in SUBJECTS:
        if vendors and subject.vendor not in vendors:
            continue
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / f"amplifier-module-provider-{subject.vendor}"
            generate(subject.vendor, package)
            with installed(package):
                module = module_of(subject.vendor)
                started = time.perf_counter()
                counted: Counter[str] = Counter()
                print(f"\n{subject}")
                for fault in cells(subject):
                    seen = asyncio.run(play(fault, subject, module))
                    counted["wrong" if seen.wrong else "right"] += 1
                    print(f"  {fault.name:60.60} {fault.outcome!s:35} {seen}")
                print(f"  {dict(counted)} in {time.perf_counter() - started:.1f} s")
                failed += counted["wrong"]
    return failed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
