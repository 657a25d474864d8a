"""The commands: their arguments, their help, and what they print."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from providergen.cli.conformance import conformance
from providergen.cli.progress import progress
from providergen.cli.session import Exit, FailOn, Format, Session, run
from providergen.publish import unified_diff
from providergen.version import DISTRIBUTION, generator_version

if TYPE_CHECKING:
    from providergen.project import Outcome

__all__ = ["main"]

app = typer.Typer(
    name="providergen",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

FormatOption = Annotated[Format, typer.Option("--format", help="Findings for people, for programs, or for GitHub.")]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="The lightest finding that makes the run fail.")]
SpecOption = Annotated[
    str | None,
    typer.Option("--spec", metavar="FILE|URL", help="The vendor's API document.", show_default="beside the mapping"),
]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", metavar="FILE", help="Where Amplifier's values go in the vendor's JSON.")
]
DialectOption = Annotated[
    str | None,
    typer.Option("--dialect", metavar="NAME", help="A bundled mapping the vendor speaks; see `providergen dialects`."),
]


def main() -> None:
    """Run the command line; the exit code is 0, 1 (differences), 2 (wrong input), 3 (hand edits) or 130 (Ctrl-C)."""
    app()


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"{DISTRIBUTION} {generator_version()}")
        raise typer.Exit


@app.callback()
def providergen(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Make Amplifier provider packages from a vendor's API document and a mapping.

    \b
    A first package, from what this repository states of a vendor:
      providergen new amplifier-module-provider-acme --spec openapi.yaml --mapping mapping.yaml
    From then on, in its folder, after each change of mapping.yaml:
      providergen generate

    \b
    Exit codes: 0 fine; 1 differences; 2 the input is wrong; 3 hand edits or conflicts; 130 interrupted.
    """  # noqa: D301


@app.command()
def new(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="The package's folder, amplifier-module-provider-ID.")],
    spec: SpecOption = None,
    mapping: MappingOption = None,
    dialect: DialectOption = None,
    vendor: Annotated[
        str | None, typer.Option("--vendor", metavar="ID", help="The vendor's id.", show_default="as the folder says")
    ] = None,
    author: Annotated[str | None, typer.Option("--author", metavar="NAME", help="Who answers for the package.")] = None,
    format_: FormatOption = Format.TEXT,
    fail_on: FailOnOption = FailOn.ERROR,
) -> None:
    """Make a provider package.

    It has everything from pyproject.toml to its tests. Over its own untouched output it is made again; what you
    edited is never overwritten.

    \b
    Examples:
      providergen new amplifier-module-provider-acme --spec openapi.yaml --dialect chat-completions
      providergen new amplifier-module-provider-acme --spec https://acme.example/openapi.json --mapping mapping.yaml
    """  # noqa: D301
    from providergen.project import Request, create

    def work(session: Session) -> int:
        with progress(f"Making {target}"):
            request = Request(target, spec, mapping, dialect, vendor, author, strict=session.strict)
            outcome = create(request, session.findings)
        if outcome.written:
            session.say(f"next: cd {target} && uv run pytest")
        return _finish(session, target, outcome)

    run(Session(format_, fail_on), work)


