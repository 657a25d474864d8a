"""Compile shapes in the direction vendor to Amplifier (docs/mapping.md, "Reading")."""

from dataclasses import dataclass, field

from providergen.check import Checked
from providergen.mapping import Mapping
from providergen.mapping.shape import Constant, Hole, List, Object, Shape, Text, holes
from providergen.plan import code
from providergen.plan.functions import Functions, names_used
from providergen.plan.names import class_name, singular
from providergen.plan.reading import blocks
from providergen.plan.reading.classes import Classes, Place
from providergen.plan.reading.gathered import LOOSE, Gathered, rank
from providergen.plan.reading.guards import guards
from providergen.plan.wire import Types

__all__ = ["Reader", "as_object"]

_BLOCK_HOLES = frozenset({"block", "content", "tool_call", "image"})


@dataclass(slots=True)
class Reader:
    """Compiles the reading shapes of one mapping; `functions` are those of the module that is being planned."""

    mapping: Mapping
    classes: Classes
    functions: Functions = field(default_factory=Functions)
    known: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Functions that read blocks, by the alternatives and whether as fragments."""

    @classmethod
    def of(cls, mapping: Mapping, checked: Checked, types: Types) -> "Reader":
        """Return the reader of a mapping, which tells `types` what is read."""
        return cls(mapping, Classes(checked, types))

    def of_module(self, functions: Functions) -> "Reader":
        """Return a reader for another module, which can call what this one has for blocks."""
        return Reader(self.mapping, self.classes, functions, dict(self.known))

    @property
    def addressed(self) -> bool:
        """Whether an event has a block of the section `block` at an address: then the functions for blocks take one."""
        for event in self.mapping.stream.events if self.mapping.stream else ():
            names = {hole.name for hole in holes(event.shape)}
            if names & {"index", "end"} and names & _BLOCK_HOLES:
                return True
        return False

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
                    self.classes.constant(place.type, entry.key, constant)
                case Hole():
                    self._hole(entry.shape, value, entry.key, place, path, gathered)
                case Text():
                    self._text(entry.shape, value, entry.key, place, path, gathered)
                case Object():
                    inner = self.classes.inner(place.type, entry.key, path)
                    local = gathered.bind(entry.key, code.Invoke("fields", (value,)))
                    self.classes.object(place.type, entry.key, inner)
                    if _addressed(entry.shape):
                        own = Gathered(None, gathered.fragments, gathered.names)
                        self.walk(entry.shape, Place(local, inner, path), own)
                        gathered.statements.append((2, own.printed(guards(entry.shape, local))))
                        continue
                    self.walk(entry.shape, Place(local, inner, path), gathered)
                    if _holds_error(entry.shape):  # some servers say it in a text that stands for the object
                        text = code.Invoke("text_or_none", (value,))
                        gathered.error["message"] = code.Either((gathered.error["message"], text))
                case List():
                    self._list(entry.shape, value, entry.key, place, path, gathered)

    def _list(self, shape: List, value: code.Expr, key: str, place: Place, path: str, gathered: Gathered) -> None:
        item = shape.repeated if shape.repeated is not None else next(iter(shape.items), None)
        inner_path = f"{path}[...]" if shape.repeated is not None else f"{path}[0]"
        if isinstance(item, Hole) and item.name in _BLOCK_HOLES:
            self._blocks(item, value, key, place, inner_path, gathered)
            return
        if not isinstance(item, Object):
            return
        inner = self.classes.place((place.type, key, "item"), inner_path, place.type, singular(key))
        self.classes.object(place.type, key, inner, listed=True)
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
        fits = code.all_of(tests) if tests else None
        own = Gathered(gathered.kind, gathered.fragments, gathered.names)
        self.walk(item, Place(code.Name(name), inner, path), own)

        def each(value: code.Expr, given: code.Test | None) -> code.Expr:
            return code.Collect(value, ((name, source),), given, lazy=True)

        def first(value: code.Expr, given: code.Test | None) -> code.Expr:
            return code.Invoke("next", (each(value, given), code.Literal(None)))

        for key, value in own.fields.items():
            texts = key in ("text", "thinking")
            gathered.fields[key] = code.Invoke("joined", (each(value, fits),)) if texts else first(value, fits)
        for key, value in own.opaque.items():
            gathered.opaque[key] = first(value, fits)
        for key, value in own.error.items():
            gathered.error.setdefault(key, first(value, code.all_of([*tests, code.Given(value)])))

    def card(self, item: Object, source: code.Expr, type_: str, path: str, gathered: Gathered) -> None:
        """Take a list of models; those without an id are none."""
        name = gathered.fresh("model")
        own = Gathered("model", names=gathered.names)
        self.walk(item, Place(code.Name(name), type_, path), own)
        id_ = own.fields.pop("id")
        words = {
            "display_name": "text_or_none",
            "context_window": "whole_or_none",
            "max_output_tokens": "whole_or_none",
        }
        named = tuple((field, code.Invoke(words[field], (value,))) for field, value in own.fields.items())
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
                self.classes.object(place.type, key, inner)
                fields = code.Invoke("fields", (value,))
                gathered.last.append(code.Do(code.Invoke("read_usage", (fields, code.Name("answer")))))
            case "response":
                inner = self.whole("response")
                self.classes.object(place.type, key, inner)
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
            case "finish_reason" if self.classes.is_flag(path):
                self.classes.leaf(place.type, key, hole, path)
                test = code.Equal(value, (True,))
                gathered.take(hole, code.When(test, code.Literal(key), code.Literal(None)))
            case _:
                self.classes.leaf(place.type, key, hole, path)
                gathered.take(hole, value)

    def _blocks(self, hole: Hole, value: code.Expr, key: str, place: Place, path: str, gathered: Gathered) -> None:
        """Take blocks: a list of them, one, or (`$content`) bare text or a list."""
        alternatives = blocks.fitting(self, path)
        if not alternatives:
            return
        listed = path.endswith("[...]") or hole.name == "content"
        inner = blocks.class_of(self, alternatives, path, class_name(place.type, singular(key)))
        self.classes.object(place.type, key, inner, listed=listed)
        fragments = gathered.fragments or hole.fragment
        function = blocks.function_for(self, alternatives, inner, fragments)
        named: tuple[tuple[str, code.Expr], ...] = ()
        if (address := gathered.index or gathered.end) is not None:
            named = (("at", address),)
        if listed:
            item = gathered.fresh(singular(key) if singular(key) != key else "block")
            call = code.Do(code.Invoke(function, (code.Name(item), code.Name("answer")), named))
            body: tuple[code.Statement, ...] = (code.For(item, code.Invoke("objects", (value,)), (call,)),)
            if hole.name == "content":
                body = self._content(value, key, place, body, gathered, fragments)
            gathered.statements.append((rank({block.kind for block in alternatives}), body))
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
        self.classes.types.key(place.type, key, {"type": "string"})
        method = "extend_text" if fragments else "add_text"
        text = code.Do(code.Invoke(f"answer.{method}", (local,)))
        loop = listed[0]
        if isinstance(loop, code.For):
            loop = code.For(loop.target, code.Invoke("objects", (local,)), loop.body)
        return (code.If(((code.Instance(local, "str"), (text,)),), (loop,)),)

    def whole(self, section: str) -> str:
        """Return the name of the class of what the section `response` or `usage` reads."""
        return self.classes.place(section, section, section.title(), root=True)


def _addressed(shape: Object) -> bool:
    return any(isinstance(entry.shape, Hole) and entry.shape.name in ("index", "end") for entry in shape.entries)


def _holds_error(shape: Object) -> bool:
    return any(isinstance(entry.shape, Hole) and str(entry.shape) == "$error" for entry in shape.entries)


def as_object(shape: Shape | None) -> Object:
    """Return a shape of a place where the loader lets only objects stand."""
    if not isinstance(shape, Object):
        raise AssertionError("the loader lets only objects stand here")
    return shape
