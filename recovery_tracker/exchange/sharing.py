"""Who does the parts of a large piece of work: this machine's processes, or Dask's workers.

Either way the answers are the same and come in the order of the parts.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from ..domain.errors import RecoveryError
from .processes import processors, shared_out

Part = TypeVar("Part")
Done = TypeVar("Done")

#: Until a scheduler that says nothing counts as not there: our default.
CONNECT_SECONDS = 10


class Sharing(Protocol):
    """Shares out the work on parts and gives back each one's answer, in their order."""

    def __call__(
        self, work: Callable[[Part], Done], parts: Sequence[Part], /
    ) -> Iterator[Done]: ...


def on_this_machine(work: Callable[[Part], Done], parts: Sequence[Part]) -> Iterator[Done]:
    """A process for each processor."""
    return shared_out(lambda place: work(parts[place]), len(parts), processors())


def on_dask(address: str) -> Sharing:
    """The workers of a Dask scheduler, which have the same program and see the same files.

    What a worker did not finish before it was lost, another one does.
    """

    def share(work: Callable[[Part], Done], parts: Sequence[Part]) -> Iterator[Done]:
        try:
            from distributed import Client
        except ImportError as error:
            raise RecoveryError(
                '--scheduler needs Dask: pip install "recovery-tracker[registry]"'
            ) from error
        try:
            client: Any = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        except OSError as error:
            raise RecoveryError(f"{address}: no scheduler answers") from error
        with client:
            for future in client.map(work, parts, pure=False):
                yield future.result()

    return share
