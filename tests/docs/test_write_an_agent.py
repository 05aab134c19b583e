"""The agents of the guide are run as they stand there."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agents import registry
from agents.base import Decision, Progress
from agents.chats import Reply
from agents.contract import EngineContract, chat_inputs, planning_inputs
from agents.own import engine_of
from agents.plans import Proposal
from tests.agents.models.stubs import Told, step
from tests.examples import bank_support

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "write-an-agent.md"
BLOCKS = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
SHOUT, COUNT, PONDER, LOOK, ORDER, BANK, MINE, TEST = BLOCKS
STYLES = {"shout": SHOUT, "count": COUNT, "ponder": PONDER, "look": LOOK}


def executed(code: str, name: str) -> Any:
    """Execute a block of the guide and return what it names so."""
    names: dict[str, Any] = {"__name__": "guide"}
    exec(compile(code, str(GUIDE), "exec"), names)  # noqa: S102 - it is our own guide
    return names[name]


def told_by(thing: Any, question: str = "one two", **more: Any) -> Told:
    given = {**chat_inputs()["reply"], "question": question, "asked_by": "ada"}
    return step(engine_of("mine", thing), "reply", given, **more)


def lines(code: str) -> int:
    return len([one for one in code.splitlines() if one.strip()])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shout", "ONE TWO!"),
        ("count", "1. one\n2. two\n"),
        ("ponder", "one two "),
        ("look", "sales has 6 rows.\n"),
    ],
)
def test_an_agent_is_fewer_than_twenty_lines_in_each_style(name: str, text: str) -> None:
    """Row 1-10."""
    told = told_by(executed(STYLES[name], name))

    assert told.text == Reply.model_validate(told.result).text == text
    assert lines(STYLES[name]) < 20


@pytest.mark.parametrize("name", STYLES)
def test_each_style_keeps_the_contract(name: str) -> None:
    class Contract(EngineContract):
        kinds = frozenset({"reply"})

        def make_engine(self) -> Any:
            return engine_of(name, executed(STYLES[name], name))

    for test in [one for one in dir(Contract) if one.startswith("test_")]:
        getattr(Contract(), test)()


def test_a_callback_tells_how_far_it_has_come() -> None:
    assert [one.percent for one in told_by(executed(LOOK, "look")).of(Progress)] == [100]


@pytest.mark.parametrize(
    ("decision", "text"),
    [
        (Decision(decision="answer", comment="2000"), "2000 bricks are ordered for: a wall"),
        (Decision(decision="reject"), "Nothing is ordered."),
    ],
)
def test_an_agent_of_plain_python_asks_a_person(decision: Decision, text: str) -> None:
    order = executed(ORDER, "order")

    asks = told_by(order, "a wall").asks
    told = told_by(order, "a wall", state=asks.state, decisions={"question": decision})

    assert asks.options == ("1000", "2000")
    assert told.text == text


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lay out what the guide imports: its own first agent, and somebody's bank."""
    (tmp_path / "my_agents.py").write_text(SHOUT)
    monkeypatch.syspath_prepend(tmp_path)
    bank = ModuleType("bank.support")
    vars(bank).update(vars(bank_support), Bank=lambda: bank_support.Bank(tmp_path / "ledger"))
    monkeypatch.setitem(sys.modules, "bank", ModuleType("bank"))
    monkeypatch.setitem(sys.modules, "bank.support", bank)
    importlib.invalidate_caches()
    yield
    sys.modules.pop("my_agents", None)


@pytest.mark.usefixtures("modules")
def test_a_pydantic_ai_agent_is_registered_in_fewer_than_ten_lines() -> None:
    agent = executed(BANK, "agent")

    assert told_by(agent, "My card is lost.").asks.calls[0].tool == "block_card"
    assert lines(BANK) < 10


def test_a_mapping_has_a_function_for_each_kind_of_step() -> None:
    mine = engine_of("mine", executed(MINE, "mine"))

    proposal = Proposal.model_validate(step(mine, "propose", planning_inputs()["propose"]).result)

    assert proposal.approach == "Ask the neighbors first."
    assert step(mine, "reply", chat_inputs()["reply"]).text == "Yes."


@pytest.mark.usefixtures("modules")
def test_a_team_runs_the_contract_in_a_few_lines() -> None:
    contract = executed(TEST, "TestShout")()

    contract.test_each_step_ends_exactly_once()
    assert list(contract.inputs()) == ["reply"]
    assert registry.names()  # no agent of the guide is left behind
    assert "shout" not in registry.names()
