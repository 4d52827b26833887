"""The circuits of key distribution, one protocol a file, all of one shape.

`NAME(…)` is the whole circuit of one signal, `NAME_preparation` and `NAME_measurement` are its local parts,
`NAME_SETTINGS` lists the arguments of every circuit that the protocol sends (all equally often), and
`NAME_key(…, outcomes)` says which key bits a signal gives, or None when it is sifted away.
"""
