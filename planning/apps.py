from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"

    def ready(self) -> None:
        from planning import checks, conf, documents, handlers  # noqa: PLC0415 - the registry comes first
        from planning.strategy import handlers as strategy_handlers  # noqa: PLC0415

        checks.connect()
        conf.connect()
        documents.connect()
        handlers.connect()
        strategy_handlers.connect()
