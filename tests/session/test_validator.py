"""The kernel's own validator accepts the generated packages, whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Generated
from tests.session.vendors import VENDORS, Vendor


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.id)
def test_all_nine_checks_pass(vendor: Vendor, generated: Generated) -> None:
    project = generated(vendor.id)
    package = project / f"amplifier_module_provider_{vendor.id.replace('-', '_')}"
    run = subprocess.run(
        [str(Path(sys.executable).with_name("amplifier-core")), "validate", "provider", str(package)],
        env={**os.environ, "PYTHONPATH": str(project), vendor.key_variable: "sk-test"},
        capture_output=True,
        text=True,
    )
    assert "PASSED: 9/9 checks passed (0 errors, 0 warnings)" in run.stdout, run.stdout + run.stderr
