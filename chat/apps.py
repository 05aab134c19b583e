from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import access, checks, conf, handlers, uploads  # noqa: PLC0415 - the registry comes first

        access.connect()
        checks.connect()
        conf.connect()
        handlers.connect()
        uploads.connect()
