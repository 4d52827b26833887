"""The version of the distribution, written once in Python (and in pyproject.toml; a test compares)."""

__all__ = ["__version__"]

__version__ = "0.1.0"
