"""The commands about key distribution."""
