"""What every page stands on: who is asking and what they may, language, clock, rendering."""
