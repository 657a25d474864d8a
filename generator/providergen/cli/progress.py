"""A sign of life for work that takes longer than a second."""

import contextlib
import sys
import threading
from collections.abc import Iterator

from rich.console import Console

__all__ = ["progress"]

_PATIENCE = 1.0


@contextlib.contextmanager
def progress(what: str) -> Iterator[None]:
    """Show what is being done on the terminal once it has lasted a second; say nothing in pipes."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield
        return
    status = console.status(f"{what} ...")
    timer = threading.Timer(_PATIENCE, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
