"""Every call has its result right behind it, and every result its call."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from amplifier_core.message_models import TextBlock, ToolCallBlock
from hypothesis import given
from hypothesis import strategies as st

from amplifier_module_provider_gemini.history import Block, Image, ToolResult, Turn
from amplifier_module_provider_gemini.repair import MissingResult, RepairJournal, Repairs, repair


def calls(*ids: str) -> Turn:
    return Turn("assistant", tuple(ToolCallBlock(id=id_, name=f"tool_{id_}", input={}) for id_ in ids))


def results(*ids: str) -> Turn:
    return Turn("tool", tuple(ToolResult(id_, f"tool_{id_}", (TextBlock(text=f"result {id_}"),)) for id_ in ids))


def user(text: str = "go on") -> Turn:
    return Turn("user", (TextBlock(text=text),))


def outline(turns: Sequence[Turn]) -> list[str]:
    def ids(turn: Turn) -> str:
        return ",".join(
            [*(c.id for c in turn.tool_calls), *(r.tool_call_id + "!" * bool(r.is_error) for r in turn.tool_results)]
        )

    return [f"{turn.role} {ids(turn)}".strip() for turn in turns]


def test_a_sequence_that_is_right_stays() -> None:
    turns = (user(), calls("a", "b"), results("a", "b"), user())
    assert repair(turns) == (turns, Repairs())


def test_results_are_brought_behind_their_turn_in_the_order_of_its_calls() -> None:
    turns = [calls("a", "b"), results("b"), user("<system-reminder>x"), results("a"), user()]
    repaired, repairs = repair(turns)
    assert outline(repaired) == ["assistant a,b", "tool a,b", "user", "user"]
    assert not repairs


def test_a_missing_result_is_made_up_where_it_belongs() -> None:
    repaired, repairs = repair([user(), calls("a", "b"), results("a"), calls("c"), results("c")])
    assert outline(repaired) == ["user", "assistant a,b", "tool a,b!", "assistant c", "tool c"]
    assert repairs == Repairs(missing=(MissingResult("b", "tool_b"),))
    made_up = repaired[2].tool_results[1]
    assert (made_up.name, made_up.is_error) == ("tool_b", True)
    assert made_up.text.startswith("Tool result missing")


def test_a_call_at_the_end_of_the_history_gets_a_result() -> None:
    assert outline(repair([user(), calls("a")])[0]) == ["user", "assistant a", "tool a!"]


def test_a_person_who_follows_directly_is_answered_by_a_bridge() -> None:
    repaired, repairs = repair([calls("a"), user()])
    assert outline(repaired) == ["assistant a", "tool a!", "assistant", "user"]
    assert repairs.bridges == 1


def test_a_bridge_says_in_words_that_results_are_missing() -> None:
    (_, _, bridge, _), _ = repair([replace(calls("a"), vendor="acme"), user()])
    assert (bridge.vendor, bool(bridge.text)) == ("acme", True)


def test_a_person_who_follows_other_results_is_answered_by_a_bridge() -> None:
    repaired, repairs = repair([calls("a", "b"), results("a"), user(), calls("c"), user()])
    assert outline(repaired) == [
        "assistant a,b",
        "tool a,b!",
        "assistant",
        "user",
        "assistant c",
        "tool c!",
        "assistant",
        "user",
    ]
    assert repairs.bridges == 2


def test_the_turn_of_results_has_all_that_was_stored_with_them() -> None:
    first = replace(results("a"), metadata={"one": 1})
    second = replace(results("b"), metadata={"two": 2})
    _, turn = repair([replace(calls("a", "b"), vendor="acme"), first, second])[0]
    assert (turn.metadata, turn.vendor) == ({"one": 1, "two": 2}, "acme")


@pytest.mark.parametrize(
    "follower",
    [
        user("<system-reminder>be quick</system-reminder>"),
        user("\n <system-reminder>x"),
        Turn("user", (TextBlock(text="<system-reminder>a</system-reminder>"), TextBlock(text="<system-reminder>b"))),
        calls("b"),
    ],
)
def test_reminders_and_assistants_need_no_bridge(follower: Turn) -> None:
    assert repair([calls("a"), follower])[1].bridges == 0


REMINDER = "<system-reminder>be quick</system-reminder>"


@pytest.mark.parametrize(
    "blocks",
    [
        (TextBlock(text=REMINDER), TextBlock(text="And Rome?")),
        (TextBlock(text=f"{REMINDER}\nAnd Rome?"),),
        (TextBlock(text=REMINDER), Image(url="https://x.example/rome.png")),
    ],
)
def test_a_person_who_speaks_beside_a_reminder_is_answered_by_a_bridge(blocks: tuple[Block, ...]) -> None:
    assert repair([calls("a"), Turn("user", blocks)])[1].bridges == 1


def test_a_complete_sequence_needs_no_bridge() -> None:
    assert outline(repair([calls("a"), results("a"), user()])[0]) == ["assistant a", "tool a", "user"]


def test_results_without_a_call_before_them_are_dropped() -> None:
    repaired, repairs = repair([results("x"), user(), calls("a"), results("a", "a", "y")])
    assert outline(repaired) == ["user", "assistant a", "tool a"]
    assert repairs.orphans == ("x", "a", "y")


def test_an_id_used_again_belongs_to_the_newest_call() -> None:
    turns = (calls("a"), results("a"), calls("a"), results("a"))
    assert repair(turns) == (turns, Repairs())
    assert outline(repair([calls("a"), calls("a"), results("a")])[0]) == [
        "assistant a",
        "tool a!",
        "assistant a",
        "tool a",
    ]


def test_the_same_history_is_repaired_on_every_call() -> None:
    history = [user(), calls("a"), user()]
    assert repair(history) == repair(history)
    assert outline(history) == ["user", "assistant a", "user"]


def test_a_repair_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    journal = RepairJournal()
    _, first = repair([calls("a"), user(), results("x")])
    _, second = repair([calls("a"), user(), results("x"), calls("b"), user()])
    assert journal.unreported(first) == first
    assert not journal.unreported(first)
    assert journal.unreported(second).missing == (MissingResult("b", "tool_b"),)
    assert [record.message.count("(a)") for record in caplog.records].count(1) == 1
    assert sum("left out: x" in record.message for record in caplog.records) == 1


def test_every_repair_is_told_with_its_names(caplog: pytest.LogCaptureFixture) -> None:
    turns = [calls("a", "b"), user(), results("x", "y")]
    journal = RepairJournal()
    assert journal.unreported(repair(turns)[1]).orphans == ("x", "y")
    messages = [record.message for record in caplog.records]
    assert any("tool_a (a), tool_b (b)" in message for message in messages)
    assert any("x, y" in message for message in messages)


def test_bridges_are_told_with_the_results_that_are_missing() -> None:
    journal = RepairJournal()
    _, repairs = repair([calls("a"), user(), results("x")])
    _, later = repair([calls("a"), user(), results("x", "y")])
    assert journal.unreported(repairs).bridges == 1
    assert journal.unreported(later) == Repairs(orphans=("y",))


def test_the_repairs_of_another_conversation_are_told_too() -> None:
    journal = RepairJournal()
    other = Turn("assistant", (ToolCallBlock(id="a", name="other", input={}),))
    assert journal.unreported(repair([calls("a"), user()])[1])
    assert journal.unreported(repair([other, user()])[1]).missing == (MissingResult("a", "other"),)


def test_the_journal_forgets_the_oldest() -> None:
    journal = RepairJournal(size=2)
    for id_ in "abc":
        journal.unreported(repair([calls(id_)])[1])
    assert journal.unreported(repair([calls("a")])[1])
    assert not journal.unreported(repair([calls("c")])[1])


def test_the_journal_keeps_what_comes_again() -> None:
    journal = RepairJournal(size=2)
    for id_ in "abac":
        journal.unreported(repair([calls(id_)])[1])
    assert not journal.unreported(repair([calls("a")])[1])


histories = st.lists(
    st.one_of(
        st.just(user()),
        st.just(user("<system-reminder>")),
        st.lists(st.sampled_from("abcd"), unique=True, max_size=3).map(lambda ids: calls(*ids)),
        st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(lambda ids: results(*ids)),
    ),
    max_size=8,
)


@given(histories)
def test_repairing_is_idempotent_and_leaves_no_call_or_result_alone(history: list[Turn]) -> None:
    before = list(history)
    repaired, repairs = repair(history)
    assert history == before
    assert repair(repaired) == (repaired, Repairs())
    for at, turn in enumerate(repaired):
        if turn.tool_calls:
            assert [result.tool_call_id for result in repaired[at + 1].tool_results] == [c.id for c in turn.tool_calls]
        if turn.role == "tool":
            assert repaired[at - 1].tool_calls
    kept = sum(len(turn.tool_results) for turn in repaired) - len(repairs.missing) + len(repairs.orphans)
    assert kept == sum(len(turn.tool_results) for turn in history)
