from tests.databases import database, file, fresh

__all__ = ["database", "file", "fresh"]
