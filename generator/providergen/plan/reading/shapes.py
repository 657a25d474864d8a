"""Compile shapes in the direction vendor to Amplifier (docs/mapping.md, "Reading")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from providergen.mapping import Mapping
from providergen.mapping.model import BlockShape
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, Text, holes
from providergen.plan import code
from providergen.plan.functions import Functions, names_used
from providergen.plan.names import class_name, singular
from providergen.plan.reading.classes import Replies
from providergen.plan.reading.gathered import FIELDS, LOOSE, Gathered

__all__ = ["Place", "Reader", "constants", "guards"]

_EXTRA = frozenset({"id", "name", "input", "signature", "data", "text", "thinking"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shape is read: the variable that has the object, its class, the mapping path."""

    value: code.Expr
    type: str
    path: str


@dataclass(slots=True)
class Reader:
    """Compiles the reading shapes of one mapping; `functions` are those of the module that is being planned."""

    mapping: Mapping
    replies: Replies
    functions: Functions
    known: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Functions that read blocks, by the alternatives and whether as fragments."""
    addressed: bool = False
    """Whether blocks are also read at an address, so that the functions take one."""

    def gather(self, shape: Object, place: Place, *, fragments: bool = False, kind: str | None = None) -> Gathered:
        """Return what the holes of an object (and of the objects in it) give; `kind`: it is a block of that kind."""
        gathered = Gathered(kind, fragments)
        gathered.names |= names_used(place.value)
        self.walk(shape, place, gathered)
        return gathered

    def walk(self, shape: Object, place: Place, gathered: Gathered) -> None:
        """Add what the holes of an object, and of the objects in it, give."""
        for entry in shape.entries:
            path = f"{place.path}.{entry.key}"
            value = code.Get(place.value, entry.key)
            match entry.shape:
                case Constant(value=constant):
                    self.replies.constant(place.type, entry.key, constant)
                case Hole():
                    self._hole(entry.shape, value, entry.key, place, path, gathered)
                case Text():
                    self._text(entry.shape, value, entry.key, place, path, gathered)
                case Object():
                    inner = self.replies.inner(place.type, entry.key, path)
                    local = gathered.bind(entry.key, code.Invoke("fields", (value,)))
                    self.replies.object(place.type, entry.key, inner)
                    if _addressed(entry.shape):
                        own = Gathered(None, gathered.fragments, gathered.names)
                        self.walk(entry.shape, Place(local, inner, path), own)
                        gathered.statements.append((2, own.printed(guards(entry.shape, local))))
                    else:
                        self.walk(entry.shape, Place(local, inner, path), gathered)
                case List():
                    self._list(entry.shape, value, entry.key, place, path, gathered)

    def _list(self, shape: List, value: code.Expr, key: str, place: Place, path: str, gathered: Gathered) -> None:
        item = shape.repeated if shape.repeated is not None else shape.items[0]
        inner_path = f"{path}[...]" if shape.repeated is not None else f"{path}[0]"
        if isinstance(item, Hole) and item.name in ("block", "content", "tool_call", "image", "text", "thinking"):
            self._blocks(item, value, key, place, inner_path, gathered)
            return
        if not isinstance(item, Object):
            return
        inner = self.replies.place((place.type, key, "item"), inner_path, place.type, singular(key))
        self.replies.object(place.type, key, inner, listed=True)
        if shape.repeated is None:
            local = gathered.bind(singular(key), code.Invoke("first", (value,)))
            self.walk(item, Place(local, inner, inner_path), gathered)
            return
        source = code.Invoke("objects", (value,))
        if gathered.cards:
            self.card(item, source, inner, inner_path, gathered)
            return
        name = gathered.fresh(singular(key))
        if gathered.kind is not None or not {hole.name for hole in holes(item)} & LOOSE:
            self._joined(item, source, name, inner, inner_path, gathered)
            return
        own = Gathered(None, gathered.fragments, gathered.names)
        self.walk(item, Place(code.Name(name), inner, inner_path), own)
        body = own.printed(guards(item, code.Name(name)))
        gathered.statements.append((2, (code.For(name, source, tuple(body)),)))

    def _joined(self, item: Object, source: code.Expr, name: str, inner: str, path: str, gathered: Gathered) -> None:
        """Take a list inside a block: texts are joined, of other values the first counts."""
        tests = guards(item, code.Name(name))
        given = None if not tests else code.all_of(tests)
        own = Gathered(gathered.kind, gathered.fragments, gathered.names)
        self.walk(item, Place(code.Name(name), inner, path), own)
        loops = ((name, source),)
        for key, value in own.fields.items():
            if key in ("text", "thinking"):
                gathered.fields[key] = code.Invoke("joined", (code.Collect(value, loops, given, lazy=True),))
            else:
                found = code.Collect(value, loops, given, lazy=True)
                gathered.fields[key] = code.Invoke("next", (found, code.Literal(None)))
        for key, value in own.opaque.items():
            found = code.Collect(value, loops, given, lazy=True)
            gathered.opaque[key] = code.Invoke("next", (found, code.Literal(None)))
        for key, value in own.error.items():
            test = code.Given(value)
            both = test if given is None else code.All((given, test))
            found = code.Collect(value, loops, both, lazy=True)
            gathered.error.setdefault(key, code.Invoke("next", (found, code.Literal(None))))

    def card(self, item: Object, source: code.Expr, type_: str, path: str, gathered: Gathered) -> None:
        """Take a list of models; those without an id are none."""
        name = gathered.fresh("model")
        own = Gathered("model", names=gathered.names)
        self.walk(item, Place(code.Name(name), type_, path), own)
        id_ = own.fields.pop("id")
        read = {**own.fields}
        words = {
            "display_name": "text_or_none",
            "context_window": "whole_or_none",
            "max_output_tokens": "whole_or_none",
        }
        named = tuple((field, code.Invoke(words[field], (value,))) for field, value in read.items())
        local = gathered.fresh("id")
        made = code.Invoke("ModelCard", (), (("id", code.Name(local)), *named))
        given = code.Given(code.Walrus(local, code.Invoke("text_or_none", (id_,))))
        gathered.fields["models"] = code.Invoke("tuple", (code.Collect(made, ((name, source),), given, lazy=True),))

    def _text(self, shape: Text, value: code.Expr, key: str, place: Place, path: str, gathered: Gathered) -> None:
        """Take text with one value in it."""
        found = [part for part in shape.parts if isinstance(part, Hole)]
        if len(found) != 1:
            return
        index = shape.parts.index(found[0])
        before, after = shape.parts[:index], shape.parts[index + 1 :]
        literals = [code.Literal("".join(str(part) for part in parts)) for parts in (before, after)]
        args = (value, *literals) if literals[1].value else (value, literals[0])
        self._hole(found[0], code.Invoke("stripped", args), key, place, path, gathered)

    def _hole(self, hole: Hole, value: code.Expr, key: str, place: Place, path: str, gathered: Gathered) -> None:
        match hole.name:
            case "usage":
                inner = self.whole("usage")
                self.replies.object(place.type, key, inner)
                fields = code.Invoke("fields", (value,))
                gathered.last.append(code.Do(code.Invoke("read_usage", (fields, code.Name("answer")))))
            case "response":
                inner = self.whole("response")
                self.replies.object(place.type, key, inner)
                fields = code.Invoke("fields", (value,))
                gathered.last.append(code.Do(code.Invoke("read_envelope", (fields, code.Name("answer")))))
                if hole.fragment and isinstance(self.mapping.response, Object):
                    local = gathered.bind(key, fields)
                    own = Gathered(None, True, gathered.names)
                    own.only_blocks = True
                    self.walk(self.mapping.response, Place(local, inner, "response"), own)
                    gathered.statements.append((1, own.printed([])))
            case "block" | "content" | "tool_call" | "image":
                self._blocks(hole, value, key, place, path, gathered)
            case _:
                self.replies.leaf(place.type, key, hole, path)
                gathered.take(hole, value)

    def _blocks(self, hole: Hole, value: code.Expr, key: str, place: Place, path: str, gathered: Gathered) -> None:
        """Take blocks: a list of them, one, or (`$content`) bare text or a list."""
        alternatives = self.alternatives(path)
        if not alternatives:
            return
        listed = path.endswith("[...]") or hole.name == "content"
        inner = self.block_class(alternatives, path, class_name(place.type, singular(key)))
        self.replies.object(place.type, key, inner, listed=listed)
        fragments = gathered.fragments or hole.fragment
        function = self.block_function(alternatives, inner, fragments)
        named: tuple[tuple[str, code.Expr], ...] = ()
        if (address := gathered.index or gathered.end) is not None:
            named = (("at", address),)
        if listed:
            item = gathered.fresh(singular(key) if singular(key) != key else "block")
            call = code.Do(code.Invoke(function, (code.Name(item), code.Name("answer")), named))
            body: tuple[code.Statement, ...] = (code.For(item, code.Invoke("objects", (value,)), (call,)),)
            if hole.name == "content":
                body = self._content(value, key, place, body, gathered, fragments)
            gathered.statements.append((_rank(alternatives), body))
            return

        def at(address: code.Expr | None) -> tuple[code.Statement, ...]:
            found = () if address is None else (("at", address),)
            call = code.Invoke(function, (code.Invoke("fields", (value,)), code.Name("answer")), found)
            return (code.Do(call),)

        gathered.later.append(at)

    def _content(
        self,
        value: code.Expr,
        key: str,
        place: Place,
        listed: tuple[code.Statement, ...],
        gathered: Gathered,
        fragments: bool,
    ) -> tuple[code.Statement, ...]:
        local = gathered.bind(key, value)
        self.replies.types.key(place.type, key, {"type": "string"})
        method = "extend_text" if fragments else "add_text"
        text = code.Do(code.Invoke(f"answer.{method}", (local,)))
        loop = listed[0]
        if isinstance(loop, code.For):
            loop = code.For(loop.target, code.Invoke("objects", (local,)), loop.body)
        return (code.If(((code.Instance(local, "str"), (text,)),), (loop,)),)

    def whole(self, section: str) -> str:
        """Return the name of the class of what the section `response` or `usage` reads."""
        return self.replies.place(section, section, section.title(), root=True)

    def block_class(self, alternatives: Sequence[BlockShape], path: str, context: str) -> str:
        """Return the name of the class of what may be any of these blocks."""
        return self.replies.place(("blocks", *(block.path for block in alternatives)), path, context, "Block")

    def alternatives(self, path: str) -> tuple[BlockShape, ...]:
        """Return the block shapes that are read at a place."""
        fitting = self.replies.checked.slots.get(path, ())
        return tuple(block for block in self.mapping.blocks if block.path in fitting)

    def block_function(self, alternatives: Sequence[BlockShape], type_: str, fragments: bool) -> str:
        """Return the function that reads one of these blocks."""
        key = (*(block.path for block in alternatives), str(fragments))
        if key in self.known:
            return self.known[key]
        kinds = {block.kind for block in alternatives}
        what = kinds.pop() if len(kinds) == 1 else "block"
        name = f"{'extend' if fragments else 'read'}_{what}"
        parameters = [("block", f"wire.{type_}"), ("answer", "Answer")]
        if self.addressed:
            parameters.append(("at", "object = None"))
        body = tuple(self._alternative(alternatives, type_, fragments))
        doc = f"Fold {'a fragment of one' if fragments else 'one'} {what.replace('_', ' ')} into the answer."
        self.known[key] = self.functions.add(name, parameters, "None", doc, body)
        return self.known[key]

    def _alternative(self, alternatives: Sequence[BlockShape], type_: str, fragments: bool) -> Iterator[code.Statement]:
        """Yield statements that apply the alternative with the most constants that fits, the first of equals."""
        block = code.Name("block")
        ordered = sorted(alternatives, key=lambda shape: -len(constants(shape.shape)))
        tags = [next(iter(_tags(shape.shape)), None) for shape in ordered]
        keys = [tag[0] for tag in tags if tag is not None]
        tag_key = max(keys, key=keys.count) if keys else None
        if tag_key is None or keys.count(tag_key) < 2:
            yield from self._chain(ordered, type_, fragments, None)
            return
        cases: dict[object, list[BlockShape]] = {}
        rest: list[BlockShape] = []
        for shape in ordered:
            value = dict(_tags(shape.shape)).get(tag_key)
            (cases.setdefault(value, []) if value is not None else rest).append(shape)
        printed = [
            code.Case((code.Literal(value),), tuple(self._chain(shapes, type_, fragments, tag_key)))
            for value, shapes in cases.items()
        ]
        if rest:
            printed.append(code.Case((), tuple(self._chain(rest, type_, fragments, None))))
        self.replies.constant(type_, tag_key, next(iter(cases)))
        yield code.Match(code.Get(block, tag_key), tuple(printed))

    def _chain(
        self, shapes: Sequence[BlockShape], type_: str, fragments: bool, matched: str | None
    ) -> Iterator[code.Statement]:
        branches: list[tuple[code.Test, tuple[code.Statement, ...]]] = []
        for shape in shapes:
            body = tuple(self._effect(shape, type_, fragments))
            tests = guards(shape.shape, code.Name("block"), matched) if isinstance(shape.shape, Object) else []
            if len(shapes) > 1:
                tests += self._bound(shape)
            elif not tests:
                yield from body
                return
            branches.append((code.all_of(tests), body))
        yield code.If(tuple(branches))

    def _bound(self, shape: BlockShape) -> list[code.Test]:
        """Return the test that what Amplifier needs of the kind is there."""
        for key, inner in _needed(shape):
            value = code.Get(code.Name("block"), key)
            if isinstance(inner, List) and isinstance(inner.repeated, Object):
                return _some(inner.repeated, value, singular(key)) or [code.Given(value)]
            direct = isinstance(inner, Hole) and inner.name in _EXTRA and inner.name != "input"
            return [code.Instance(value, "str") if direct else code.Given(value)]
        return []

    def _effect(self, shape: BlockShape, type_: str, fragments: bool) -> Iterator[code.Statement]:
        place = Place(code.Name("block"), type_, shape.path)
        if not isinstance(shape.shape, Object):
            return
        gathered = self.gather(shape.shape, place, fragments=fragments, kind=shape.kind)
        label = shape.label if shape.kind in ("text", "thinking") else None
        yield from gathered.block(shape.kind, label, code.Name("at") if self.addressed else None)


def guards(shape: Shape, value: code.Expr, matched: str | None = None) -> list[code.Test]:
    """Return the tests that the constants of a shape are; `matched` is a key of it that is known to be equal."""
    tests: list[code.Test] = []
    for keys, constant in constants(shape):
        if keys == (matched,):
            continue
        inner = value
        for key in keys[:-1]:
            inner = code.Invoke("fields", (code.Get(inner, key),))
        tests.append(code.Equal(code.Get(inner, keys[-1]), (constant,)))
    return tests


def constants(shape: Shape, keys: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """Return the constants of an object with the keys to them; those inside lists guard their items only."""
    found: list[tuple[tuple[str, ...], object]] = []
    for entry in shape.entries if isinstance(shape, Object) else ():
        if isinstance(entry.shape, Constant):
            found.append(((*keys, entry.key), entry.shape.value))
        else:
            found += constants(entry.shape, (*keys, entry.key))
    return found


def _tags(shape: Shape) -> list[tuple[str, object]]:
    return [(keys[0], value) for keys, value in constants(shape) if len(keys) == 1]


def _some(item: Object, value: code.Expr, name: str) -> list[code.Test]:
    """Return the test that a list has an item with the constants of a shape; none if it has no constants."""
    tests = guards(item, code.Name(name))
    if not tests:
        return []
    fits = code.all_of(tests)
    found = code.Collect(fits, ((name, code.Invoke("objects", (value,))),), lazy=True)
    return [code.Given(code.Invoke("any", (found,)))]


def _needed(shape: BlockShape) -> Iterator[tuple[str, Shape]]:
    """Yield the key under which a block's essential field stands."""
    essential = FIELDS[shape.kind]
    for entry in shape.shape.entries if isinstance(shape.shape, Object) else ():
        if any(hole.name in essential for hole in holes(entry.shape)):
            yield entry.key, entry.shape


def _addressed(shape: Object) -> bool:
    return any(isinstance(entry.shape, Hole) and entry.shape.name in ("index", "end") for entry in shape.entries)


def _rank(alternatives: Sequence[BlockShape]) -> int:
    kinds = {block.kind for block in alternatives}
    return 2 if kinds == {"tool_call"} else 0 if kinds <= {"thinking", "redacted_thinking"} else 1
