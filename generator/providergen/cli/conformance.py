"""The command `conformance`."""

import json
import sys
import tomllib
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from providergen.cli.printing import console, plain
from providergen.cli.progress import progress
from providergen.cli.session import Exit

__all__ = ["conformance"]


_OF_EVERY_PACKAGE = ("pyproject.toml", "tests/examples.json", "tests/facts.json")


class Report(StrEnum):
    """How results are printed: for people, for programs, or for a README."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def conformance(
    targets: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of provider packages.")],
    format_: Annotated[
        Report, typer.Option("--format", help="For people, for programs, or for a README.")
    ] = Report.TEXT,
    python: Annotated[
        Path | None,
        typer.Option(
            "--python", metavar="FILE", help="Run in this interpreter's environment.", show_default="this one"
        ),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option("--check", metavar="CHECK", help="Only this check, as in C67; can be repeated.")
    ] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="SECONDS", min=1, help="A check that takes longer has failed.")
    ] = 60,
) -> None:
    """Check packages against everything that Amplifier's kernel, orchestrators and applications expect of a provider.

    Needs pytest and amplifier-core in the environment: the extra `conformance` of this distribution brings them.

    \b
    Examples:
      providergen conformance amplifier-module-provider-acme
      providergen conformance . --check C67 --check C42
      providergen conformance amplifier-module-provider-* --format json
      providergen conformance . --python old-kernel/bin/python

    \b
    Exit codes: 0 every check that applies passed; 1 one failed; 2 it could not be run.
    """  # noqa: D301
    from providergen.conformance import (
        MissingError,
        SuiteError,
        UnknownCheckError,
        as_markdown,
        as_text,
        conform,
        failed,
    )

    _look_at(targets)
    try:
        with progress(f"Checking {', '.join(map(str, targets))}"):
            results = conform(targets, python=python, checks=check or (), timeout=timeout)
    except UnknownCheckError as error:
        _fail(str(error))
    except MissingError as error:
        _fail(f"{error}\nhint: pip install 'amplifier-provider-generator[conformance]'")
    except SuiteError as error:
        _fail(f"the suite could not be run:\n{error}")
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        raise typer.Exit(Exit.INTERRUPTED) from None
    match format_:
        case Report.JSON:
            sys.stdout.write(json.dumps([one.as_json() for one in results], indent=2) + "\n")
        case Report.MARKDOWN:
            sys.stdout.write(as_markdown(results))
        case Report.TEXT:
            out = console(sys.stdout)
            for line in as_text(results):
                out.print(plain(line))
    raise typer.Exit(Exit.DIFFERENT if failed(results) else Exit.FINE)


def _look_at(targets: list[Path]) -> None:
    """Stop unless each folder is that of a package, and each package another one."""
    named: dict[str, Path] = {}
    for target in targets:
        if missing := next((file for file in _OF_EVERY_PACKAGE if not (target / file).is_file()), None):
            _fail(f"{target} is not the folder of a generated package: it has no {missing}")
        name = _name(target)
        if name in named:  # both would be imported by one name, and only one of them found
            _fail(f"{named[name]} and {target} are packages of the same name, {name}; check one after the other")
        named[name] = target


def _name(target: Path) -> str:
    """Return the name of a package, that of its folder if it tells none."""
    with suppress(tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return str(tomllib.loads((target / "pyproject.toml").read_text("utf-8"))["project"]["name"])
    return target.resolve().name


def _fail(message: str) -> NoReturn:
    console(sys.stderr).print(plain(message))
    raise typer.Exit(Exit.WRONG_INPUT)
