"""However a vendor cuts its stream, the answer is the same."""

from hypothesis import given
from hypothesis import strategies as st
from package.answer import Answer, BlockDelta, BlockEnd, BlockStart, Signal

text = st.text(st.characters(codec="utf-8"), min_size=1)


@st.composite
def cut(draw: st.DrawFn, whole: str) -> list[str]:
    """The text in pieces, some of them empty."""
    places = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    return [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]


@given(st.data(), st.lists(st.tuples(st.sampled_from(["text", "thinking", "call"]), text), max_size=5), st.booleans())
def test_any_cut_of_the_fragments_gives_the_same_blocks(
    data: st.DataObject, parts: list[tuple[str, str]], addressed: bool
) -> None:
    whole, stream = Answer("acme"), Answer("acme")
    shown: list[tuple[str, str]] = []
    for at, (kind, value) in enumerate(parts):
        address = at if addressed else None
        if not addressed and shown and shown[-1][0] == kind != "call":
            continue  # neighbours of a kind without addresses are one block
        shown.append((kind, value))
        match kind:
            case "text":
                whole.add_text(value, at=address)
                for piece in data.draw(cut(value)):
                    stream.extend_text(piece, at=address)
            case "thinking":
                whole.add_thinking(value, "sig", at=address)
                for piece in data.draw(cut(value)):
                    stream.extend_thinking(piece, at=address)
                stream.extend_thinking(signature="sig", at=address)
            case "call":
                arguments = '{"a": [1, {"b": "\\u00e9"}]}'
                whole.add_tool_call(f"c{at}", value, arguments, at=address)
                stream.extend_tool_call(id=f"c{at}", name=value, at=address)
                for piece in data.draw(cut(arguments)):
                    stream.extend_tool_call(piece, at=address)
    assert stream.blocks == whole.blocks
    verify(stream.drain(), [(kind, value) for kind, value in shown])


def verify(signals: list[Signal], shown: list[tuple[str, str]]) -> None:
    """Each block starts once and ends once, in the order of the blocks; its deltas count from 0 and make its text."""
    texts: dict[int, list[BlockDelta]] = {}
    started = [signal for signal in signals if isinstance(signal, BlockStart)]
    ended = [signal for signal in signals if isinstance(signal, BlockEnd)]
    assert [signal.index for signal in started] == [signal.index for signal in ended] == list(range(len(shown)))
    for signal in signals:
        if isinstance(signal, BlockDelta):
            assert signal.text
            texts.setdefault(signal.index, []).append(signal)
    for index, (kind, value) in enumerate(shown):
        deltas = texts.get(index, [])
        assert [delta.sequence for delta in deltas] == list(range(len(deltas)))
        assert "".join(delta.text for delta in deltas) == ("" if kind == "call" else value)
        assert (started[index].name is not None) == (kind == "call")
