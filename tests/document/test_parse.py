"""YAML 1.2 and JSON to values."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providergen.diagnostics import Findings, Position, Severity
from providergen.document.parse import MAX_BYTES, MAX_DEPTH, decode, parse_text


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("OFF", "OFF"), ("on", "on"), ("no", "no"), ("y", "y"), ("16:9", "16:9"), ("2024-01-01", "2024-01-01"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"), ("1_000", "1_000"), ("0b11", "0b11"),
        ("-0x1", "-0x1"), ("0o9", "0o9"), ("1.2.3", "1.2.3"), ("=", "="), ("nan", "nan"), ("tRUE", "tRUE"),
        ("1,000", "1,000"), ("+", "+"), (".", "."), ("12e03x", "12e03x"), ("0777", 777), ("0o17", 15), ("0x1F", 31),
        ("-0", 0), ("+1", 1), ("1.", 1.0), (".5", 0.5), ("1e3", 1000.0), ("9223372036854776000", 9223372036854776000),
        ("18446744073709552000", 18446744073709552000), ("~", None), ("Null", None), ("", None), ("true", True),
        ("FALSE", False), ("'true'", "true"), ('"12"', "12"), ("!!str 12", "12"), ("! 12", "12"), ("!!int '12'", 12),
        ("!!float 1", 1.0), ("x # comment", "x"), ("x#y", "x#y"),
    ],
)  # fmt: skip
def test_plain_scalars_have_the_types_of_the_core_schema(parse: Callable[..., Any], scalar: str, value: Any) -> None:
    found = parse(f"a: {scalar}\n")["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_texts_as_they_are_written(parse: Callable[..., Any]) -> None:
    text = "200: a\ntrue: b\n1.10: c\n0777: d\nnull: e\n~: f\non: g\n<<: h\n? x\n: i\n"
    assert list(parse(text)) == ["200", "true", "1.10", "0777", "null", "~", "on", "<<", "x"]


def test_block_scalars_folding_and_line_ends(parse: Callable[..., Any]) -> None:
    text = "a: |\r\n  one\r\n\r\n  two\r\nb: >-\r\n  three\r\n  four\r\n\r\n   five\r\nc: 'six\r\n  seven'\r\n"
    assert parse(text) == {"a": "one\n\ntwo\n", "b": "three four\n\n five", "c": "six seven"}


@pytest.mark.parametrize("char", ["\x85", "\u2028", "\u2029"])
def test_line_breaks_of_yaml_1_1_are_characters(parse: Callable[..., Any], char: str) -> None:
    text = f"a{char}: x{char}y\nb: 'p {char} q'\nc: |\n  r{char}s\nd: \"\\u2028\ue000\"\n"
    assert parse(text) == {f"a{char}": f"x{char}y", "b": f"p {char} q", "c": f"r{char}s\n", "d": "\u2028\ue000"}


def test_a_flow_list_may_close_at_the_indentation_of_its_key(parse: Callable[..., Any]) -> None:
    assert parse("a:\n    b: [\n      1,\n    ]\n") == {"a": {"b": [1]}}


def test_byte_order_marks(parse: Callable[..., Any]) -> None:
    assert parse("\ufeffa: 1\n") == {"a": 1}
    findings = Findings()
    for data in (b"\xef\xbb\xbfa: 1", "a: 1".encode("utf-16")):
        assert decode(data, "x", findings) == "a: 1"
    assert findings.found == []


def test_tabs_separate_but_do_not_indent(parse: Callable[..., Any], fault: Callable[..., tuple[str, int, int]]) -> None:
    assert parse("a:\t1\nb: {c: 1,\n\td: 2}\n") == {"a": 1, "b": {"c": 1, "d": 2}}
    assert fault("a:\n\tb: 1\n") == ("not-yaml", 2, 1)


def test_json_is_read_as_json_in_any_file(parse: Callable[..., Any]) -> None:
    text = '{\n\t"a": "\\ud83d\\ude00",\n\t"b": [1e2, "on", 0.1, -0],\n\t"http://x": null\n}'
    value = {"a": "😀", "b": [100.0, "on", 0.1, 0], "http://x": None}
    assert parse(text, "x.yaml") == parse(text, "x.json") == value


def test_yaml_in_flow_style_is_not_taken_for_json(parse: Callable[..., Any]) -> None:
    assert parse("{a: OFF, b: [x, 'y',]}") == {"a": "OFF", "b": ["x", "y"]}


def test_aliases_are_copies(parse: Callable[..., Any]) -> None:
    value = parse("a: &x {b: [1]}\nc: *x\nd: [*x, *x]\n")
    assert value == {"a": {"b": [1]}, "c": {"b": [1]}, "d": [{"b": [1]}, {"b": [1]}]}
    value["c"]["b"].append(2)
    assert value["a"] == {"b": [1]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty-file", 0, 0)),
        ("  \n\n", ("empty-file", 0, 0)),
        ("# only a comment\n", ("empty-file", 0, 0)),
        ("null\n", ("empty-file", 0, 0)),
        ("a: b: c\n", ("not-yaml", 1, 5)),
        ("a: 1\nb: [1, 2\n", ("not-yaml", 3, 1)),
        ("a: 1\n b: 2\n", ("not-yaml", 2, 3)),
        ("a: @x\n", ("not-yaml", 1, 4)),
        ("a: 1\nb: \x07\n", ("not-yaml", 2, 4)),
        ("<html><body>\n</body>: </html>: x", ("not-yaml", 2, 8)),
        ("a: *b\n", ("bad-alias", 1, 4)),
        ("a: &x [*x]\n", ("bad-alias", 1, 8)),
        ("&x [&x [*x]]\n", ("bad-alias", 1, 9)),
        ("a: &x 1\nb: &x [*x]\n", ("bad-alias", 2, 8)),
        ("a: &x k\n*x : 1\n", ("bad-key", 2, 1)),
        ("? [a]\n: 1\n", ("bad-key", 1, 3)),
        ("a: !x 1\n", ("unknown-tag", 1, 4)),
        ("a: !!python/object:os.system {}\n", ("unknown-tag", 1, 4)),
        ("a: !!int x\n", ("bad-tag", 1, 4)),
        ("a: 1\n---\nb: 2\n", ("several-documents", 2, 1)),
        ("a: .inf\n", ("bad-number", 1, 4)),
        ("a: .NaN\n", ("bad-number", 1, 4)),
        ("a: 1e999\n", ("bad-number", 1, 4)),
        ("a: " + "9" * 5000 + "\n", ("bad-number", 1, 4)),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), ("too-deep", 0, 0)),
        ("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), ("too-deep", 1, MAX_DEPTH + 3)),
    ],
)  # fmt: skip
def test_what_is_wrong_with_yaml_is_one_finding_with_its_place(
    fault: Callable[..., tuple[str, int, int]], text: str, expected: Any
) -> None:
    assert fault(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("empty-file", 0, 0)),
        ('{"a": 1,}', ("not-json", 1, 9)),
        ('{"a": 1\n "b"}', ("not-json", 2, 2)),
        ("a: 1", ("not-json", 1, 1)),
        ('{"a": NaN}', ("bad-number", 0, 0)),
        ('{"a": -Infinity}', ("bad-number", 0, 0)),
        ('{"a": 1e999}', ("bad-number", 0, 0)),
        ('{"a": ' + "9" * 5000 + "}", ("bad-number", 0, 0)),
        ('{"a": "\\ud800"}', ("not-text", 0, 0)),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), ("too-deep", 0, 0)),
        ("[" * 100_000 + "]" * 100_000, ("too-deep", 0, 0)),
    ],
)
def test_what_is_wrong_with_json_is_one_finding(
    fault: Callable[..., tuple[str, int, int]], text: str, expected: Any
) -> None:
    assert fault(text, "test.json") == expected


def test_findings_say_what_to_do() -> None:
    findings = Findings()
    parse_text("a: text: more\n", "m.yaml", findings)
    assert "needs quotes" in (findings.found[0].hint or "")


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", '{"a": 1, "b": 2,\n "a": 3}'])
def test_a_repeated_key_is_an_error_or_in_the_documents_of_others_a_warning(text: str) -> None:
    for lenient, severity in ((False, Severity.ERROR), (True, Severity.WARNING)):
        findings = Findings()
        assert parse_text(text, "x.yaml", findings, lenient=lenient) == {"a": 3, "b": 2}
        (found,) = findings.found
        assert (found.code, found.severity) == ("repeated-key", severity)
        assert found.position == Position("x.yaml", 3 if text[0] == "a" else 2, 1 if text[0] == "a" else 2)


def test_a_key_is_repeated_whatever_its_quotes() -> None:
    findings = Findings()
    parse_text("200: a\n'200': b\n", "x.yaml", findings)
    assert [found.code for found in findings.found] == ["repeated-key"]


def test_an_unknown_tag_in_a_document_of_others_is_ignored_with_a_warning() -> None:
    findings = Findings()
    assert parse_text("a: !Ref {b: !x 1}\n", "x.yaml", findings, lenient=True) == {"a": {"b": 1}}
    assert [found.severity for found in findings.found] == [Severity.WARNING] * 2


@pytest.mark.parametrize("opening", ["a0: &a0 [x, x, x, x, x, x, x, x, x]\n", "a0: &a0 {k: x, l: x, m: x}\n"])
def test_an_alias_bomb_is_refused_in_a_moment(opening: str) -> None:
    bomb = opening + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    findings = Findings()
    started = time.perf_counter()
    assert parse_text(bomb, "x.yaml", findings) is None
    assert time.perf_counter() - started < 10
    assert [found.code for found in findings.found] == ["too-many-aliases"]


def test_a_file_that_is_no_text_is_one_finding_with_its_line() -> None:
    findings = Findings()
    assert decode(b"a: 1\nb: \xff\n", "x.yaml", findings) is None
    assert findings.found[0].position == Position("x.yaml", 2, 4)
    assert decode(bytes(MAX_BYTES + 1), "x.yaml", findings) is None
    assert [found.code for found in findings.found] == ["not-text", "too-large"]


def test_four_megabytes_take_about_a_second(parse: Callable[..., Any]) -> None:
    item = "  - name: value of some length\n    numbers: [1, 2.5, true]\n    text: >\n      folded over\n      lines\n"
    text = "items:\n" + item * (4_000_000 // len(item))
    started = time.perf_counter()
    value = parse(text)
    assert time.perf_counter() - started < 4  # 0.5 on an idle machine; tests share theirs
    assert value["items"][-1] == {
        "name": "value of some length",
        "numbers": [1, 2.5, True],
        "text": "folded over lines\n",
    }


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@given(JSON.filter(lambda value: value is not None))
def test_any_json_text_is_the_value_it_was_made_of(value: Any) -> None:
    findings = Findings()
    for name in ("x.json", "x.yaml"):
        for ascii_only in (True, False):
            if name == "x.yaml" and not isinstance(value, (dict, list)):
                continue
            assert parse_text(json.dumps(value, ensure_ascii=ascii_only), name, findings) == value
    assert findings.found == []


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for name in ("x.json", "x.yaml"):
        findings = Findings()
        assert (parse_text(text, name, findings) is None) == findings.failed
