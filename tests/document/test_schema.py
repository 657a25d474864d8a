"""The schema view: plain alternatives, whatever way the document has of writing them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from providergen.document import MISSING


@pytest.fixture
def body(schemas: Callable[..., Any]) -> Any:
    """The view of the schema Body."""
    return lambda text: schemas(text).component("Body")


def summary(schema: Any) -> Any:
    """Type, members and listed values of each alternative."""
    return [
        (each.type, {key: member.enum for key, member in each.properties.items()} or each.enum)
        for each in schema.alternatives
    ]


def test_a_plain_schema_is_its_own_alternative(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  type: object
  description: about it
  required: [a, b]
  properties: {a: {type: string, default: x, examples: [p, q]}, b: {type: integer, example: 7, default: null}}
""")
    assert schema.alternatives == (schema,)
    assert (schema.name, schema.pointer, schema.type) == ("Body", "/components/schemas/Body", "object")
    assert schema.description == "about it"
    assert schema.required == {"a", "b"}
    a, b = schema.properties.values()
    assert (a.default, a.examples, a.name) == ("x", ("p", "q"), None)
    assert (b.default, b.examples) == (None, (7,))
    assert schema.default is MISSING
    assert schema.additional is True
    assert (schema.nullable, schema.open, schema.dangling) == (False, False, None)


def test_the_same_place_is_the_same_object(body: Callable[..., Any]) -> None:
    schema = body(
        "Body: {properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/A'}}}\nA: {}"
    )
    assert schema.properties["a"] is schema.properties["b"]


@pytest.mark.parametrize(
    "text",
    [
        "{type: [string, 'null']}", "{type: string, nullable: true}", "{type: string, x-nullable: true}",
        "{anyOf: [{type: string}, {type: 'null'}]}", "{oneOf: [{type: 'null'}, {$ref: '#/components/schemas/S'}]}",
        "{anyOf: [{type: string}, {enum: [null]}]}", "{anyOf: [{type: string}, {const: null}]}",
        "{$ref: '#/components/schemas/S', nullable: true}",
        "{allOf: [{$ref: '#/components/schemas/S'}], nullable: true}",
        "{type: [string, 'null'], enum: [a, b, null]}", "{$ref: '#/components/schemas/N'}",
        "{allOf: [{$ref: '#/components/schemas/N'}], description: x}",
    ],
)  # fmt: skip
def test_ways_to_allow_null_beside_a_string(body: Callable[..., Any], text: str) -> None:
    schema = body(f"Body: {text}\nS: {{type: string}}\nN: {{type: string, nullable: true}}")
    assert schema.nullable
    assert [each.type for each in schema.alternatives] == ["string"]


@pytest.mark.parametrize(
    ("text", "nullable"),
    [("{}", True), ("true", True), ("{description: any}", True), ("{type: object}", False), ("{enum: [a]}", False),
     ("{properties: {a: {}}}", False), ("{anyOf: [{type: string}, {type: integer}]}", False), ("{type: 'null'}", True)],
)  # fmt: skip
def test_null_is_allowed_where_nothing_forbids_it(body: Callable[..., Any], text: str, nullable: bool) -> None:
    assert body(f"Body: {text}").nullable is nullable


def test_a_schema_that_says_nothing_is_open(body: Callable[..., Any]) -> None:
    for text in (
        "{}",
        "true",
        "{description: any, title: Any, x-y: 1}",
        "{nullable: true}",
        "{$ref: '#/components/schemas/E'}",
    ):
        schema = body(f"Body: {text}\nE: {{}}")
        assert (schema.open, schema.type, schema.alternatives[0].enum) == (True, None, None), text
    for text in ("{type: string}", "{enum: [a]}", "{properties: {}}", "{minLength: 1}", "{not: {}}"):
        assert not body(f"Body: {text}").open, text
    assert body("Body: {anyOf: [{type: string}, {}]}").open


