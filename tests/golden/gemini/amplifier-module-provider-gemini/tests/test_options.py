"""What users write into a configuration: whatever it is, it means what they meant, or costs a warning."""

import logging
from typing import Any

import pytest

from amplifier_module_provider_gemini.options import Options

log = logging.getLogger(__name__)
OPEN = object()
"""The default: comes back only where nothing usable was given."""


def options(value: Any = None) -> Options:
    return Options({"key": value, "other": "taken for nothing"}, {"key": ("FIRST_NAME", "SECOND_NAME")}, log)


def told(caplog: pytest.LogCaptureFixture) -> str:
    [record] = caplog.records
    assert record.levelname == "WARNING"
    return record.getMessage()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_NAME", "SECOND_NAME"):
        monkeypatch.delenv(name, raising=False)


READERS = [
    "text",
    "address",
    "flag",
    "integer",
    "number",
    "texts",
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_what_is_left_open_has_the_default(reader: str, nothing: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert getattr(options(nothing), reader)("key", OPEN) is OPEN
    assert getattr(options(nothing), reader)("absent", OPEN) is OPEN
    assert not caplog.records


@pytest.mark.parametrize(
    ("reader", "wrong", "expected"),
    [
        ("text", ["x"], "a text"),
        ("text", True, "a text"),
        ("address", ["x"], "a text"),
        ("flag", "perhaps", "true or false"),
        ("flag", ["true"], "true or false"),
        ("integer", "many", "a number"),
        ("integer", 1.5, "a whole number"),
        ("number", "warm", "a number"),
        ("number", True, "a number"),
        ("number", [1], "a number"),
        ("number", "nan", "a number"),
        ("number", "-inf", "a number"),
        pytest.param("number", 10**400, "a number", id="number-huge"),
        ("texts", 5, "a list of texts"),
        ("texts", ["x", 5], "a list of texts"),
        ("texts", '["x", 5]', "a list of texts"),
    ],
)
def test_what_is_of_no_use_is_told_and_has_the_default(
    reader: str, wrong: Any, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert getattr(options(wrong), reader)("key", OPEN) is OPEN
    assert told(caplog).startswith(f"The configuration value of 'key' is not {expected};")


@pytest.mark.parametrize(
    ("reader", "given", "meant"),
    [
        ("text", " words \n", "words"),
        ("text", 5, "5"),
        ("text", 0, "0"),
        ("text", 0.5, "0.5"),
        ("flag", True, True),
        ("flag", False, False),
        ("flag", 1, True),
        ("flag", 0, False),
        ("flag", 0.5, True),
        *(("flag", word, True) for word in ("true", "True", " YES ", "on", "1")),
        *(("flag", word, False) for word in ("false", "FALSE", "no", "Off", "0")),
        ("integer", 5, 5),
        ("integer", 0, 0),
        ("integer", " 5 ", 5),
        ("integer", "5.0", 5),
        ("integer", -5.0, -5),
        ("number", 0, 0.0),
        ("number", "0.5", 0.5),
        ("number", -1, -1.0),
        ("texts", ["a", " b "], ("a", " b ")),
        ("texts", ("a",), ("a",)),
        ("texts", [], ()),
        ("texts", '["a", "b"]', ("a", "b")),
        ("texts", "one", ("one",)),
        ("texts", "5", ("5",)),
        ("texts", '{"a": 1}', ('{"a": 1}',)),
    ],
)
def test_what_was_meant(reader: str, given: Any, meant: Any, caplog: pytest.LogCaptureFixture) -> None:
    found = getattr(options(given), reader)("key", OPEN)
    assert (found, type(found)) == (meant, type(meant))
    assert not caplog.records


def test_a_text_that_is_no_json_is_one_text() -> None:
    for text in ("[", "[" * 100_000):
        assert options(text).texts("key", OPEN) == (text,)


@pytest.mark.parametrize("reader", ["integer", "number"])
def test_numbers_have_their_bounds(reader: str, caplog: pytest.LogCaptureFixture) -> None:
    for number in (1, 1000):
        assert getattr(options(number), reader)("key", OPEN, least=1, most=1000) == number
    assert not caplog.records
    for number, expected in ((0, "at least 1"), (1001, "at most 1000")):
        assert getattr(options(number), reader)("key", OPEN, least=1, most=1000) is OPEN
        assert told(caplog).startswith(f"The configuration value of 'key' is not {expected};")
        caplog.clear()
    assert getattr(options(-5), reader)("key", OPEN) == -5


@pytest.mark.parametrize(
    ("given", "default", "address"),
    [
        ("https://x.example/v1", "http://localhost", "https://x.example/v1"),
        ("x.example:8000/a", "http://localhost", "http://x.example:8000/a"),
        ("x.example", "https://y.example", "https://x.example"),
        ("x.example", None, "https://x.example"),
    ],
)
def test_an_address_without_a_scheme_has_that_of_the_default(given: str, default: str | None, address: str) -> None:
    assert options(given).address("key", default) == address


def test_a_word_is_one_of_those_that_there_are(caplog: pytest.LogCaptureFixture) -> None:
    assert options(" low ").choice("key", ("low", "high"), OPEN) == "low"
    assert options("").choice("key", ("low", "high"), OPEN) is OPEN
    assert not caplog.records
    assert options("ultra").choice("key", ("low", "high"), OPEN) is OPEN
    assert told(caplog).startswith("The configuration value of 'key' is not one of low, high;")


def test_the_environment_stands_in_for_what_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECOND_NAME", " second\n")
    assert options("written").text("key", OPEN) == "written"
    assert options("").text("key", OPEN) == options(None).text("key", OPEN) == "second"
    assert options().text("absent", OPEN) is OPEN
    monkeypatch.setenv("FIRST_NAME", " ")
    assert options().text("key", OPEN) == "second"
    monkeypatch.setenv("FIRST_NAME", "first")
    assert options().text("key", OPEN) == "first"


def test_a_key_that_means_nothing_is_told_once_with_what_was_perhaps_meant(caplog: pytest.LogCaptureFixture) -> None:
    written = Options({"temperature": 1, "temprature": 1, "flavour-of-gemini": 2, 3: 4}, {}, log)  # type: ignore[dict-item]
    for _ in range(2):
        written.warn_unknown(("max_tokens", "temperature"))
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "The configuration key '3' is not known and is ignored"),
        ("WARNING", "The configuration key 'flavour-of-gemini' is not known and is ignored"),
        (
            "WARNING",
            "The configuration key 'temprature' is not known and is ignored; did you mean 'temperature'?",
        ),
    ]
    caplog.clear()
    Options({"temperature": 1, "temprature": 1}, {}, log).warn_unknown(("temperature",))
    assert "temprature" in told(caplog)
    Options({"timers": 1}, {}, log).warn_unknown(("timeout",))
    assert "did you mean" not in caplog.records[-1].getMessage()
