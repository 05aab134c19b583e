from importlib import import_module

from django.apps import AppConfig


class StreamsConfig(AppConfig):
    name = "streams"

    def ready(self) -> None:
        from streams import checks, conf  # noqa: PLC0415 - the registry must be ready first

        import_module("streams.manager.events")  # every kind of event is known from the start
        checks.connect()
        conf.connect()
