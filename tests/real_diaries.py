"""Where the real diaries are; they belong to other people and are not in the repository."""

import pytest

from recovery_tracker.laboratory.real_diaries import SETTING, folder_of_diaries

FOLDER = folder_of_diaries() / "myaiguide"
ARE_HERE = (FOLDER / "participant2.csv").is_file()

needed = pytest.mark.skipif(
    not ARE_HERE, reason=f"no real diaries in {FOLDER}; {SETTING} names the folder that has them"
)
