"""Django's PostgreSQL backend, with the address of the private server filled in.

Django loads `<ENGINE>.base`. procrastinate asks the same method for its own
connections, so its workers reach the same server.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient

from config.database.server import Address, private_server


class EmbeddedClient(DatabaseClient):
    """`manage.py dbshell` on the private server."""

    connection: "DatabaseWrapper"

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.fill_in_address()
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the private server; starts it when it does not run yet."""

    client_class = EmbeddedClient

    def get_connection_params(self) -> dict[str, Any]:
        """psycopg's parameters, with our own options replaced by an address."""
        self.fill_in_address()
        params: dict[str, Any] = super().get_connection_params()
        params.pop("gem_data_dir", None)
        params.pop("gem_throwaway", None)
        return params

    def fill_in_address(self) -> Address:
        """Start the server if need be and put its address into the settings."""
        options = self.settings_dict["OPTIONS"]
        server = private_server(
            data_dir=options["gem_data_dir"], throwaway=options["gem_throwaway"]
        )
        address = server.ensure_running()
        self.settings_dict.update(
            HOST=address.host, PORT=str(address.port), USER=address.user
        )
        return address
