"""`gpserverless`: the command, and the groups of its subcommands."""

from __future__ import annotations

import sys

from gpserverless.errors import GPServerlessError, InvalidValue


def main() -> None:
    """Run the command line. An error is one line, and status 1."""
    try:
        import typer
    except ImportError:
        sys.exit("The command line needs more packages: pip install 'gpserverless[cli]'")

    from gpserverless.cli.users import users

    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.add_typer(users, name="users")

    @app.callback()
    def describe() -> None:
        """Administer a site of GPServerless."""

    try:
        app()
    except GPServerlessError as error:
        sys.exit(f"Error: {error}{_tell_accepted(error)}")


def _tell_accepted(error: GPServerlessError) -> str:
    return f" (accepted: {error.accepted})" if isinstance(error, InvalidValue) and error.accepted else ""
