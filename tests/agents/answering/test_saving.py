from pathlib import Path

import pytest

from agents.base import Decision, ToolCall, ToolResult
from agents.exceptions import Permanent
from agents.offline.answering.saving import SaveRequest, split
from tests.agents.answering.talking import OFFERS, Heard, Talk

QUESTION = "total revenue by channel"
APPROVE = Decision(decision="approve")


def talk(workspace: Path, *, approval: bool = True, mode: str = "act") -> Talk:
    offers = [{**OFFERS[0], "approval": approval}]
    found = Talk(more={"workspace": str(workspace), "mode": mode, "tools": offers})
    found.ask(QUESTION)
    return found


def tools(heard: Heard) -> list[str]:
    return [type(one).__name__ for one in heard.events if isinstance(one, ToolCall | ToolResult)]


def test_a_person_is_asked_before_a_file_is_written(tmp_path: Path) -> None:
    asked = talk(tmp_path).ask("save the result as results/top.csv").asked
    assert [one.tool for one in asked.calls] == ["save_file"]
    assert asked.calls[0].arguments == {"path": "results/top.csv", "format": "csv"}
    assert "results/top.csv" in asked.question
    assert not list(tmp_path.iterdir())


def test_an_approved_file_is_written_and_told(tmp_path: Path) -> None:
    one = talk(tmp_path)
    asked = one.ask("save the result as results/top.csv").asked
    heard = one.decide("save the result as results/top.csv", asked, call_1=APPROVE)
    assert tools(heard) == ["ToolCall", "ToolResult"]
    assert heard.reply.files == ("results/top.csv",)
    assert heard.reply.status == "answered"
    assert heard.text == heard.reply.text
    text = (tmp_path / "results" / "top.csv").read_text()
    assert text.startswith("channel,total_revenue")
    assert len(text.splitlines()) == 4


def test_edited_arguments_are_the_ones_that_are_used(tmp_path: Path) -> None:
    one = talk(tmp_path)
    asked = one.ask("export the result as csv").asked
    edited = Decision(decision="approve", arguments={"path": "other.csv", "format": "csv"})
    assert one.decide("export the result as csv", asked, call_1=edited).reply.files == (
        "other.csv",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["other.csv"]


@pytest.mark.parametrize("arguments", [{"path": "../x.csv"}, {"path": 5}, {}, {"file": "x.csv"}])
def test_edited_arguments_are_checked(tmp_path: Path, arguments: dict[str, object]) -> None:
    one = talk(tmp_path / "inside")
    asked = one.ask("export the result as csv").asked
    edited = Decision(decision="approve", arguments=arguments)
    heard = one.decide("export the result as csv", asked, call_1=edited)
    assert heard.reply.status == "declined"
    assert not list(tmp_path.rglob("*.csv"))


def test_a_denial_is_told_with_its_reason(tmp_path: Path) -> None:
    one = talk(tmp_path)
    asked = one.ask("save that as report.md").asked
    denied = Decision(decision="reject", comment="too early")
    heard = one.decide("save that as report.md", asked, call_1=denied)
    assert heard.reply.status == "denied"
    assert "too early" in heard.reply.text
    assert tools(heard) == []
    assert not list(tmp_path.iterdir())


def test_without_the_need_to_ask_it_is_written_at_once(tmp_path: Path) -> None:
    heard = talk(tmp_path, approval=False).ask("save that as report.md")
    assert heard.reply.files == ("report.md",)
    assert "total revenue by channel" in (tmp_path / "report.md").read_text()


def test_the_mode_to_plan_writes_nothing(tmp_path: Path) -> None:
    heard = talk(tmp_path, approval=False, mode="plan").ask("save that as report.md")
    assert heard.reply.status == "declined"
    assert "act mode" in heard.reply.text
    assert not list(tmp_path.iterdir())


def test_a_tool_that_is_not_offered_is_not_called(tmp_path: Path) -> None:
    one = talk(tmp_path)
    one.more["tools"] = []
    assert "not offered" in one.ask("save that as report.md").reply.text


def test_several_files_are_several_calls_of_one_question(tmp_path: Path) -> None:
    one = talk(tmp_path)
    question = "export the result as csv and save a report"
    asked = one.ask(question).asked
    assert [call.arguments["path"] for call in asked.calls] == ["result.csv", "report.md"]
    heard = one.decide(question, asked, call_1=APPROVE, call_2=Decision(decision="reject"))
    assert heard.reply.files == ("result.csv",)
    assert heard.reply.status == "answered"
    assert [path.name for path in tmp_path.iterdir()] == ["result.csv"]


def test_a_call_that_nobody_decided_does_not_run(tmp_path: Path) -> None:
    one = talk(tmp_path)
    question = "export the result as csv and save a report"
    asked = one.ask(question).asked
    heard = one.decide(question, asked, call_1=APPROVE)
    assert heard.reply.files == ("result.csv",)
    assert [path.name for path in tmp_path.iterdir()] == ["result.csv"]


def test_too_many_calls_end_the_step(tmp_path: Path) -> None:
    question = " and ".join(f"save the result as r{number}.csv" for number in range(9))
    with pytest.raises(Permanent) as caught:
        talk(tmp_path).ask(question)
    assert caught.value.code == "too_deep"


@pytest.mark.parametrize("path", ["../x.csv", "/tmp/x.csv", "a/../../x.csv", "~/x.csv", ".x.csv"])
def test_a_path_outside_is_refused_and_said_so(tmp_path: Path, path: str) -> None:
    heard = talk(tmp_path / "inside", approval=False).ask(f"save the result as {path}")
    assert heard.reply.status == "declined"
    assert heard.reply.files == ()
    [result] = [one for one in heard.events if isinstance(one, ToolResult)]
    assert result.error
    assert not list(tmp_path.rglob("*.csv"))


def test_a_result_can_be_asked_for_and_saved_in_one_message(tmp_path: Path) -> None:
    one = talk(tmp_path, approval=False)
    heard = one.ask("How many orders per channel? And save the result as n.csv")
    assert heard.reply.query is not None
    assert heard.reply.files == ("n.csv",)
    assert (tmp_path / "n.csv").read_text().splitlines()[0] == "channel,count"


def test_before_any_result_there_is_nothing_to_save(tmp_path: Path) -> None:
    one = talk(tmp_path, approval=False)
    one.history.clear()
    assert "Ask a question first" in one.ask("export the result as csv").reply.text


@pytest.mark.parametrize(
    ("message", "question", "saves"),
    [
        ("save that as report.md", "", [("report.md", "md")]),
        ("please export this as csv", "", [("result.csv", "csv")]),
        ("save the result as results/top.csv", "", [("results/top.csv", "csv")]),
        ("write a report", "", [("report.md", "md")]),
        ("export the table to sales", "", [("sales.csv", "csv")]),
        ('save it as "my file.csv"', "", [("file.csv", "csv")]),
        ("orders by channel, then save it as a.csv", "orders by channel", [("a.csv", "csv")]),
        ("how many people did the program save", "how many people did the program save", []),
        ("which countries export the most", "which countries export the most", []),
        ("save money", "save money", []),
    ],
)
def test_requests_are_told_from_questions(
    message: str, question: str, saves: list[tuple[str, str]]
) -> None:
    found = split(message)
    assert found.question == question
    assert found.saves == tuple(SaveRequest(*one) for one in saves)
