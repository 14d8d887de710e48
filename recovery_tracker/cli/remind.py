"""`remind`: the reminders and messages to staff that are due, for cron."""

import click

from ..domain.errors import RecoveryError
from ..domain.reminders import Delivery
from .options import database_option, default_database, secret_folder
from .serving import port_option, public_url


@click.command()
@click.option("--dry-run", is_flag=True, help="Say how many are due, and why others are not.")
@port_option
@database_option
def remind(dry_run: bool, port: int, database_url: str | None) -> None:
    """Send the reminders and the messages to staff that are due now; run it every ten minutes
    from cron.

    Run as often as you like: nobody gets two for one day or one flag. `--port` is
    the one of `run`, for links that only work on this computer.
    """
    from ..services.alerts import note_run
    from ..storage.upgrade import require_current
    from ..web import create_app
    from ..web.config import Config, secrets_in
    from ..web.shared.alerting import alert, is_wanted
    from ..web.shared.clock import utc_now
    from ..web.shared.hook import tell_system
    from ..web.shared.reminding import NO_SERVER
    from ..web.shared.reminding import remind as send

    url = database_url or default_database()
    require_current(url)
    newest, *older = secrets_in(secret_folder(url))
    config = Config.from_environment(
        database_url=url, secret_key=newest, older_secrets=tuple(older), port=port
    )
    app = create_app(config)
    try:
        base = public_url(config, config.host, port)
        now = utc_now()
        done = send(app, config.mail, base=base, now=now, dry_run=dry_run)
        told = alert(app, config.mail, base=base, now=now, dry_run=dry_run) if config.mail else {}
        lacks_server = done.not_due[NO_SERVER] or (config.mail is None and is_wanted(app))
        done.outcomes.update(told)
        if config.hook is not None:
            # The letters may have taken minutes, and receivers refuse an old signature.
            at = utc_now()
            done.outcomes.update(tell_system(app, config.hook, base=base, now=at, dry_run=dry_run))
        if not dry_run:
            note_run(app.extensions["recovery_database"], "remind", at=now)
    finally:
        app.extensions["recovery_database"].close()
    verb = "Would send" if dry_run else "Sent"
    reasons = ", ".join(f"{count} {why}" for why, count in sorted(done.not_due.items()))
    click.echo(
        f"{verb} {done.outcomes[Delivery.SENT]}." + (f" Not due: {reasons}." * bool(reasons))
    )
    if missed := done.outcomes[Delivery.FAILED]:
        raise RecoveryError(f"{missed} could not be sent; the next run tries again")
    if lacks_server:
        raise RecoveryError(
            "e-mail is asked for and no mail server is set; RECOVERY_TRACKER_SMTP_HOST names it "
            "(docs/reminders.md)"
        )
    if unsure := done.outcomes[Delivery.UNSURE]:
        raise RecoveryError(
            f"{unsure} may or may not have arrived: the server fell silent. They are not sent again"
        )
