from django.apps import AppConfig


class StreamsConfig(AppConfig):
    name = "streams"

    def ready(self) -> None:
        from streams import checks, conf  # noqa: PLC0415 - the registry must be ready first

        checks.connect()
        conf.connect()
