"""Key distribution: how much of a key is secret, and the sessions that make it."""
