"""The commands about submitted jobs."""
