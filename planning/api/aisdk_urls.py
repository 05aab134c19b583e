"""Mounted below /ai-sdk/."""

from django.urls import path

from planning.api import aisdk

urlpatterns = [
    path("plan", aisdk.plan, name="aisdk-plan"),
    path("plan/<str:chat_id>/stream", aisdk.stream, name="aisdk-plan-stream"),
]
