"""The older planning endpoint /api/checkpoint-approval."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from planning import sessions
from planning.api.serializers import MOST_CHECKPOINTS
from runs import gates
from runs.api.serializers import LONGEST_DIGEST, Choice, Text, Whole, answers
from runs.api.views import asker, via
from runs.exceptions import AlreadyDecided
from runs.gates import LONGEST_COMMENT
from runs.models import Gate

SAME = {"approved": "approve", "continue": "approve", "rejected": "reject"}
ANSWERS = {
    "reject": ("rejected", "Checkpoint {} rejected. Planning stopped."),
    "revise": ("revised", "Checkpoint {}: revision noted. Continuing iterations..."),
}
APPROVED = ("approved", "Checkpoint {} approved! Continuing iterations...")
NOTED = ("noted", "Checkpoint {}: your approval is noted. Others must approve as well.")


class ApprovalIn(serializers.Serializer[Any]):
    session_id = Text(max_length=sessions.LONGEST_NAME)
    checkpoint = Whole(min_value=1, max_value=MOST_CHECKPOINTS)
    decision = Choice(
        ["approve", "approved", "continue", "approve_all", "revise", "reject", "rejected"],
        default="approve",
    )
    comment = Text(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)
    digest = Text(required=False, allow_blank=True, default="", max_length=LONGEST_DIGEST)


class ApprovalOut(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["approved", "revised", "rejected", "noted"])
    checkpoint = serializers.IntegerField()
    message = serializers.CharField()


class CheckpointApproval(APIView):
    @extend_schema(
        request=ApprovalIn, responses=answers(200, ApprovalOut, 400, 403, 404, 409, 413, 415)
    )
    def post(self, request: Request) -> Response:
        """Decide one checkpoint of a session, and only that one."""
        given = ApprovalIn(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        found = sessions.find(asker(request), values["session_id"])
        if found is None:
            raise Http404
        decision = SAME.get(values["decision"], values["decision"])
        number = values["checkpoint"]
        gate = _decide(sessions.checkpoint_gate(found, number), request, decision, values)
        status, message = ANSWERS.get(decision, APPROVED)
        if gate.state == Gate.State.PENDING:
            status, message = NOTED
        return Response({"status": status, "checkpoint": number, "message": message.format(number)})


def _decide(gate: Gate, request: Request, decision: str, values: dict[str, Any]) -> Gate:
    """Answer a gate; the same answer of the same person again changes nothing.

    A client that lost our first reply sends it twice, and so does a double click.
    """
    user = asker(request)
    try:
        return gates.answer(
            gate.pk,
            by=user,
            decision=decision,
            comment=values["comment"],
            digest=values["digest"] or gate.digest,
            via=via(request),
        )
    except AlreadyDecided as error:
        if (error.decided_by, error.decision) != (user.get_username(), decision):
            raise
        return Gate.objects.get(pk=gate.pk)
