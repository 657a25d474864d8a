"""Where this template can be found again by `copier update`."""

import importlib.metadata
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from providergen.diagnostics import Findings
from providergen.version import DISTRIBUTION, generator_version

__all__ = ["ANSWERS_NAME", "Provenance", "anchor", "find_provenance"]

ANSWERS_NAME = ".copier-answers.yml"

_URL_LABELS = ("repository", "source", "source code", "homepage")


@dataclass(frozen=True, slots=True)
class Provenance:
    """A template's address and version in copier's terms; `commit` None if it cannot be updated from."""

    source: str
    commit: str | None = None

    def answers(self) -> list[str]:
        """Return the lines of copier's answers file; JSON strings are YAML."""
        lines = [f"_src_path: {json.dumps(self.source, ensure_ascii=False)}"]
        if self.commit:
            lines.insert(0, f"_commit: {json.dumps(self.commit)}")
        return lines


def find_provenance(root: Path, findings: Findings) -> Provenance:
    """Return where the template in `root` comes from, with a note if `copier update` cannot work from there.

    A checkout is its own source, at the commit that is checked out, provided nothing in it differs from that commit;
    an installed generator comes from the repository its metadata names, at the tag of its version.
    """
    if (root / ".git").exists():
        commit = _git(root, "describe", "--tags", "--always")
        if commit and _git(root, "status", "--porcelain", "--", "copier.yml", "template", "generator") == "":
            return Provenance(str(root), commit)
        _note(findings, "the template's checkout has changes that are not committed")
        return Provenance(str(root))
    url = _repository_url()
    if url:
        return Provenance(url, f"v{generator_version()}")
    _note(findings, "the installed generator does not know its repository")
    return Provenance(str(root))


def anchor(target: Path) -> None:
    """Make the template's address in a package's answers absolute if it is a folder relative to the working directory.

    Copier writes it down as it was typed, and later looks for it from wherever it is started.
    """
    path = target / ANSWERS_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for index, line in enumerate(lines):
        source = line.removeprefix("_src_path: ").strip("'\"")
        if line != source and not Path(source).is_absolute() and Path(source).is_dir():
            lines[index] = Provenance(str(Path(source).resolve())).answers()[0]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _note(findings: Findings, reason: str) -> None:
    findings.note(
        "no-update-source",
        f"`copier update` will not find this template again: {reason}",
        hint="everything else works; to be able to update the shell, make the package from a committed checkout",
    )


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git prints about a checkout, None if it is not there or refuses."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run([git, "-C", str(root), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None


def _repository_url() -> str | None:
    urls = importlib.metadata.metadata(DISTRIBUTION).get_all("Project-URL") or []
    known = {label.strip().lower(): url.strip() for label, _, url in (entry.partition(",") for entry in urls)}
    return next((known[label] for label in _URL_LABELS if label in known), None)
