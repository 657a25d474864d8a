from collections import Counter

import pytest

from tests.conftest import Generated
from tests.faults.cells import cells, play
from tests.faults.faults import Fault
from tests.faults.framing import NDJSON, SSE
from tests.faults.packages import module_of
from tests.faults.subjects import SUBJECTS, Subject

MATRIX = [(subject, fault) for subject in SUBJECTS for fault in cells(subject)]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("subject", "fault"), [pytest.param(*cell, id=f"{cell[0]}: {cell[1].name}") for cell in MATRIX]
)
async def test_a_fault_comes_to_what_the_table_says(subject: Subject, fault: Fault, generated: Generated) -> None:
    generated(subject.vendor)
    seen = await play(fault, subject, module_of(subject.vendor))
    print(f"{subject!s:20} {fault.name:60.60} {fault.outcome!s:35} {seen}")
    assert seen.wrong is None


def test_the_matrix_has_every_framing_in_hundreds_of_cells() -> None:
    counted = Counter(subject.framing.name for subject, _ in MATRIX)
    assert counted.keys() >= {SSE.name, NDJSON.name}
    assert counted.total() >= 300
    assert len({(str(subject), fault.name) for subject, fault in MATRIX}) == len(MATRIX)
