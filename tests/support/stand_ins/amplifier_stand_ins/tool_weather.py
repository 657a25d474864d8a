"""Tools for conversations: one with arguments, one without, one that answers with an image."""

from typing import Any

from amplifier_core import ModuleCoordinator, ToolResult
from amplifier_core.message_models import ImageBlock, TextBlock

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


class Weather:
    """The weather of a city."""

    name = "get_weather"
    description = "Tell the weather of a city"
    input_schema: dict[str, Any] = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    }

    async def execute(self, input: dict[str, Any]) -> ToolResult:  # noqa: A002  (the kernel's name)
        """Return a sunny day."""
        return ToolResult(output={"city": input.get("city"), "sky": "sunny", "celsius": 21})


class Clock:
    """The time, asked for without arguments."""

    name = "get_time"
    description = "Tell the time"
    input_schema: dict[str, Any] = {}

    async def execute(self, input: dict[str, Any]) -> ToolResult:  # noqa: A002  (the kernel's name)
        """Return noon."""
        return ToolResult(output="12:00")


class Camera:
    """A picture, as rich content."""

    name = "take_picture"
    description = "Take a picture"
    input_schema: dict[str, Any] = {"type": "object", "properties": {}}

    async def execute(self, input: dict[str, Any]) -> ToolResult:  # noqa: A002  (the kernel's name)
        """Return one pixel."""
        source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
        return ToolResult(output="one pixel", content=[TextBlock(text="one pixel"), ImageBlock(source=source)])


async def mount(coordinator: ModuleCoordinator, config: dict[str, Any] | None = None) -> None:
    """Mount the three tools."""
    for tool in (Weather(), Clock(), Camera()):
        await coordinator.mount("tools", tool, name=tool.name)
