"""`remind`: the reminders and messages to staff that are due, for cron."""

from collections import Counter
from time import monotonic

import click

from ..domain.errors import RecoveryError
from ..domain.reminders import Delivery
from .options import database_option, default_database, secret_folder
from .serving import port_option, public_url

REMINDERS_FOR = 8 * 60
"""Seconds of a run after which no further reminder is begun: `remind` runs every ten minutes, a
timer starts no second one beside it, and each begins with what is urgent. Our default."""


@click.command()
@click.option("--dry-run", is_flag=True, help="Say how many are due, and why others are not.")
@port_option
@database_option
def remind(dry_run: bool, port: int, database_url: str | None) -> None:
    """Send the reminders and the messages to staff that are due now; run it every ten minutes
    from cron.

    It may run as often as you like: nobody gets two for the same day or flag. Before the diary is
    set up there is nothing to send. `--port` is that of `run`, for links that work on this
    computer only.
    """
    from ..services.alerts import note_run
    from ..storage.upgrade import require_current
    from ..web.application import create_app
    from ..web.config import Config, utc_now
    from ..web.secret_file import secrets_in_use
    from ..web.shared.alerting import alert, is_mail_wanted
    from ..web.shared.hook import tell_system
    from ..web.shared.reminding import NO_SERVER, is_set_up, require_open
    from ..web.shared.reminding import remind as send

    url = database_url or default_database()
    require_current(url)
    newest, *older = secrets_in_use(secret_folder(url))
    config = Config.from_environment(
        database_url=url, secret_key=newest, older_secrets=tuple(older), port=port
    )
    app = create_app(config)
    began = monotonic()
    try:
        base = public_url(config, config.host, port)
        now = utc_now()
        if not is_set_up(app):
            click.echo("Nothing to send: the diary is not set up yet.")
            return
        require_open(app)
        # What is urgent waits for no reminder; receivers of the webhook refuse an old signature.
        outcomes: Counter[Delivery] = Counter()
        if config.hook is not None:
            outcomes += tell_system(app, config.hook, base=base, now=now, dry_run=dry_run)
        outcomes += alert(app, config.mail, base=base, now=now, dry_run=dry_run)
        until = began + REMINDERS_FOR
        done = send(app, config.mail, base=base, now=utc_now(), dry_run=dry_run, until=until)
        lacks_server = done.not_due[NO_SERVER] or (config.mail is None and is_mail_wanted(app))
        outcomes += done.outcomes
        if not dry_run:
            note_run(app.extensions["recovery_database"], "remind", at=now)
    finally:
        app.extensions["recovery_database"].close()
    _say(outcomes, done.not_due, lacks_server=bool(lacks_server), dry_run=dry_run)


def _say(
    outcomes: Counter[Delivery],
    not_due: Counter[str],
    *,
    lacks_server: bool,
    dry_run: bool,
) -> None:
    """One line for what was sent.

    Raises:
        RecoveryError: what somebody has to look after.
    """
    verb = "Would send" if dry_run else "Sent"
    reasons = ", ".join(f"{count} {why}" for why, count in sorted(not_due.items()))
    click.echo(f"{verb} {outcomes[Delivery.SENT]}." + (f" Not due: {reasons}." * bool(reasons)))
    if missed := outcomes[Delivery.FAILED]:
        raise RecoveryError(f"{missed} could not be sent; the next run tries again")
    if lacks_server:
        raise RecoveryError(
            "e-mail is asked for and no mail server is set; RECOVERY_TRACKER_SMTP_HOST names it "
            "(docs/reminders.md)"
        )
    if unsure := outcomes[Delivery.UNSURE]:
        raise RecoveryError(
            f"{unsure} may or may not have arrived: the server fell silent. They are not sent again"
        )
