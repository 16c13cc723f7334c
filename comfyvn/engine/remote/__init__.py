"""The shared cache of results, on any URL that fsspec knows.

How the executor uses it:

    cache = SharedCache(url, mode="write", salt=salt)     # asks nothing of the network yet
    pack = cache.get_pack(plan_digest)                    # a build's small results, or None
    result = cache.fetch(key)                             # or fetch_many(keys): in parallel
    missing = cache.fetch_blobs({digest: size, …}, keep)  # keep(digest, bytes), in this thread
    …                                                      # anything missing: run the step
    cache.publish(key, result, {digest: read, …})          # in the background; nothing in read mode
    cache.put_pack(plan_digest, Pack(records, blobs))
    cache.close(progress)                                  # waits for uploads
    findings += cache.findings                             # what went wrong, at most two

`Result` is the local store's. A fetched result has no `inputs`, and its names are to be compared
with the step's outputs. All calls may come from any thread, block for a bounded time, and raise
nothing for a cache that fails.
"""

from comfyvn.engine.remote.cache import Mode, Progress, SharedCache
from comfyvn.engine.remote.health import Patience
from comfyvn.engine.remote.wire import Pack

__all__ = ["Mode", "Pack", "Patience", "Progress", "SharedCache"]
