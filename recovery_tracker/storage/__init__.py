"""Persistence: tables, queries, audit chain, backups.

Functions take a Session first and speak domain values; every one that writes takes `by` (who) and
`at` (when) and leaves an audit event in the same transaction. May import domain and SQLAlchemy.
Instants are aware and in UTC, days are civil dates, None is "not recorded".
"""
