"""Where Matplotlib keeps its list of fonts when a command draws."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from platformdirs import user_cache_path


def cache_matplotlib() -> None:
    """Matplotlib, imported later, keeps its list of fonts in a folder of ours.

    It then reads no settings of the user's own, which would change the charts. Where the user's
    cache folder cannot be written, the folder is a temporary one, removed by the process that made
    it and by no other.
    """
    if "MPLCONFIGDIR" in os.environ:
        return
    folder = user_cache_path("recovery-tracker") / "matplotlib"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        folder, owner = Path(tempfile.mkdtemp(prefix="recovery-tracker-")), os.getpid()
        atexit.register(_remove, folder, owner)
    os.environ["MPLCONFIGDIR"] = str(folder)


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
