"""What the wheel takes along from the top of the repository."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TopLevelFolders(BuildHookInterface):
    """Puts templates and migrations into the package of a wheel, where `folders` finds them.

    An editable installation runs from the checkout and gets no copies, which would grow old.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            for name in ("templates", "migrations"):
                build_data["force_include"][name] = f"recovery_tracker/{name}"
