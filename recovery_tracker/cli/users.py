"""`user`: accounts, for the person who runs the installation."""

import click

from ..domain.people import Role
from .options import BY_COMMAND, database_option, opened
from .terminal import printable

_url_option = click.option(
    "--url",
    "base",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="The address under which people reach the diary.",
)


@click.group()
def user() -> None:
    """Accounts: invite, list, reset, disable. No command shows or sets a password."""


@user.command()
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice([Role.PATIENT.value, Role.CLINICIAN.value, Role.ADMINISTRATOR.value]),
    required=True,
)
@click.option("--patient", metavar="ID", help="For a patient: whose diary the account opens.")
@_url_option
@database_option
def invite(name: str, role: str, patient: str | None, base: str, database_url: str | None) -> None:
    """Print a link that makes one account for NAME; it works once."""
    from ..web.auth.invitations import invite as make_invitation
    from ..web.config import utc_now
    from .patients import the_patient

    if (role == Role.PATIENT) != (patient is not None):
        raise click.UsageError("--patient ID goes with --role patient, and only with it.")
    with opened(database_url) as database:
        patient_id = None if patient is None else the_patient(database, patient).id
        link = make_invitation(
            database,
            base,
            role=Role(role),
            name=name,
            patient_id=patient_id,
            by=BY_COMMAND,
            at=utc_now(),
        )
    click.echo(link)


@user.command("list")
@database_option
def list_(database_url: str | None) -> None:
    """List every account: sign-in name, role, name, whether it works."""
    from ..storage import accounts

    with opened(database_url) as database, database.read() as session:
        for account in accounts.all_accounts(session):
            state = "active" if account.active else "disabled"
            name = printable(" ".join(account.name.split()))
            click.echo(f"{account.login}\t{account.role.value}\t{name}\t{state}")


@user.command()
@click.argument("login")
@click.option(
    "--second-step",
    is_flag=True,
    help="Take away the second step, its recovery codes and passkeys; the password stays.",
)
@_url_option
@database_option
def reset(login: str, second_step: bool, base: str, database_url: str | None) -> None:
    """Print a link with which the owner of LOGIN chooses a new password; it works once."""
    from .. import services
    from ..web.auth.invitations import offer_new_password
    from ..web.config import utc_now
    from .patients import the_account

    with opened(database_url) as database:
        account = the_account(database, login)
        if second_step:
            services.accounts.clear_second_step(database, account.id, by=BY_COMMAND, at=utc_now())
            click.echo(f"{login} signs in with the password and sets up a new second step.")
            return
        click.echo(offer_new_password(database, base, account, by=BY_COMMAND, at=utc_now()))


@user.command()
@click.argument("login")
@click.option("--undo", is_flag=True, help="Let the account work again.")
@database_option
def disable(login: str, undo: bool, database_url: str | None) -> None:
    """End every session of LOGIN and stop it from signing in."""
    from ..services.accounts import set_active
    from ..web.config import utc_now
    from .patients import the_account

    with opened(database_url) as database:
        account = the_account(database, login)
        set_active(database, account.id, undo, by=BY_COMMAND, at=utc_now())
    click.echo(f"{login} is {'active' if undo else 'disabled'}.")
