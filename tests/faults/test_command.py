"""`python -m tests.faults`: the table, for vendors that there are."""

import subprocess
import sys


def test_a_vendor_that_there_is_not() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.faults", "anthropc"], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert "no subject is called anthropc; there are anthropic, " in done.stderr
