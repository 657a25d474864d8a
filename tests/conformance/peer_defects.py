"""What hand-written packages get wrong, in data: whose defect it was, and what it was.

Each was confirmed by running that package against amplifier-core 2.0.2; `all` stands for what none of them does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["PEERS", "Peer"]


@dataclass(frozen=True, slots=True)
class Peer:
    """A defect: the vendors whose packages have it, and what it is."""

    vendors: tuple[str, ...]
    defect: str


PEERS: Mapping[str, Peer] = {
    "P01": Peer(("anthropic", "bedrock"), "a sampling parameter fails every call, five times over"),
    "P02": Peer(("vllm",), "usage of an unforeseen form fails a call that was answered"),
    "P03": Peer(("perplexity",), "fields and methods are used that neither request nor coordinator has"),
    "P04": Peer(("chat-completions",), "results with text content lose the id of their call"),
    "P05": Peer(("bedrock",), "a call without arguments ends in an AttributeError"),
    "P06": Peer(("openai",), "tools need a coordinator"),
    "P07": Peer(
        ("openai", "chat-completions"), "a context that is too long is an invalid request, though its code says so"
    ),
    "P08": Peer(("anthropic",), "a prompt that is too long is an invalid request"),
    "P09": Peer(("openai", "chat-completions"), "a used up quota is a rate limit and tried again"),
    "P10": Peer(("azure-openai", "chat-completions"), "a content filter is an invalid request"),
    "P11": Peer(("openai", "chat-completions"), "an error within a stream is replayed five times whatever it says"),
    "P12": Peer(("anthropic",), "an overload told within a stream is not tried again"),
    "P13": Peer(("anthropic", "openai", "chat-completions"), "a failed connection is no NetworkError"),
    "P14": Peer(("anthropic", "openai"), "a timeout is no LLMTimeoutError"),
    "P15": Peer(("anthropic", "openai", "chat-completions"), "413 and 422 are told as unknown errors"),
    "P16": Peer(("anthropic", "openai"), "a gateway's challenge page counts as a refusal"),
    "P17": Peer(("gemini",), "503 is neither tried again nor made an LLMError"),
    "P18": Peer(("gemini",), "an answer stopped for safety is empty and has no finish reason"),
    "P19": Peer(("openai-chatgpt",), "the text of an incomplete answer is thrown away"),
    "P20": Peer(("openai", "vllm"), "a call gets the id of its item, which results cannot refer to"),
    "P21": Peer(("openai",), 'the text "false" turns an option on'),
    "P22": Peer(("openai", "gemini"), "the set-up asks for options that nobody reads"),
    "P23": Peer(("gemini", "ollama", "bedrock", "openai", "vllm"), "a temperature of 0 is not sent"),
    "P24": Peer(("openai",), "a developer's list of blocks is sent as Python's repr"),
    "P25": Peer(("openai-chatgpt",), "later messages of system and developer are left in the conversation"),
    "P26": Peer(("anthropic",), "a call that stands in the content alone is sent in a form the vendor refuses"),
    "P27": Peer(("gemini",), "a message that is only a call is sent empty"),
    "P28": Peer(("gemini",), "a result is ascribed to another function"),
    "P29": Peer(("gemini",), "the signature of a call is lost, and is not JSON"),
    "P30": Peer(("gemini",), "the metadata hold an object that is not JSON"),
    "P31": Peer(("anthropic",), "of several thinking blocks the last remains, and text beside calls is dropped"),
    "P32": Peer(("openai-chatgpt",), "private reasoning is sent back as text"),
    "P33": Peer(("openai", "vllm"), "a tool runs without arguments because they were broken JSON"),
    "P34": Peer(("chat-completions",), "arguments of empty text crash"),
    "P35": Peer(("openai", "vllm"), "calls are missing among the blocks that are displayed"),
    "P36": Peer(("openai", "chat-completions"), "a missing result is made up once, and on the next call no more"),
    "P37": Peer(("all",), "stop is ignored"),
    "P38": Peer(("all",), "top_p is ignored"),
    "P39": Peer(("all",), "the request's timeout is ignored"),
    "P40": Peer(("all",), "tool_choice is ignored"),
    "P41": Peer(("all",), "response_format does not work"),
    "P42": Peer(("all",), "what was done instead is not told as degradation"),
    "P43": Peer(("all",), "not every class of error is used"),
    "P44": Peer(("all",), "a failed connection is no error of its own"),
    "P45": Peer(("all",), "Retry-After as a date fails"),
    "P46": Peer(("all",), "images by address are not sent"),
    "P47": Peer(("all",), "cancellation leaves what was shown without an end"),
    "P48": Peer(("all",), "tokens of thinking are missing in the event"),
    "P49": Peer(("all",), "the retry event does not say for how long the vendor asked to wait"),
    "P50": Peer(("all",), "prices of models are not told"),
}
