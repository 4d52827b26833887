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
        "heavy = ('pymatching', 'sinter', 'matplotlib', 'stim', 'numba', 'ldpc')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loops_are_compiled_where_no_cache_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    import numba

    from decoders import _jit

    def without_a_place(**options: bool) -> object:
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(**options)

    monkeypatch.setattr(_jit, "njit", without_a_place)
    doubled = _jit.compiled(lambda x: 2 * x)
    assert doubled(21) == 42
    assert hasattr(doubled, "py_func")
