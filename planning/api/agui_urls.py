"""Mounted below /ag-ui/."""

from django.urls import path

from planning.api import agui

urlpatterns = [path("plan", agui.plan, name="agui-plan")]
