from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "runs"

    def ready(self) -> None:
        from runs import access, checks, conf  # noqa: PLC0415 - the registry must be ready first

        access.connect()
        checks.connect()
        conf.connect()
