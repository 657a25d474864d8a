"""The patch: what git makes of it."""

import subprocess
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from providergen.publish import Change, unified_diff

TEXT = st.text(st.sampled_from("ab\n\r\f\u2028"), min_size=1, max_size=12)


def test_a_new_a_changed_and_a_removed_file(tmp_path: Path) -> None:
    changes = [Change("new", None, b"1\n"), Change("changed", b"1\n2\n", b"1\n3"), Change("gone", b"x", None)]
    (tmp_path / "changed").write_bytes(b"1\n2\n")
    (tmp_path / "gone").write_bytes(b"x")
    patch = "".join(map(unified_diff, changes))
    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "new").read_bytes() == b"1\n"
    assert (tmp_path / "changed").read_bytes() == b"1\n3"
    assert not (tmp_path / "gone").exists()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=5, max_size=20))
def test_applied_to_the_old_texts_it_gives_the_new_ones(texts: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, (before, _) in enumerate(texts):
            Path(folder, f"f{number}").write_bytes(before.encode())
        changes = [
            Change(f"f{number}", before.encode(), after.encode())
            for number, (before, after) in enumerate(texts)
            if before != after
        ]
        patch = "".join(map(unified_diff, changes))
        if patch:
            subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=folder, check=True)
        assert [Path(folder, f"f{number}").read_bytes().decode() for number in range(len(texts))] == [
            after for _, after in texts
        ]
