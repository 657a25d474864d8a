"""Whose file is whose: what publishing would change, and what it refuses to."""

from pathlib import Path

import pytest

from providergen.diagnostics import Findings
from providergen.publish import Changes, Identity, Lock, Origin, Tree, compare, publish, read_lock, report

IDENTITY = Identity("acme", "Ada")
ORIGIN = Origin("1.0.0", "a" * 64, "openapi.yaml", "b" * 64)
FIRST = Tree(
    owned={"acme/__init__.py": b"one\n", "acme/old.py": b"old\n", "openapi.json": b"{}\n"},
    seeds={"mapping.yaml": b"vendor: acme\n", "tests/test_own.py": b"# yours\n"},
)


def lock_of(target: Path) -> Lock | None:
    findings = Findings()
    lock = read_lock(target, findings)
    assert findings.found == []
    return lock


def changes(target: Path, tree: Tree, *, reseed: bool = False, origin: Origin = ORIGIN) -> Changes:
    return compare(target, tree, lock_of(target), IDENTITY, origin, reseed=reseed)


def changed(found: Changes) -> dict[str, str]:
    return {
        change.path: "new" if change.before is None else "gone" if change.after is None else "changed"
        for change in found.changes
    }


@pytest.fixture
def package(tmp_path: Path) -> Path:
    target = tmp_path / "package"
    publish(target, changes(target, FIRST))
    return target


def test_everything_is_new_in_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    found = changes(tmp_path / "package", FIRST)
    assert found.clean
    assert set(changed(found).values()) == {"new"}
    assert [change.path for change in found.changes] == [
        "acme/__init__.py",
        "acme/old.py",
        "mapping.yaml",
        "openapi.json",
        "tests/test_own.py",
        ".providergen.lock",
    ]


def test_nothing_changes_over_its_own_output(package: Path) -> None:
    assert changes(package, FIRST).changes == ()


def test_a_changed_template_changes_its_file_and_the_lock(package: Path) -> None:
    tree = Tree({**FIRST.owned, "acme/__init__.py": b"two\n"}, FIRST.seeds)
    assert changed(changes(package, tree)) == {"acme/__init__.py": "changed", ".providergen.lock": "changed"}


def test_a_deleted_generated_file_comes_back(package: Path) -> None:
    (package / "acme/__init__.py").unlink()
    assert changed(changes(package, FIRST)) == {"acme/__init__.py": "new"}


def test_an_edited_generated_file_is_in_the_way(package: Path) -> None:
    (package / "acme/__init__.py").write_bytes(b"mine\n")
    found = changes(package, FIRST)
    assert found.edited == ("acme/__init__.py",)
    assert not found.clean


def test_an_edit_that_is_what_would_be_generated_is_none(package: Path) -> None:
    (package / "acme/__init__.py").write_bytes(b"two\n")
    assert changes(package, Tree({**FIRST.owned, "acme/__init__.py": b"two\n"}, FIRST.seeds)).clean


def test_a_file_of_the_users_where_a_generated_one_goes_is_in_the_way(package: Path) -> None:
    (package / "acme/new.py").write_bytes(b"mine\n")
    found = changes(package, Tree({**FIRST.owned, "acme/new.py": b"ours\n"}, FIRST.seeds))
    assert found.foreign == ("acme/new.py",)
    assert not found.clean


def test_a_file_that_is_not_generated_any_more_goes(package: Path) -> None:
    owned = {path: content for path, content in FIRST.owned.items() if path != "acme/old.py"}
    found = changes(package, Tree(owned, FIRST.seeds))
    assert changed(found) == {"acme/old.py": "gone", ".providergen.lock": "changed"}
    publish(package, found)
    assert not (package / "acme/old.py").exists()
    assert changes(package, Tree(owned, FIRST.seeds)).changes == ()


def test_an_edited_file_that_is_not_generated_any_more_stays_and_is_the_users(package: Path) -> None:
    (package / "acme/old.py").write_bytes(b"mine\n")
    owned = {path: content for path, content in FIRST.owned.items() if path != "acme/old.py"}
    found = changes(package, Tree(owned, FIRST.seeds))
    assert (found.kept, found.clean) == (("acme/old.py",), True)
    publish(package, found)
    assert (package / "acme/old.py").read_bytes() == b"mine\n"
    assert changes(package, Tree(owned, FIRST.seeds)).kept == ()


