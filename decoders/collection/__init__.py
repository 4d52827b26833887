"""Sample and decode at scale: `collect` over any executor."""

from decoders.collection.collect import collect
from decoders.collection.errors import CollectionError, NotSaved, WorkerLost
from decoders.collection.pools import process_pool
from decoders.collection.progress import Progress

__all__ = ["collect", "process_pool", "Progress", "CollectionError", "WorkerLost", "NotSaved"]
