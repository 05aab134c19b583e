"""Routes of the older planning endpoints, below /api/."""

from django.urls import path

from planning.api import approval, sessions

urlpatterns = [
    path("plan", sessions.plan, name="session-plan"),
    path("execute-plan", sessions.execute_plan, name="session-execute"),
    path("checkpoint-approval", approval.CheckpointApproval.as_view(), name="session-approval"),
]
