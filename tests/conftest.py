"""What all tests can ask for."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.installation import installed

# A machine that is busy is no failure.
settings.register_profile("patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# What a shell runs in the background ignores interruptions, and so do its children, to which some tests send one.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

Generated = Callable[[str], Path]


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    """Give a function from a vendor of specs/ to its package: generated and installed once per run.

    The folder it returns is called amplifier-module-provider-<vendor>; the kernel finds the module by its entry point.
    """
    from tests.support.packages import generate  # the whole generator, which most tests do not need

    with ExitStack() as stack:

        @cache
        def make(vendor: str) -> Path:
            folder = tmp_path_factory.mktemp("generated") / f"amplifier-module-provider-{vendor}"
            generate(vendor, folder)
            stack.enter_context(installed(folder))
            return folder

        yield make