def test_type_lists_are_one_alternative_per_type(body: Callable[..., Any]) -> None:
    schema = body("Body: {type: [string, 'null', integer, array], items: {type: string}, enum: [a, 1, null]}")
    assert [(each.type, each.enum) for each in schema.alternatives[:2]] == [("string", ("a",)), ("integer", (1,))]
    assert schema.alternatives[2].type == "array"
    assert body("Body: {type: [integer, number]}").type == "number"


def test_types_follow_from_what_is_listed(body: Callable[..., Any]) -> None:
    assert summary(body("Body: {enum: [a, 2, true]}")) == [
        ("string", ("a",)), ("integer", (2,)), ("boolean", (True,)),
    ]  # fmt: skip
    assert body("Body: {const: a}").enum == ("a",)
    assert body("Body: {items: {type: string}}").type == "array"
    assert body("Body: {properties: {}}").type == "object"
    assert body("Body: {type: string, const: a, enum: [a, b]}").enum == ("a",)


def test_unions_are_flattened_and_branches_stay_what_they_are(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body:
  oneOf:
  - $ref: '#/components/schemas/A'
  - anyOf: [{$ref: '#/components/schemas/B'}, {type: 'null'}, {type: array, items: {type: integer}}]
  - {$ref: '#/components/schemas/U', description: again}
A: {type: string}
B: {type: object, properties: {b: {}}}
U: {anyOf: [{$ref: '#/components/schemas/A'}, {type: boolean}]}
""")
    body = document.component("Body")
    assert [each.type for each in body.alternatives] == ["string", "object", "array", "boolean"]
    assert body.alternatives[0] is document.component("A")
    assert body.alternatives[1] is document.component("B")
    assert body.nullable


def test_all_of_is_merged(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body:
  allOf:
  - $ref: '#/components/schemas/A'
  - {properties: {b: {type: integer}, role: {enum: [user]}}, required: [b], description: part}
  required: [c]
  properties: {c: {type: boolean}}
A:
  type: object
  description: whole
  properties: {a: {type: string}, role: {type: string, enum: [user, bot]}}
  required: [a]
""")
    body = document.component("Body")
    assert body.alternatives == (body,) or len(body.alternatives) == 1
    one = body.alternatives[0]
    assert (one.name, one.type) == ("Body", "object")
    assert sorted(one.properties) == ["a", "b", "c", "role"]
    assert one.required == {"a", "b", "c"}
    assert one.properties["role"].alternatives[0].enum == ("user",)
    assert one.properties["a"] is document.component("A").properties["a"]


def test_a_wrapper_that_only_annotates_is_what_it_wraps(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body:
  properties:
    a: {allOf: [{$ref: '#/components/schemas/A'}], description: mine, default: x}
    b: {$ref: '#/components/schemas/A', description: mine, default: x}
    c: {anyOf: [{$ref: '#/components/schemas/A'}], description: mine, default: x, type: string}
A: {type: string, description: its own, enum: [x, y]}
""")
    for member in document.component("Body").properties.values():
        assert member.alternatives == (document.component("A"),)
        assert (member.description, member.default) == ("mine", "x")
        assert member.enum == ("x", "y")


def test_what_stands_beside_a_union_holds_for_each_branch(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  type: object
  required: [id]
  properties: {id: {type: string}}
  oneOf:
  - {title: One, properties: {a: {}}, required: [a]}
  - {title: Two, properties: {b: {}}}
""")
    assert [(sorted(each.properties), sorted(each.required)) for each in schema.alternatives] == [
        (["a", "id"], ["a", "id"]), (["b", "id"], ["id"]),
    ]  # fmt: skip
    assert [each.title for each in schema.alternatives] == ["One", "Two"]


