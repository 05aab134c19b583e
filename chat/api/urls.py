"""Routes of chats, below /api/v1/."""

from django.urls import path

from chat.api import conversation, material, views

SESSION = "sessions/<uuid:pk>"
MESSAGE = f"{SESSION}/messages/<uuid:message>"

urlpatterns = [
    path("sessions/", views.SessionList.as_view(), name="session-list"),
    path("sessions/demos/", views.DemoList.as_view(), name="session-demos"),
    path(f"{SESSION}/", views.SessionDetail.as_view(), name="session-detail"),
    path(f"{SESSION}/snapshot/", views.SessionSnapshot.as_view(), name="session-snapshot"),
    path(f"{SESSION}/events/", views.events, name="session-events"),
    path(f"{SESSION}/messages/", conversation.MessageList.as_view(), name="message-list"),
    path(f"{MESSAGE}/retry/", conversation.MessageRetry.as_view(), name="message-retry"),
    path(f"{MESSAGE}/edit/", conversation.MessageEdit.as_view(), name="message-edit"),
    path(f"{SESSION}/branches/", conversation.BranchList.as_view(), name="branch-list"),
    path(f"{SESSION}/branches/merge/", conversation.BranchMerge.as_view(), name="branch-merge"),
    path(f"{SESSION}/workflows/", material.WorkflowList.as_view(), name="workflow-list"),
    path(f"{SESSION}/model/", material.SessionModel.as_view(), name="session-model"),
    path(f"{SESSION}/references/", material.ReferenceList.as_view(), name="reference-list"),
    path(f"{SESSION}/files/<path:path>", material.SessionFile.as_view(), name="session-file"),
]
