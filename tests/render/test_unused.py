"""Shared modules keep what a package leads to, and nothing else."""

from pathlib import Path

import pytest

from providergen.diagnostics import Findings
from providergen.generate import Build, build
from providergen.render.unused import without_unused
from tests.support.packages import generate

SPECS = Path(__file__).parents[2] / "specs"
SHARED = '''"""Shared."""

from .other import kept, lost

__all__ = ["Box", "lonely", "used"]

LIMIT = 3
SPARE = 4


def used() -> int:
    return _helper()


def _helper() -> int:
    return LIMIT


def lonely() -> int:
    return _partner() + lost()


def _partner() -> int:
    return lonely() + SPARE


class Box:
    size = 1

    def __len__(self) -> int:
        return self._count()

    def _count(self) -> int:
        return kept()

    @property
    def spare(self) -> int:
        return self.spare

    async def opened(self) -> None: ...
'''
OTHER = "def kept() -> int: ...\n\n\ndef lost() -> int: ...\n"
USER = "from .shared import Box, used\n\nasync def main() -> None:\n    await Box().opened()\n    used()\n"


def pruned(**users: str) -> dict[str, str]:
    """Return the modules above, as the user above and more users need them."""
    return without_unused({"p/shared.py": SHARED, "p/other.py": OTHER}, {"p/user.py": USER, **users})


def test_what_nobody_leads_to_is_gone_be_it_in_circles() -> None:
    shared = pruned()["p/shared.py"]

    assert [word for word in ("lonely", "_partner", "SPARE", "def spare", "@property") if word in shared] == []
    assert "__all__ = ['Box', 'used']\n" in shared
    assert pruned()["p/other.py"].strip() == "def kept() -> int: ..."


def test_what_is_used_through_others_stays() -> None:
    shared = pruned()["p/shared.py"]

    assert all(f"def {name}(" in shared for name in ("used", "_helper", "__len__", "_count", "opened"))
    assert "LIMIT = 3\n" in shared
    assert "size = 1\n" in shared


def test_of_a_user_that_is_no_python_every_word_counts() -> None:
    assert pruned(notes="lonely spare lost (") == {"p/shared.py": SHARED, "p/other.py": OTHER}


def test_comments_and_texts_of_a_user_do_not_count() -> None:
    assert pruned(notes="# lonely\n'spare'\n") == pruned()


def test_nothing_to_remove_changes_nothing() -> None:
    whole = USER + "    Box().spare\n    lonely()\n"
    whole = whole.replace("import Box", "import lonely, Box")
    assert without_unused({"p/shared.py": SHARED, "p/other.py": OTHER}, {"p/user.py": whole})["p/shared.py"] == SHARED


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("amplifier_module_provider_anthropic/hooks.py", "\nfrom .reading import stripped\n"),
        ("tests/test_own.py", "\nfrom amplifier_module_provider_anthropic.reading import stripped as bare\n"),
        ("tests/test_own.py", "\nfrom amplifier_module_provider_anthropic import reading\nreading.stripped\n"),
    ],
)
def test_a_package_keeps_what_its_users_files_name(tmp_path: Path, place: str, text: str) -> None:
    package = tmp_path / "amplifier-module-provider-anthropic"
    generate("anthropic", package)
    reading = "amplifier_module_provider_anthropic/reading.py"
    assert b"def stripped(" not in (package / reading).read_bytes()

    with (package / place).open("a", encoding="utf-8") as file:
        file.write(text)

    assert b"def stripped(" in made(package).owned[reading]


def test_a_package_keeps_what_a_module_names_that_was_taken_over(tmp_path: Path) -> None:
    package = tmp_path / "amplifier-module-provider-anthropic"
    generate("anthropic", package)
    path = "amplifier_module_provider_anthropic/answer.py"
    with (package / "mapping.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\neject: [{path}]\n")
    with (package / path).open("a", encoding="utf-8") as file:
        file.write("\n\nfrom .reading import stripped\n\nbare = stripped('(a)', '(', ')')\n")

    assert b"def stripped(" in made(package).owned["amplifier_module_provider_anthropic/reading.py"]


def made(package: Path) -> Build:
    """Return what the generator makes of a package's own mapping and document now."""
    findings = Findings()
    built = build(package / "mapping.yaml", package / "openapi.json", findings)
    assert built is not None, findings
    return built
