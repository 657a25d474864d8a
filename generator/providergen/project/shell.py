"""The shell of a package (pyproject.toml, README.md, CI, copier's answers), rendered by copier as a library."""

import contextlib
import io
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path

from providergen.project.provenance import ANSWERS_NAME, Provenance
from providergen.template import template_root

__all__ = ["render_shell"]

_SHELL = Path("template", "project")


def render_shell(answers: Mapping[str, str], provenance: Provenance) -> dict[str, bytes]:
    """Return the files of the shell by path, from the template as it stands here and now.

    Copier works in temporary folders on a copy of the template without its history, so that it takes the files as they
    are (in a checkout it would take the newest tag); the answers file then gets the `provenance` that lets
    `copier update` find the template again.
    """
    from copier import run_copy  # half a second, and only `new` needs it

    root = template_root()
    with tempfile.TemporaryDirectory(prefix="providergen-") as folder:
        template, rendered = Path(folder, "template"), Path(folder, "rendered")
        shutil.copytree(root / _SHELL, template / _SHELL)
        shutil.copy(root / "copier.yml", template / "copier.yml")
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            run_copy(
                str(template),
                rendered,
                data=dict(answers),
                defaults=True,
                overwrite=True,
                quiet=True,
                skip_tasks=True,
            )
        files = {
            path.relative_to(rendered).as_posix(): path.read_bytes()
            for path in sorted(rendered.rglob("*"))
            if path.is_file()
        }
    files[ANSWERS_NAME] = _with_provenance(files[ANSWERS_NAME].decode(), provenance).encode()
    return files


def _with_provenance(answers: str, provenance: Provenance) -> str:
    """Return an answers file with the template's address and commit in place of the temporary ones."""
    comment = [line for line in answers.splitlines() if line.startswith("#")]
    kept = [
        line for line in answers.splitlines() if line and not line.startswith(("#", "_src_path:", "_commit:", "---"))
    ]
    return "\n".join([*comment, *provenance.answers(), *kept]) + "\n"
