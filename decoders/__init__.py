"""Decoders: from detector error models to corrections."""

__version__ = "0.1.0"
