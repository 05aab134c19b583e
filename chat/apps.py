from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import checks, conf, handlers  # noqa: PLC0415 - the registry comes first

        checks.connect()
        conf.connect()
        handlers.connect()
