"""Forms about accounts and about the installation they belong to."""
