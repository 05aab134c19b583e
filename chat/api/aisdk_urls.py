"""Mounted below /ai-sdk/."""

from django.urls import path

from chat.api import aisdk

urlpatterns = [
    path("chat", aisdk.chat, name="aisdk-chat"),
    path("chat/<str:chat_id>", aisdk.conversation, name="aisdk-conversation"),
    path("chat/<str:chat_id>/stream", aisdk.stream, name="aisdk-chat-stream"),
]