def test_the_users_files_are_never_touched_again(package: Path) -> None:
    (package / "mapping.yaml").write_bytes(b"vendor: acme # mine\n")
    (package / "tests/test_own.py").unlink()
    tree = Tree(FIRST.owned, {"mapping.yaml": b"other\n", "tests/test_own.py": b"other\n"})
    assert changes(package, tree).changes == ()


def test_a_new_seed_is_written_once(package: Path) -> None:
    tree = Tree(FIRST.owned, {**FIRST.seeds, "acme/hooks.py": b"# hooks\n"})
    found = changes(package, tree)
    assert changed(found) == {"acme/hooks.py": "new", ".providergen.lock": "changed"}
    publish(package, found)
    (package / "acme/hooks.py").unlink()
    assert changes(package, tree).changes == ()


def test_a_deleted_seed_that_no_tree_has_is_no_difference(package: Path) -> None:
    (package / "tests/test_own.py").unlink()
    assert changes(package, Tree(FIRST.owned, {"mapping.yaml": FIRST.seeds["mapping.yaml"]})).changes == ()


def test_reseeding_replaces_only_what_the_user_left_alone(package: Path) -> None:
    (package / "tests/test_own.py").write_bytes(b"# mine\n")
    tree = Tree(FIRST.owned, {"mapping.yaml": b"other\n", "tests/test_own.py": b"other\n"})
    assert changed(changes(package, tree, reseed=True)) == {"mapping.yaml": "changed", ".providergen.lock": "changed"}


def test_another_generator_changes_the_lock(package: Path) -> None:
    origin = Origin("2.0.0", ORIGIN.mapping_sha256, ORIGIN.document_source, ORIGIN.document_sha256)
    assert changed(changes(package, FIRST, origin=origin)) == {".providergen.lock": "changed"}


def test_an_ejected_file_is_the_users_and_keeps_its_fork_point(package: Path) -> None:
    (package / "acme/__init__.py").write_bytes(b"mine\n")
    ejecting = Tree(FIRST.owned, FIRST.seeds, frozenset({"acme/__init__.py"}))
    publish(package, changes(package, ejecting))
    assert (package / "acme/__init__.py").read_bytes() == b"mine\n"
    lock = lock_of(package)
    assert lock is not None
    fork = lock.ejected["acme/__init__.py"]
    later = Tree({**FIRST.owned, "acme/__init__.py": b"two\n"}, FIRST.seeds, frozenset({"acme/__init__.py"}))
    newer = Origin("2.0.0", ORIGIN.mapping_sha256, ORIGIN.document_source, ORIGIN.document_sha256)
    publish(package, changes(package, later, origin=newer))
    after = lock_of(package)
    assert after is not None
    assert after.ejected == {"acme/__init__.py": fork}
    assert fork.generator == "1.0.0"


@pytest.mark.parametrize("way", ["acme", "acme/__init__.py", ".providergen.lock"])
def test_a_symbolic_link_is_never_followed(package: Path, tmp_path: Path, way: str) -> None:
    (package / way).rename(tmp_path / "elsewhere")
    (package / way).symlink_to(tmp_path / "elsewhere")
    findings = Findings()
    lock = read_lock(package, findings)
    found = compare(package, FIRST, lock, IDENTITY, ORIGIN)
    assert any(path == way or path.startswith(f"{way}/") for path in found.blocked)
    assert not found.without_conflicts().clean


def test_a_folder_where_a_file_goes_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "openapi.json").mkdir()
    assert changes(tmp_path, FIRST).blocked == ("openapi.json",)


def test_the_report_names_each_file_and_the_three_ways_out(package: Path) -> None:
    (package / "acme/__init__.py").write_bytes(b"mine\n")
    findings = Findings()
    report(package, changes(package, FIRST), findings)
    (finding,) = findings.found
    assert finding.code == "hand-edited"
    assert str(finding.position) == str(package / "acme/__init__.py")
    assert finding.hint is not None
    assert all(way in finding.hint for way in ("hook", "mapping.yaml", "eject: [acme/__init__.py]"))


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "", ".", "a//b", "a\\b", "C:x", "a\nb", ".git/config", ".providergen.lock"]
)
def test_a_tree_has_no_path_that_leaves_the_package(path: str) -> None:
    with pytest.raises(ValueError, match="outside a package"):
        Tree({path: b""})


def test_a_tree_has_no_two_files_of_one_name() -> None:
    with pytest.raises(ValueError, match="two files"):
        Tree({"a/X.py": b""}, {"a/x.py": b""})
