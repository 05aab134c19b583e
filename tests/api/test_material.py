"""What a chat works with, over REST: its data model, workflows, references and files."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import AsyncClient
from rest_framework.authtoken.models import Token

from agents.chats import Parameter, Workflow
from chat import workflows
from chat.models import ChatSession, Message
from tests.api import made
from tests.api.chats import KEY, address
from tests.api.contract import CheckedClient
from tests.chat.talking import start, told, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]
FORM = Workflow(
    name="count",
    title="Count",
    description="Count the rows of a table.",
    parameters=(
        Parameter(name="table", label="Table", type="table"),
        Parameter(name="column", label="Column", type="column", required=False),
        Parameter(name="most", label="At most", type="integer", required=False, default=10),
    ),
)


@pytest.fixture
def form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer one workflow; what they do is the business of the engines."""
    monkeypatch.setattr(workflows, "WORKFLOWS", (FORM,))


def download(path: str, by: User) -> tuple[int, dict[str, str], bytes]:
    """Get a file as an ASGI server would, piece by piece."""

    token, _ = Token.objects.get_or_create(user=by)

    async def get() -> tuple[int, dict[str, str], bytes]:
        answer: Any = await AsyncClient().get(path, headers={"Authorization": f"Token {token.key}"})
        body = answer.content if not answer.streaming else b""
        if answer.streaming:
            body = b"".join([piece async for piece in answer.streaming_content])
        answer.close()
        return answer.status_code, dict(answer.items()), body

    return async_to_sync(get)()


def test_the_data_model_is_there_once_the_data_is_profiled(api: CheckedClient, user: User):
    """Rows 0-5, 0-24."""
    session = made.session(user)
    early = api.get(address(session, "model"))
    work_off(session)

    model = api.get(address(session, "model"))

    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_ready")
    assert model.status_code == 200
    assert [one["name"] for one in model.json()["tables"]] == ["script"]


@pytest.mark.parametrize(
    ("query", "accepted"), [({"download": "yaml"}, "*/*"), ({}, "application/yaml")]
)
def test_the_data_dictionary_is_a_file_in_yaml(
    api: CheckedClient, user: User, query: dict[str, str], accepted: str
):
    """Row 0-24."""
    session = start(user)

    answer = api.get(address(session, "model"), query, headers={"Accept": accepted})

    assert answer["Content-Type"] == "application/yaml"
    assert answer["Content-Disposition"] == 'attachment; filename="penguins-dictionary.yaml"'
    told_ = yaml.safe_load(answer.content)
    assert [one["name"] for one in told_["tables"]] == ["script"]


def test_errors_stay_json_whatever_is_accepted(api: CheckedClient, user: User):
    session = made.session(user)

    early = api.get(address(session, "model"), headers={"Accept": "application/yaml"})
    wrong = api.get(address(session, "model"), {"download": "xml"})
    other = api.get(address(session, "model"), headers={"Accept": "text/html"})

    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_ready")
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (400, ["download"])
    assert (other.status_code, other.json()["error"]["code"]) == (406, "not_acceptable")


@pytest.mark.usefixtures("form")
def test_forms_offer_the_tables_and_columns_of_the_data(api: CheckedClient, user: User):
    """Row 4-48."""
    session = start(user)

    (one,) = api.get(address(session, "workflows")).json()["workflows"]

    offered = {each["name"]: each["choices"] for each in one["parameters"]}
    assert offered == {"table": ["script"], "column": ["month", "count"], "most": []}


@pytest.mark.usefixtures("form")
def test_a_workflow_is_started_once_for_a_key_and_told_as_a_card(api: CheckedClient, user: User):
    """Row 4-48; api.md, Idempotency-Key."""
    session = start(user)
    body = {"workflow": "count", "parameters": {"table": "script"}}

    first, again = (api.post(address(session, "workflows"), body, headers=KEY) for _ in range(2))

    assert (first.status_code, first.json()) == (201, again.json())
    work_off(session)
    asked, card = session.messages.order_by("created_at")
    assert asked.parts == {"workflow": "count", "parameters": {"table": "script", "most": 10}}
    assert card.parts["card"]["title"] == "count"
    assert told(session, "message_added")[0]["data"]["workflow"] == "count"


