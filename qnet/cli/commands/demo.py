"""`qnet demo`: the main job."""

from __future__ import annotations

import typer

__all__ = ["demo"]


def demo(context: typer.Context) -> None:
    """Show."""
