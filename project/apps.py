from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"

    def ready(self) -> None:
        from project import language_models, monitoring, own_agents  # noqa: PLC0415 - the settings come first

        language_models.connect()
        own_agents.connect()
        monitoring.connect()
