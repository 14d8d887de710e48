"""The real application with somebody signed in, as the bench asks it for pages."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient

from recovery_tracker.storage.database import Database
from recovery_tracker.web.application import create_app
from recovery_tracker.web.auth.demo import demo_link
from recovery_tracker.web.config import Config
from tests.cli.server import hidden_fields

SECRET = "a-secret-for-the-bench-0123456789abcdef"


def signed_in(database: Database, url: str, account_id: int) -> FlaskClient:
    """A browser of this account, in a demonstration database."""
    client = create_app(Config(database_url=url, secret_key=SECRET)).test_client()
    link = urlsplit(demo_link(database, SECRET, "http://localhost", account_id)).path
    client.post(link, data=hidden_fields(client.get(link).get_data(as_text=True)))
    return client