def test_only_what_agrees_in_type_and_constants_is_combined(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  allOf:
  - oneOf: [{properties: {t: {const: a}, x: {}}}, {properties: {t: {const: b}, y: {}}}]
  - oneOf: [{properties: {t: {const: a}, p: {}}}, {properties: {t: {const: b}, q: {}}}, {type: string}]
""")
    assert [sorted(each.properties) for each in schema.alternatives] == [["p", "t", "x"], ["q", "t", "y"]]
    assert body("Body: {allOf: [{type: number}, {type: integer}]}").type == "integer"


def test_a_discriminator_beside_a_union_names_the_key_that_a_variant_lacks(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]
  discriminator:
    propertyName: kind
    mapping: {a: '#/components/schemas/A', aa: A, b: '#/components/schemas/B', c: '#/components/schemas/C'}
A: {type: object, properties: {x: {}}}
B: {type: object, properties: {kind: {type: string, enum: [b]}}}
C: {type: object, properties: {kind: {type: string}}}
""")
    kinds = [each.properties["kind"] for each in schema.alternatives]
    assert [kind.alternatives[0].enum for kind in kinds] == [("a", "aa"), ("b",), ("c",)]
    assert kinds[2].type == "string"
    assert schema.alternatives[0].pointer == "/components/schemas/A"


def test_a_discriminator_without_a_mapping_means_the_names_of_components(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]
  discriminator: {propertyName: kind}
A: {type: object, properties: {x: {}}}
B: {type: object, properties: {kind: {const: b}}}
C: {type: object, properties: {kind: {type: string}}}
""")
    kinds = [each.properties["kind"].alternatives[0].enum for each in schema.alternatives]
    assert kinds == [("A",), ("b",), None]


def test_a_member_of_several_parts_is_nullable_if_all_allow_it(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  allOf:
  - {properties: {a: {type: string, nullable: true}, b: {type: string, nullable: true}}}
  - {properties: {a: {type: string}, b: {enum: [x, null]}}}
""")
    assert [schema.properties[key].nullable for key in "ab"] == [False, True]
    assert schema.properties["b"].enum == ("x",)


def test_a_discriminator_with_a_mapping_and_no_union(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  type: object
  discriminator: {propertyName: type, mapping: {text: '#/components/schemas/T', image: I}}
T: {type: object, properties: {text: {type: string}}, required: [text]}
I: {type: object, properties: {url: {type: string}}}
""")
    assert summary(schema) == [
        ("object", {"url": None, "type": ("image",)}), ("object", {"text": None, "type": ("text",)}),
    ]  # fmt: skip
    assert [each.name for each in schema.alternatives] == ["I", "T"]


def test_a_base_whose_variants_name_it(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body: {properties: {m: {$ref: '#/components/schemas/Base'}}}
Base:
  type: object
  required: [role]
  properties: {role: {$ref: '#/components/schemas/Role'}}
  discriminator: {propertyName: role, mapping: {user: '#/components/schemas/User'}}
Role: {type: string, enum: [user, bot]}
User: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {name: {type: string}}}]}
Bot: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {role: {enum: [bot]}, id: {}}}]}
Special: {allOf: [{$ref: '#/components/schemas/Bot'}, {required: [id]}]}
""")
    variants = document.component("Body").properties["m"].alternatives
    assert [each.name for each in variants] == ["User", "Bot", "Special"]
    assert [each.properties["role"].alternatives[0].enum for each in variants] == [("user",), ("bot",), ("bot",)]
    assert variants[2].required == {"role", "id"}
    (user,) = document.component("User").alternatives
    assert sorted(user.properties) == ["name", "role"]


def test_schemas_that_contain_themselves(schemas: Callable[..., Any]) -> None:
    document = schemas("""
Body:
  oneOf:
  - $ref: '#/components/schemas/Body'
  - {type: array, items: {$ref: '#/components/schemas/Body'}}
  - {type: object, additionalProperties: {$ref: '#/components/schemas/Body'}}
Loop: {allOf: [{$ref: '#/components/schemas/Loop'}, {properties: {a: {$ref: '#/components/schemas/Loop'}}}]}
Never: {anyOf: [{$ref: '#/components/schemas/Never'}]}
""")
    body = document.component("Body")
    assert [each.type for each in body.alternatives] == ["array", "object"]
    assert body.alternatives[0].items is body
    assert body.alternatives[1].additional is body
    loop = document.component("Loop")
    assert loop.properties["a"] is loop
    assert len(document.component("Never").alternatives) == 1


