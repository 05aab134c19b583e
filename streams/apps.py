from importlib import import_module

from django.apps import AppConfig
from django.db import connection


class StreamsConfig(AppConfig):
    name = "streams"

    def ready(self) -> None:
        from streams import checks, conf, hub  # noqa: PLC0415 - the registry must be ready first

        import_module("streams.manager.events")  # every kind of event is known from the start
        checks.connect()
        conf.connect()
        if connection.vendor == "postgresql":
            from streams.hubs.postgres import PostgresHub  # noqa: PLC0415 - it needs psycopg

            hub.local = PostgresHub()
