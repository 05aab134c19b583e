from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"

    def ready(self) -> None:
        from project import language_models  # noqa: PLC0415 - the settings come first

        language_models.connect()
