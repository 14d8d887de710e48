"""Forms: what was typed, kept as typed, and the values it stands for."""
