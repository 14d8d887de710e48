"""`create_app` builds the application in named steps; `load` imports all that it needs."""

from importlib import import_module
from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import IntegerConverter, Map, Rule

from ..folders import folder
from ..storage import settings
from ..storage.audit_key import use_audit_keys
from ..storage.database import Database, open_database
from . import errors
from .auth import sessions, signing_in
from .config import Config
from .shared import (
    access,
    home,
    journal,
    language,
    looking,
    pages,
    policies,
    security,
    trouble,
    watching,
)
from .shared.keys import AUDIT, derived

LARGEST_NUMBER = 2**31 - 1
"""What PostgreSQL's INTEGER holds; SQLite refuses what is over 64 bits."""

_LOADED_BY_NAME = (
    "argon2",
    "encodings.idna",
    "encodings.unicode_escape",
    "flask_security.cli",
    "jinja2.ext",
    "passlib.handlers.argon2",
    "passlib.handlers.digests",
    "passlib.handlers.sha2_crypt",
)
"""What the libraries import only once an application is made or first asked."""


def create_app(config: Config, database: Database | None = None) -> Flask:
    """The whole web application on an upgraded database; it refuses what would be unsafe."""
    if database is None:
        database = open_database(config.database_url)
    use_audit_keys([derived(one, AUDIT) for one in config.secrets])
    app = _bare_app(config, database)
    journal.init_app(app)
    pages.init_app(app)
    language.init_app(app)
    trouble.init_app(app)
    with database.read() as session:
        installation = settings.read_installation(session)
    app.extensions["recovery_installation"] = installation
    is_demo = installation.is_demo
    sessions.init_app(app, database, config, is_demo=is_demo)
    security.init_app(app, config)
    app.before_request(access.check_request)
    looking.init_app(app)
    signing_in.init_app(app, database, config)
    _register(app, is_demo=is_demo)
    watching.init_app(app, config)
    errors.init_app(app)
    policies.gather(app, signing_in.POLICIES)
    return app


class RowNumber(IntegerConverter):
    """A number in an address that a row may have; a larger one is no address of ours."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_NUMBER)


class Address(Rule):
    """An address whose builders are compiled once somebody asks for a link to it: to compile
    those of all addresses takes longer than everything else of making an application.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        compiled = super()._compile_builder
        made: list[Any] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compiled(append_unknown))
            built: tuple[str, str] = made[0](rule, **values)
            return built

        return build


def _bare_app(config: Config, database: Database) -> Flask:
    app = Flask("recovery_tracker.web", template_folder=str(folder("templates")))
    app.url_map.converters["int"] = RowNumber
    app.url_rule_class = Address
    app.config.update(TESTING=config.testing, DEBUG=config.debug, PROPAGATE_FAILURES=False)
    # Tests see our error pages too; a test that wants the traceback reads the log.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["recovery_config"] = config
    app.extensions["recovery_database"] = database
    return app


def load() -> None:
    """Imports what an application and its pages need, and makes and opens nothing."""
    _blueprints(is_demo=True)
    for name in _LOADED_BY_NAME:
        import_module(name)


def _register(app: Flask, *, is_demo: bool) -> None:
    """Register every blueprint; one that cannot be imported stops the program."""
    from .auth import resubmission
    from .shared import pictures

    home.init_app(app)
    resubmission.init_app(app)
    pictures.init_app(app)
    for blueprint in _blueprints(is_demo=is_demo):
        app.register_blueprint(blueprint)


def _blueprints(*, is_demo: bool) -> list[Blueprint]:
    from . import admin, clinician, patient
    from .admin import desk
    from .admin import events as admin_events
    from .auth import account, demo, resubmission, setup
    from .patient import visit
    from .shared import choosing_language, offline, report

    modules = (
        setup,
        account,
        admin,
        admin_events,
        resubmission,
        patient,
        clinician,
        report,
        offline,
        visit,
        desk,
        choosing_language,
        *((demo,) if is_demo else ()),
    )
    return [module.blueprint for module in modules]
