"""What some vendors ask of a turn; the rest is tested in every package (template/tests/test_history.py.jinja)."""

from amplifier_core.message_models import TextBlock, ThinkingBlock, ToolCallBlock
from package.history import Image, ToolResult, Turn

CALL = ToolCallBlock(id="a", name="look", input={})
TEXT = TextBlock(text="a")


def test_only_text_tells_a_string_from_a_list() -> None:
    assert Turn("user", (TEXT,)).only_text
    assert not Turn("assistant", (TEXT, CALL)).only_text
    assert ToolResult("a", None, (TEXT,)).only_text
    assert not ToolResult("a", None, (TEXT, Image("image/png", "QQ=="))).only_text


def test_the_thinking_of_a_turn_is_joined() -> None:
    thoughts = (ThinkingBlock(thinking="a"), TEXT, ThinkingBlock(thinking=""), ThinkingBlock(thinking="b"))
    assert Turn("assistant", thoughts).thinking == "a\nb"
    assert Turn("assistant", (TEXT,)).thinking == ""
