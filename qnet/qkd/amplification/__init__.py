"""Privacy amplification: a shorter key that an eavesdropper knows nothing of."""

from qnet.qkd.amplification.engines import ENGINES, best_engine
from qnet.qkd.amplification.toeplitz import seed_length, toeplitz_hash

__all__ = ["toeplitz_hash", "seed_length", "ENGINES", "best_engine"]