@pytest.mark.usefixtures("form")
def test_a_workflow_is_retried_as_the_workflow_it_was(api: CheckedClient, user: User):
    session = start(user)
    body = {"workflow": "count", "parameters": {"table": "script"}}
    asked = api.post(address(session, "workflows"), body).json()["message_id"]
    work_off(session)

    again = api.post(address(session, "messages", asked, "retry")).json()

    work_off(session)
    message = Message.objects.get(pk=again["message_id"])
    assert message.parts["workflow"] == "count"
    assert str(session.branch_id) == again["branch"]
    assert api.get(f"/api/v1/runs/{again['run_id']}/").json()["kind"] == "workflow"


@pytest.mark.usefixtures("form")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"workflow": "walrus"}, "workflow"),
        ({"workflow": 7}, "workflow"),
        ({"workflow": "a\x00"}, "workflow"),
        ({}, "workflow"),
        ({"workflow": "count", "parameters": []}, "parameters"),
        ({"workflow": "count", "parameters": {"table": "a\x00"}}, "parameters"),
        ({"workflow": "count", "parameters": {"table": "x" * 10_000}}, "parameters"),
        ({"workflow": "count", "parameters": {"table": "script", "walrus": 1}}, "walrus"),
    ],
    ids=lambda value: ascii(value)[:50],
)
def test_a_wrong_form_names_the_field_and_starts_nothing(
    api: CheckedClient, user: User, body: dict[str, Any], field: str
):
    """Row 4-48; reliability 20."""
    session = start(user)

    answer = api.send(address(session, "workflows"), body)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])
    assert session.messages.count() == 0


def test_a_workflow_needs_data_that_is_profiled(api: CheckedClient, user: User):
    session = made.session(user)

    answer = api.post(address(session, "workflows"), {"workflow": "count"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_ready")


def filled(session: ChatSession, outside: Path) -> None:
    root = session.workspace
    (root / "reports").mkdir(parents=True)
    (root / "reports" / "may report.csv").write_bytes(b"a,b\n1,2\n" * 100_000)
    (root / ".hidden").write_text("hidden")
    outside.write_text("secret")
    (root / "link.txt").symlink_to(outside)
    (root / "linked").symlink_to(outside.parent)


def test_what_a_message_can_refer_to_is_listed(api: CheckedClient, user: User, tmp_path: Path):
    """Row 4-47."""
    session = made.session(user)
    filled(session, tmp_path / "secret.txt")

    told_ = api.get(address(session, "references")).json()

    assert told_ == {"references": ["reports/", "reports/may report.csv"]}


def test_a_file_of_the_session_is_given_to_keep(user: User, tmp_path: Path):
    session = made.session(user)
    filled(session, tmp_path / "secret.txt")

    path = f"{address(session)}files/reports/may%20report.csv"
    status, headers, body = download(path, user)

    assert (status, headers["Content-Type"]) == (200, "text/csv")
    assert headers["Content-Disposition"] == 'attachment; filename="may report.csv"'
    assert body == b"a,b\n1,2\n" * 100_000


@pytest.mark.parametrize(
    "path",
    [
        "nothing.txt",
        "reports",
        "reports/",
        ".hidden",
        "link.txt",
        "linked/secret.txt",
        "../secret.txt",
        "reports/../../secret.txt",
        "%2e%2e/secret.txt",
        "/etc/passwd",
        "a%00b",
        "a\\b",
    ],
)
def test_nothing_outside_of_the_session_is_given(user: User, tmp_path: Path, path: str):
    """Row 4-47; reliability 19."""
    session = made.session(user)
    filled(session, tmp_path / "secret.txt")

    status, _, body = download(f"{address(session)}files/{path}", user)

    assert status == 404
    assert b"secret" not in body
