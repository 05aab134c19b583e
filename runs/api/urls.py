"""Routes of runs, gates and messages, below /api/v1/."""

from django.urls import path

from runs import actions
from runs.api import views
from runs.api.preferences import Preferences

urlpatterns = [
    path("runs/<uuid:pk>/", views.RunDetail.as_view(), name="run-detail"),
    path("runs/<uuid:pk>/events/", views.events, name="run-events"),
    path("runs/<uuid:pk>/cancel/", views.RunAction.as_view(act=actions.cancel), name="run-cancel"),
    path("runs/<uuid:pk>/pause/", views.RunAction.as_view(act=actions.pause), name="run-pause"),
    path("runs/<uuid:pk>/resume/", views.RunAction.as_view(act=actions.resume), name="run-resume"),
    path("runs/<uuid:pk>/retry/", views.RunRetry.as_view(), name="run-retry"),
    path("gates/", views.GateList.as_view(), name="gate-list"),
    path("gates/<uuid:pk>/", views.GateDetail.as_view(), name="gate-detail"),
    path("gates/<uuid:pk>/answer/", views.GateAnswer.as_view(), name="gate-answer"),
    path("preferences/", Preferences.as_view(), name="preferences"),
    path("messages/<uuid:pk>/content/", views.MessageContent.as_view(), name="message-content"),
]
