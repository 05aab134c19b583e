"""The client of the guide is executed as it stands there, and the frames in it are those that come."""

import re
from pathlib import Path

import httpx

from tests.api.server import ROOT, Server
from tests.conformance.agui.frames import asked, join, post
from tests.conformance.packages import client_of

GUIDE = ROOT / "docs" / "how-to" / "use-ag-ui.md"


def test_the_client_of_the_guide_asks_approves_and_comes_back(server: Server, tmp_path: Path):
    talk = client_of(GUIDE, "@ag-ui/client", server, tmp_path)

    first = talk("How many rows?", "Please call a tool")  # and leaves when it is asked
    second = talk("", "Please call a tool", "Not now", "Please fail")

    assert "! unknown_thread: " in first
    assert "You asked: How many rows?" in first
    assert "May save_file run? Enter to approve, or say why not: " in first
    assert second.startswith("\nMay save_file run? ")
    assert "You asked: Please call a tool" in second
    assert "It was not allowed: Not now." in second
    assert "! scripted: The script says that this fails." in second


def test_the_frames_of_the_guide_are_those_that_come(ada: httpx.Client):
    logs = re.findall(r"```text\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    shown = [re.findall(r'^\d+ {"type":"(\w+)"', log, re.MULTILINE) for log in logs]
    thread = ada.post("/api/v1/sessions/", json={"demo": "penguins"}).json()["id"]
    post(ada, asked(thread, "r0", "Wait until the data is profiled."))

    first = post(ada, asked(thread, "r1", "Please call a tool"))
    (interrupt,) = first[-1].event["outcome"]["interrupts"]
    yes = {"interruptId": interrupt["id"], "status": "resolved", "payload": {"approved": True}}
    second = post(ada, asked(thread, "r2", resume=[yes]))

    for log, frames in zip(shown, (first, second), strict=True):
        found = [one.type for one in frames]
        # A text comes in one piece or in several, as time has it.
        assert list(dict.fromkeys(log)) == list(dict.fromkeys(found))
        assert [one for one in log if "CONTENT" not in one] == [
            one for one in found if "CONTENT" not in one
        ]
    assert join(ada, thread, "r2").status_code == 200
