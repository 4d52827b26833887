"""Secrets: where the token of an account may stand, and how it is kept out of everything that is told.

Credentials come only from Qiskit's saved accounts and from environment variables. This module imports
nothing heavy, so that the command line can scrub every message and traceback.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
from pathlib import Path

__all__ = ["account_file", "account_warning", "has_saved_account", "scrubbed"]

_HIDDEN = "…"
_VARIABLES = ("QISKIT_IBM_TOKEN", "QISKIT_IBM_API_TOKEN", "QISKIT_IBM_RUNTIME_API_TOKEN", "IBMCLOUD_API_KEY")
_PATTERNS = (
    re.compile(r"eyJ[\w-]{6,}\.[\w-]+\.[\w-]*"),
    re.compile(r"(?i)(?<=bearer )[\w.~+/-]{8,}=*"),
    re.compile(r"(?i)(?<=apikey )[\w.~+/-]{8,}=*"),
    re.compile(r"(?i)(?<=apikey=)[\w.~+/-]{8,}=*"),
)
_SHORTEST = 6


def account_file() -> Path:
    """Where Qiskit saves accounts.

    Example:
        >>> account_file().name
        'qiskit-ibm.json'
    """
    return Path.home() / ".qiskit" / "qiskit-ibm.json"


def account_warning() -> str | None:
    """One line with the command that mends it, if others can read a saved account; else None."""
    path = account_file()
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    others = stat.S_IRWXG | stat.S_IRWXO
    if os.name != "posix" or not mode & others or not _saved_tokens():
        return None
    return f"others can read your saved IBM account; mend it with: chmod 600 {shlex.quote(str(path))}"


def has_saved_account() -> bool:
    """Whether Qiskit has saved an account of this user; its client leaves an empty file where it has not."""
    return bool(_saved_tokens())


def scrubbed(text: str) -> str:
    """A text without tokens: those of the environment and of saved accounts, and whatever looks like one.

    Example:
        >>> scrubbed("401 for Authorization: Bearer abcdefgh.ijklmnop")
        '401 for Authorization: Bearer …'
    """
    for token in sorted(_tokens(), key=len, reverse=True):
        text = text.replace(token, _HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(_HIDDEN, text)
    return text


def _tokens() -> set[str]:
    given = {os.environ.get(name, "") for name in _VARIABLES}
    return {token for token in given | _saved_tokens() if len(token) >= _SHORTEST}


def _saved_tokens() -> set[str]:
    try:
        saved = json.loads(account_file().read_text(encoding="utf-8"))
        return {str(account["token"]) for account in saved.values() if account.get("token")}
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return set()
