"""What `qnet demo` does: the same circuits on several samplers, and an error-corrected memory."""
