"""Mounted below /ag-ui/."""

from django.urls import path

from chat.api import agui

urlpatterns = [path("chat", agui.chat, name="agui-chat")]
