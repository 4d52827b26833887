"""The protocol circuits: functions that return plain `QuantumCircuit`s."""
