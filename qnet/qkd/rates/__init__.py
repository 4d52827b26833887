"""Key rates: one file a protocol, one shape."""
