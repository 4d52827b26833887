"""Circuits as the quantum layer of key distribution: every raw bit is one executed shot."""

from qnet.qkd.circuit_layer.channel import CircuitChannel, circuit_channel

__all__ = ["circuit_channel", "CircuitChannel"]
