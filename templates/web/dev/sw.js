// In place of the worker that keeps a story for playing offline: takes away what an earlier one
// at this address kept, so that every page is the newest, and then itself.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    await self.registration.unregister();
  })());
});