def test_other_members_and_bounds(body: Callable[..., Any]) -> None:
    schema = body("""
Body:
  properties:
    closed: {type: object, additionalProperties: false}
    closed_too: {allOf: [{type: object, properties: {a: {}}}], unevaluatedProperties: false}
    typed: {type: object, additionalProperties: {type: string}}
    empty: {type: object, additionalProperties: {}}
    pattern: {type: object, patternProperties: {'^x': {type: integer}}, additionalProperties: false}
    list: {type: array, minItems: 1, maxItems: 3, items: true}
    text: {type: string, minLength: 2, maxLength: 4, format: uri, pattern: '^a'}
    number: {type: number, minimum: 0.5, maximum: 2}
""")
    found = schema.properties
    assert (found["closed"].additional, found["closed_too"].additional, found["empty"].additional) == (
        False,
        False,
        True,
    )
    assert found["typed"].additional.type == "string"
    assert found["pattern"].additional.type == "integer"
    assert (found["list"].min_items, found["list"].max_items, found["list"].items.open) == (1, 3, True)
    text = found["text"]
    assert (text.min_length, text.max_length, text.format, text.pattern) == (2, 4, "uri", "^a")
    assert (found["number"].minimum, found["number"].maximum, text.minimum, text.items) == (0.5, 2, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "text",
        "12",
        "{type: 5}",
        "{type: [[]]}",
        "{type: nonsense}",
        "{properties: [a]}",
        "{properties: {a: b}}",
        "{enum: {}}",
        "{enum: []}",
        "{required: a}",
        "{required: [1]}",
        "{allOf: {}}",
        "{oneOf: []}",
        "{anyOf: [1, []]}",
        "{items: [1]}",
        "false",
        "{discriminator: type, oneOf: [{}]}",
        "{discriminator: []}",
        "{discriminator: {propertyName: 1}}",
        "{$ref: 1}",
        "{minItems: x}",
        "{discriminator: {propertyName: t, mapping: [1]}}",
        "{discriminator: {propertyName: t, mapping: {a: 1, b: nope}}}",
        "{allOf: [{type: string}, {type: object}]}",
        "{oneOf: [{type: 'null'}]}",
        "{format: 1, pattern: [], description: 3}",
    ],
)
def test_malformed_schemas_are_viewed_without_complaint(body: Callable[..., Any], text: str) -> None:
    schema = body(f"Body: {text}\nOther: {{allOf: 1}}")
    for view in (schema, *schema.alternatives):
        assert view.alternatives
        repr(view)
        public = [name for name in dir(view) if not name.startswith("_")]
        assert len(public) > 20
        for name in public:
            getattr(view, name)


def test_a_bomb_of_unions_takes_a_moment_and_is_reported(schemas: Callable[..., Any]) -> None:
    levels = "".join(
        f"A{n}:\n  allOf:\n"
        f"  - anyOf: [{{$ref: '#/components/schemas/A{n + 1}'}}, {{title: t{n}, properties: {{p{n}: {{}}}}}}]\n"
        f"  - anyOf: [{{$ref: '#/components/schemas/A{n + 1}'}}, {{title: u{n}, required: [x{n}]}}]\n"
        for n in range(60)
    )
    document = schemas(f"Body: {{$ref: '#/components/schemas/A0'}}\n{levels}A60: {{type: object}}")
    started = time.perf_counter()
    assert document.component("A0").alternatives
    assert time.perf_counter() - started < 20
    assert "too-many-alternatives" in {found.code for found in document.findings.found}


def test_a_chain_of_thousands_of_merges_is_cut_off_and_reported(schemas: Callable[..., Any]) -> None:
    links = "".join(
        f"A{n}: {{allOf: [{{$ref: '#/components/schemas/A{n + 1}'}}], nullable: false}}\n" for n in range(2000)
    )
    document = schemas(f"Body: {{$ref: '#/components/schemas/A0'}}\n{links}A2000: {{type: string}}")
    schema = document.component("A0")
    assert schema.alternatives
    assert schema.nullable in (True, False)
    assert "too-many-alternatives" in {found.code for found in document.findings.found}
