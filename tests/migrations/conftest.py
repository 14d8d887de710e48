from tests.databases import database, file

__all__ = ["database", "file"]