@app.command()
def generate(
    target: Annotated[Path, typer.Argument(metavar="[DIR]", help="The package's folder.")] = Path(),
    spec: Annotated[
        str | None,
        typer.Option(
            "--spec", metavar="FILE|URL", help="The vendor's new document, to pin.", show_default="the pinned one"
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if a file would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; print what would change, as a patch.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited.")] = False,
    format_: FormatOption = Format.TEXT,
    fail_on: FailOnOption = FailOn.ERROR,
) -> None:
    """Regenerate what is generated in a package.

    It is made from mapping.yaml and the pinned document, openapi.json. Your files (mapping.yaml, hooks.py,
    tests/test_own.py, tests/cases/, README.md, pyproject.toml) stay as they are.
    A generated file that was edited is not overwritten: the run ends with exit code 3 and says what to do.

    \b
    Examples:
      providergen generate                           in the package's folder
      providergen generate --check                   in CI: is everything as generated?
      providergen generate --diff | less             what would a run change?
      providergen generate --spec openapi.yaml       pin a new version of the vendor's document
    """  # noqa: D301
    from providergen.project import Regeneration, regenerate

    def work(session: Session) -> int:
        with progress(f"Generating {target}"):
            order = Regeneration(target, spec, dry=check or diff, force=force, strict=session.strict)
            outcome = regenerate(order, session.findings)
        if diff and outcome.changes:
            session.patch = "".join(map(unified_diff, outcome.changes.changes))
            session.result["diff"] = session.patch
        return _finish(session, target, outcome)

    run(Session(format_, fail_on), work)


@app.command(hidden=True)
def complete(
    target: Annotated[Path, typer.Argument()],
    vendor: Annotated[str, typer.Option()] = "",
    author: Annotated[str, typer.Option()] = "",
    spec: Annotated[str, typer.Option()] = "",
    mapping: Annotated[str, typer.Option()] = "",
    dialect: Annotated[str, typer.Option()] = "",
) -> None:
    """Fill or refresh the package around which copier has just written the shell; the options are copier's answers.

    Document, mapping and dialect count only while the package has no mapping of its own.
    """
    from providergen.project import Regeneration, Request, anchor, create, regenerate

    def work(session: Session) -> int:
        anchor(target)
        if (target / "mapping.yaml").exists():
            outcome = regenerate(Regeneration(target, vendor=vendor, author=author), session.findings)
        else:
            given = Path(mapping) if mapping else None
            request = Request(target, spec or None, given, dialect or None, vendor, author, shell=False)
            outcome = create(request, session.findings)
        return _finish(session, target, outcome)

    run(Session(), work)


def _finish(session: Session, target: Path, outcome: "Outcome") -> int:
    """Say which files changed and return the exit code."""
    changes = outcome.changes.changes if outcome.changes else ()
    session.result["written"] = outcome.written
    session.result["changes"] = [
        {"path": change.path, "change": _kind(change.before, change.after)} for change in changes
    ]
    if outcome.conflict:
        return Exit.CONFLICT
    if session.failed:
        return Exit.WRONG_INPUT
    if outcome.written:
        session.said.insert(0, f"{target}: wrote {len(changes)} files")
        return Exit.FINE
    if changes:
        for change in changes:
            session.say(f"{_kind(change.before, change.after)} {change.path}")
        return Exit.DIFFERENT
    session.say(f"{target}: everything is as generated")
    return Exit.FINE


def _kind(before: bytes | None, after: bytes | None) -> str:
    if before is None:
        return "new"
    return "removed" if after is None else "changed"


@app.command()
def check(
    mapping: Annotated[Path, typer.Argument(metavar="[MAPPING]", help="The mapping, or its folder.")] = Path(),
    spec: SpecOption = None,
    format_: FormatOption = Format.TEXT,
    fail_on: FailOnOption = FailOn.ERROR,
) -> None:
    """Check a mapping against the vendor's document.

    \b
    Examples:
      providergen check                              mapping.yaml here, with the document beside it
      providergen check specs/acme/mapping.yaml --spec https://acme.example/openapi.json
      providergen check --format github --fail-on warning
    """  # noqa: D301
    from providergen.cli.checking import check_mapping

    def work(session: Session) -> int:
        with progress("Checking"):
            check_mapping(session, mapping, spec)
        return Exit.WRONG_INPUT if session.failed else Exit.FINE

    run(Session(format_, fail_on), work)


app.command()(conformance)


@app.command()
def dialects(format_: FormatOption = Format.TEXT) -> None:
    """List the bundled mappings that others extend.

    \b
    Example, in a mapping:  extends: chat-completions
    """  # noqa: D301
    from providergen.mapping import dialects as bundled

    def work(session: Session) -> int:
        listed = bundled()
        session.result["dialects"] = [
            {"name": dialect.name, "title": dialect.title, "description": dialect.summary, "path": str(dialect.path)}
            for dialect in listed
        ]
        width = max((len(dialect.name) for dialect in listed), default=0)
        for dialect in listed:
            session.say(f"{dialect.name:{width}}  {dialect.title}: {dialect.summary}")
        return Exit.FINE

    run(Session(format_), work)


@app.command()
def schema() -> None:
    """Print the JSON Schema of mappings, for editors.

    \b
    Example:
      providergen schema > mapping.schema.json
      and as the first line of mapping.yaml:  # yaml-language-server: $schema=mapping.schema.json
    """  # noqa: D301
    from providergen.mapping import json_schema

    def work(_session: Session) -> int:
        sys.stdout.write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
        return Exit.FINE

    run(Session(), work)
