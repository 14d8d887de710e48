"""Running the installation: settings, people, what happened, and health. No clinical data."""
