"""The commands about error-tolerant repeaters."""
