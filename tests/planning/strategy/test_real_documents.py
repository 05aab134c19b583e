"""The offline engine on real documents: every citation resolves, every count equals its rows."""

import re

import pytest
from django.contrib.auth.models import User

from agents.sentences import split
from planning.models import Strategy
from planning.strategy import shapes
from tests.planning.strategy.made import told, worked_out
from tests.planning.test_real_documents import CITATION, GOAL, attach_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_threads")]


def sentences(made: Strategy) -> dict[tuple[str, int], str]:
    return {
        (document.name, sentence.number): sentence.text
        for document in made.documents.all()
        for sentence in split(document.text)
    }


def test_a_strategy_about_real_documents_cites_what_they_say(user: User):
    """Rows 3-41, 3-46."""
    made = worked_out(user, goal=GOAL, engine="offline", documents=attach_all(user))

    known, shown = sentences(made), shapes.strategy(made)
    assert made.run.state == "completed"
    cited = {(name, int(number)) for name, number in CITATION.findall(made.document)}
    assert len(cited) > 20
    assert cited <= known.keys()
    for step in shown["steps"]:
        for finding in step["findings"]:
            for one in finding["citations"]:
                assert known[one["document"], one["sentence"]] == one["quote"]
    (ready,) = told(made, "strategy_ready")
    for name in ("frameworks", "findings", "data_points"):
        assert ready["data"][name] == shown["metrics"][name], name
    assert f"- Open gaps: {ready['data']['gaps']}\n" in made.document
    assert re.search(r"^## Next steps$", made.document, re.MULTILINE)
