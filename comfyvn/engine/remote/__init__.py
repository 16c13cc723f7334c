"""The shared cache of results, on any URL that fsspec knows.

How a build uses it, beside the run of a plan:

    cache = SharedCache(url, mode="write", salt=salt)   # asks nothing of the network yet
    shared = StoreCache(store, cache)
    shared.pull(name, sources)        # a build's small results; `name` is a digest: the plan's
    Run(…, shared=shared).run(…)      # fetches and publishes what is dear, step by step
    shared.push(name, steps, root, sources)
    findings += shared.close(progress)    # waits for uploads; says what went wrong, if anything

After an interruption, `shared.abandon()` instead of `close`. `SharedCache` alone knows no store:
`fetch`, `fetch_many`, `fetch_blobs`, `publish`, `get_pack`, `put_pack`, `close`, `findings`, from
any thread. Every call blocks for a bounded time and raises nothing for a cache that fails.
"""

from comfyvn.engine.remote.cache import Mode, Progress, SharedCache
from comfyvn.engine.remote.health import Patience
from comfyvn.engine.remote.stored import StoreCache
from comfyvn.engine.remote.wire import Pack

__all__ = ["Mode", "Pack", "Patience", "Progress", "SharedCache", "StoreCache"]
