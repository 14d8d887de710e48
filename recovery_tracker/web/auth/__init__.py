"""Accounts: set-up, invitations, signing in and staying signed in, passwords and second steps."""
