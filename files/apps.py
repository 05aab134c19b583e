from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"

    def ready(self) -> None:
        from files import checks, conf  # noqa: PLC0415 - the registry must be ready first

        checks.connect()
        conf.connect()
