"""What people write and prove themselves with stays out of logs, error bodies and addresses."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.api import server as servers
from tests.api import walking
from tests.api.server import PASSWORD, Server, Template
from tests.api.wire import stream

pytestmark = pytest.mark.e2e
# Words that occur nowhere else, one for each kind of text.
GOAL, COMMENT, DOCUMENT, TITLE = "goalquokka", "commentnarwhal", "documentaxolotl", "titlecapybara"
SECRETS = (GOAL, COMMENT, DOCUMENT, TITLE, PASSWORD)
BROKEN = '{"goal": "goalquokka'


FAILING = '{"fail": {"iteration-2": {"times": 1}, "finalise": {"times": 9, "error": "crash"}}}'


@pytest.fixture(scope="module")
def own(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that writes as much as it ever does, with an engine that fails."""
    told = {"CAIRN_LOG_LEVEL": "DEBUG", "CAIRN_SCRIPT": FAILING, "CAIRN_BACKOFF": "0.01"}
    with servers.running(template, tmp_path_factory.mktemp("private"), **told) as one:
        yield one


def walk(client: httpx.Client) -> None:
    """Do all that is done with a plan, so that it is told of at least once."""
    file = {"file": (f"{TITLE}.md", f"# {DOCUMENT}\n\nRent is 3,000 EUR.".encode())}
    attached = client.post("/api/v1/files/", files=file).raise_for_status().json()
    note = {"title": TITLE, "body": DOCUMENT}
    entity = walking.post(client, "/api/v1/entities/", note).json()
    wish = {"goal": GOAL, "documents": [attached["id"], entity["slug"]], "max_iterations": 2}
    plan = walking.plan(client, **wish)
    walking.answer(client, walking.waiting(client, plan["run_id"]), comment=COMMENT)
    gate = walking.waiting(client, plan["run_id"], "checkpoint")
    walking.answer(client, gate, comment=COMMENT)
    with stream(client, f"/api/v1/runs/{plan['run_id']}/events/") as opened:
        assert opened.rest()[-1].type == "run_failed"


def wrong(client: httpx.Client) -> list[httpx.Response]:
    """Make each kind of error, with something private in the request."""
    gate = walking.waiting(client, walking.plan(client, goal=GOAL)["run_id"])
    walking.answer(client, gate, comment=COMMENT)
    address = f"/api/v1/gates/{gate['id']}/answer/"
    digest = gate["digest"]
    png = {"file": ("x.md", b"\x89PNG\r\n" + DOCUMENT.encode())}
    kind = {"Content-Type": "application/json"}
    return [
        walking.answer(client, gate, "reject", comment=COMMENT),
        client.post(address, json={"decision": COMMENT, "digest": digest, "comment": COMMENT}),
        client.post(address, json={"decision": "revise", "digest": digest, "comment": [COMMENT]}),
        client.post("/api/v1/plans/", json={"goal": GOAL * 1100}),
        client.post("/api/v1/plans/", json={"goal": GOAL, "max_iterations": GOAL}),
        client.post("/api/v1/plans/", content=BROKEN, headers=kind),
        client.post("/api/plan", content=BROKEN, headers=kind),
        client.post("/api/v1/entities/", json={"title": "x", "body": [DOCUMENT]}),
        client.post("/api/v1/files/", files=png),
        client.get("/api/execute-plan", params={"goal": GOAL, "max_iterations": "x"}),
        client.get("/api/execute-plan", params={"goal": GOAL * 1100}),
        client.post("/api/v1/token/", json={"username": "ada", "password": f"{PASSWORD}!"}),
        client.post(
            "/api/checkpoint-approval",
            json={"session_id": "none", "checkpoint": 1, "comment": COMMENT},
        ),
    ]


def test_a_whole_walk_leaves_nothing_private_behind(own: Server):
    """Reliability 24; row 0-18; privacy of logs, error bodies and addresses."""
    with own.client("ada") as client, own.client() as browser:
        walk(client)
        errors = wrong(client)
        listed = client.get("/api/v1/plans/").json()["results"]
        browser.get("/sign-in/")
        form = {"username": "ada", "password": PASSWORD}
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
        assert browser.post("/sign-in/", data=form).status_code == 302
        crumb = browser.cookies["csrftoken"]

    secrets = (*SECRETS, own.tokens["ada"], crumb)
    assert all(400 <= one.status_code < 500 for one in errors), [one.url for one in errors]
    for secret in secrets:
        assert secret not in own.output
        assert not [one.url for one in errors if secret in one.text]
    addresses = re.findall(r'"(/[^"]*)"', str(listed).replace("'", '"'))
    assert addresses
    assert not [one for one in addresses if GOAL in one or COMMENT in one]


def test_the_log_tells_of_runs_by_their_ids(own: Server):
    """Row 2-54: an operator finds a failed run in the log."""
    with own.client("ada") as client:
        plan = walking.plan(client, goal=GOAL, max_iterations=1, checkpoint_interval=1)
        for name in ("proposal", "checkpoint"):
            walking.answer(client, walking.waiting(client, plan["run_id"], name))
        assert walking.ended(client, plan["run_id"])["state"] == "failed"

    assert plan["run_id"] in own.output
