"""What AG-UI needs of runs, below /ag-ui/."""

from django.urls import path

from runs import actions
from runs.api import views

urlpatterns = [
    path("runs/<uuid:pk>/cancel", views.RunAction.as_view(act=actions.cancel), name="agui-cancel"),
]
