from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"

    def ready(self) -> None:
        from planning import checks, conf, documents, handlers  # noqa: PLC0415 - the registry comes first

        checks.connect()
        conf.connect()
        documents.connect()
        handlers.connect()
