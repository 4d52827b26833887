"""The package's public names and what importing them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import decoders


def test_every_public_name_is_there() -> None:
    assert [name for name in decoders.__all__ if not hasattr(decoders, name)] == []
    assert set(decoders.__all__) <= set(dir(decoders))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'decoders' has no attribute 'bposd'"):
        decoders.bposd  # noqa: B018


def test_the_errors_have_one_root() -> None:
    assert issubclass(decoders.NotMatchable, decoders.DecodersError)
    assert issubclass(decoders.NotMatchable, ValueError)


def test_importing_the_package_imports_no_matching_library() -> None:
    code = (
        "import sys, decoders\n"
        "from decoders import DecodersError\n"
        "print([m for m in ('pymatching', 'sinter', 'matplotlib', 'stim') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
