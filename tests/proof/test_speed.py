"""The commands stay quick on OpenAI's document of 3 MB, cold."""

from collections.abc import Callable

from benchmarks.measure import Taken, check, generate, package
from tests.published import published


def quickest(run: Callable[[], Taken], limit: float) -> float:
    """Return the least processor time of up to five runs; the first one below the limit is enough.

    The clock would also measure the tests that run beside this one.
    """
    taken = limit
    for _ in range(5):
        taken = run().processor
        if taken < limit:
            break
    return taken


def test_check_takes_less_than_two_seconds() -> None:
    document = published("openai/openapi.yaml")

    assert document.stat().st_size > 2_500_000
    assert quickest(lambda: check(document), 2) < 2


def test_generate_takes_less_than_four_seconds() -> None:
    document = published("openai/openapi.yaml")

    with package() as made:
        assert quickest(lambda: generate(made, document), 4) < 4
