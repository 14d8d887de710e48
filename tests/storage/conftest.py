from tests.databases import database, empty_file, file

__all__ = ["database", "empty_file", "file"]
