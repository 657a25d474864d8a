"""A limit of time for every check, so that a package that hangs fails and the run goes on."""

import asyncio
import faulthandler
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

import pytest

__all__ = ["LATE", "Patience"]

LATE = "late"
"""The property of a test that took too long: the seconds it was given."""
_ONCE_LATE = 5.0  # seconds for the other checks of a package that was late once: a sound one takes less than three
_AGAIN = 10.0  # seconds until it is told once more to code that does not listen
_STUCK = 60.0  # seconds until the process ends, as code that holds the interpreter cannot be told anything


class Patience:
    """Bounds each phase of each test: `seconds` for the first one of a package that is late, 5 for all after it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late: set[str] = set()

    @contextmanager
    def bound(self, item: pytest.Item, package: str) -> Iterator[None]:
        """Raise what fails the test if the block takes too long, also out of code that waits or never does."""
        seconds = min(self._seconds, _ONCE_LATE) if package in self._late else self._seconds

        def end(number: int, frame: FrameType | None) -> NoReturn:
            self._late.add(package)
            item.user_properties.append((LATE, seconds))
            for task in _tasks():  # their loop serves the tests to come
                task.cancel()
            pytest.fail(f"took longer than {seconds:g} s", pytrace=False)

        if threading.current_thread() is not threading.main_thread():  # where signals do not arrive
            yield
            return
        before = signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        faulthandler.dump_traceback_later(seconds + _STUCK, exit=True, file=sys.__stderr__ or sys.stderr)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _tasks() -> set[asyncio.Task[object]]:
    """Return the tasks of the loop that runs, none if none does."""
    try:
        return asyncio.all_tasks()
    except RuntimeError:
        return set()
