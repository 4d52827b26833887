"""What the fork server imports before it makes workers."""

import pymatching  # noqa: F401

import decoders.collection._jobs
import decoders.pymatching  # noqa: F401
