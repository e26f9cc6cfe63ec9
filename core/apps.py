from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The room `core/`."""

    name = "core"

    def ready(self) -> None:
        """Have JSON from the database read by the quicker reader."""
        import orjson
        from psycopg.types.json import set_json_loads

        set_json_loads(orjson.loads)
