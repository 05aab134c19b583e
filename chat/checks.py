"""System checks for the CHAT setting."""

from django.core.checks import register

from chat.conf import chat_settings
from runs.checks import product_check


def connect() -> None:
    register(product_check("CHAT", "chat", lambda: chat_settings().engine))
