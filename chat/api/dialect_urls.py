"""Routes of the three older chats, from the root on."""

from django.urls import path

from chat.api import context_actions, contexts, datamodel, insight, signals

CONTEXT = "contexts/<uuid:pk>"
MESSAGE = f"{CONTEXT}/messages/<uuid:message>"

urlpatterns = [
    path("datamodel/start", datamodel.Start.as_view(), name="datamodel-start"),
    path("datamodel/progress/<uuid:session_id>", datamodel.progress, name="datamodel-progress"),
    path("datamodel/chat/stream/<uuid:session_id>", datamodel.chat_stream, name="datamodel-chat"),
    path("datamodel/chat/async", datamodel.gone, name="datamodel-async"),
    path("datamodel/job/<path:job_id>", datamodel.gone, name="datamodel-job"),
    path("api/chat", insight.Chat.as_view(), name="insight-chat"),
    path("api/chat/stream", insight.stream, name="insight-stream"),
    path("api/chat/status/<str:task_id>", insight.Status.as_view(), name="insight-status"),
    path(f"{CONTEXT}/stream", signals.signals, name="context-stream"),
    path(f"{CONTEXT}/events", signals.signals, name="context-events"),
    path(f"{CONTEXT}/messages", contexts.Messages.as_view(), name="context-messages"),
    path(f"{CONTEXT}/actions/send_message", contexts.SendMessage.as_view(), name="context-send"),
    path(f"{MESSAGE}/content", contexts.Content.as_view(), name="context-content"),
    path(f"{MESSAGE}/streaming-chunks", contexts.StreamingChunks.as_view(), name="context-chunks"),
    path(f"{CONTEXT}/state", contexts.State.as_view(), name="context-state"),
    path(f"{CONTEXT}/branches", context_actions.Branches.as_view(), name="context-branches"),
    path(
        f"{CONTEXT}/branches/switch", context_actions.SwitchBranch.as_view(), name="context-switch"
    ),
    path(f"{CONTEXT}/branches/merge", context_actions.MergeBranch.as_view(), name="context-merge"),
    path(
        f"{CONTEXT}/tools/approve", context_actions.ApproveTools.as_view(), name="context-approve"
    ),
    path(f"{CONTEXT}/config", context_actions.Config.as_view(), name="context-config"),
    path(f"{CONTEXT}/cancel", context_actions.Cancel.as_view(), name="context-cancel"),
]
