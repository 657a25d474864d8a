"""The suite: every check on every package, those of specs/ or those named by --package."""

import fcntl
import inspect
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio

from tests.conformance.bench import Bench
from tests.conformance.checks import NEEDS, check_of
from tests.conformance.observed import Observed, observe
from tests.conformance.patience import Patience
from tests.conformance.report import Report, label
from tests.conformance.subject import KEY, Subject
from tests.support.installation import installed
from tests.support.sessions import STAND_INS

Load = Callable[[str], Subject]
SPECS = Path(__file__).parents[2] / "specs"
PATIENCE = pytest.StashKey[Patience]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the packages to test, and where to write what became of the checks."""
    group = parser.getgroup("conformance")
    group.addoption("--package", action="append", default=[], metavar="DIR", help="a package to test")
    group.addoption("--conformance-report", metavar="FILE", help="write the results as JSON")
    group.addoption("--patience", type=float, default=60, metavar="SECONDS", help="how long a check may take")


def pytest_configure(config: pytest.Config) -> None:
    """Bound the time of checks, and report in the process that sees all results."""
    config.stash[PATIENCE] = Patience(config.getoption("patience", 60))
    file = config.getoption("conformance_report", None)
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(Path(file)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on each package."""
    if "subject" in metafunc.fixturenames:
        given = [str(Path(path).resolve()) for path in metafunc.config.getoption("package", [])]
        found = given or sorted(path.parent.name for path in SPECS.glob("*/mapping.yaml"))
        names = [Path(path).name.removeprefix("amplifier-module-provider-") for path in found]
        metafunc.parametrize("subject", found, ids=names, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(name: str, obj: object) -> None:
    """Let all asynchronous tests share one event loop."""
    if name.startswith("test_") and inspect.iscoroutinefunction(obj):
        pytest.mark.asyncio(loop_scope="session")(obj)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let every test know its check."""
    label(item)


@contextmanager
def _in_time(item: pytest.Item) -> Iterator[None]:
    """Bound the time of a test of a package."""
    package = dict(item.user_properties).get("vendor")
    with item.config.stash[PATIENCE].bound(item, str(package)) if package else nullcontext():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Bound what fixtures do."""
    with _in_time(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Bound the test itself."""
    with _in_time(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Bound what fixtures do at their end."""
    with _in_time(item):
        return (yield)


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Give a function to a package as installed: given by its folder, or of specs/ and then generated once per run."""
    with ExitStack() as stack:
        stack.enter_context(installed(STAND_INS))

        @cache
        def subject(named: str) -> Subject:
            root = Path(named) if Path(named).is_absolute() else _generated(named, tmp_path_factory)
            stack.enter_context(installed(root))
            return Subject.load(root)

        yield subject


def _generated(vendor: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package of specs/<vendor>, which the first process to ask for it makes for all."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root = shared / "conformance" / f"amplifier-module-provider-{vendor}"
    root.parent.mkdir(exist_ok=True)
    with (shared / f"{vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.exists():
            from tests.support.packages import generate  # the whole generator, which a given package does without

            generate(vendor, root)
    return root


@pytest.fixture
def subject(request: pytest.FixtureRequest, load: Load, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """Give the package to a test whose check applies to it, in an environment that has its key and nothing else."""
    found = load(request.param)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in found.variables:
        monkeypatch.delenv(name, raising=False)
    for name in found.info.credential_env_vars[:1]:
        monkeypatch.setenv(name, KEY)
    need = NEEDS.get(check_of(request.node.originalname) or "")
    if need is not None and not getattr(found, need.fact):
        pytest.skip(need.otherwise)
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def bench(subject: Subject) -> AsyncIterator[Bench]:
    """Give a bench for this package."""
    made = Bench(subject)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def _observations() -> dict[str, Observed | str]:
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def observed(bench: Bench, _observations: dict[str, Observed | str]) -> Observed:
    """Give what comes of all replies that the package's cases know, observed once per process."""
    name = bench.subject.name
    if name not in _observations:
        _observations[name] = "took too long"  # which nothing here lives to tell
        try:
            _observations[name] = await observe(bench)
        except Exception as error:
            _observations[name] = f"{type(error).__name__}: {error}"
    found = _observations[name]
    if isinstance(found, str):
        pytest.fail(f"the answers that the package's cases know could not be had: {found}", pytrace=False)
    return found
