// Keeps the whole game for playing offline. `$version` names this build; files whose names hold
// their digest are kept across builds, the rest belong to one.
const VERSION = "$version";
const CODE = `$game-code-$${VERSION}`;
const KEPT = "$game-kept";
const code = $code_files;
const kept = $kept_files;
// Pictures that are here twice, and as AVIF: one of the two is enough.
const avif = $avif;
// Fetched whole, and only when they are to be heard.
const voices = $voice_files;
const all = new Set([...kept, ...voices].map((file) => new URL(file, self.registration.scope).href));

// A page that is open goes on with the code it began with.
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CODE).then((cache) => cache.addAll(code)).then(() => self.registration.active || self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("$game-code-") && name !== CODE) await caches.delete(name);
    }
    const cache = await caches.open(KEPT);
    for (const request of await cache.keys()) if (!all.has(request.url)) await cache.delete(request);
    await self.clients.claim();
    fill();
  })());
});

// One file after another, so that reading never waits for what is not read yet.
async function fill() {
  const cache = await caches.open(KEPT);
  const spare = new Set((await showsAvif()) ? Object.keys(avif) : Object.values(avif));
  for (const file of kept) {
    if (spare.has(file)) continue;
    try {
      if (!(await cache.match(file))) await cache.add(file);
    } catch {
      return;
    }
  }
  for (const client of await self.clients.matchAll()) client.postMessage("offline");
}

async function showsAvif() {
  try {
    await createImageBitmap(await (await fetch("$probe")).blob());
    return true;
  } catch {
    return false;
  }
}

self.addEventListener("message", (event) => event.waitUntil(fill()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  event.respondWith((async () => {
    const page = request.mode === "navigate";
    const found = await caches.match(page ? "./" : request, { ignoreSearch: page, ignoreVary: true });
    if (page) return fetch(request).catch(() => found ?? Response.error());
    if (found) return ranged(request, found);
    const response = await fetch(request);
    if (response.status === 200 && all.has(url.href)) {
      const copy = response.clone();
      event.waitUntil(caches.open(KEPT).then((cache) => cache.put(request, copy)));
    }
    return response;
  })());
});

// Media elements ask for a part of a file and want a part.
async function ranged(request, response) {
  const range = /^bytes=(\d+)-(\d*)$$/.exec(request.headers.get("range") ?? "");
  if (!range) return response;
  const data = await response.blob();
  const start = Number(range[1]);
  const end = range[2] ? Math.min(Number(range[2]), data.size - 1) : data.size - 1;
  return new Response(data.slice(start, end + 1), {
    status: 206,
    headers: { "Content-Type": data.type, "Content-Length": String(end - start + 1), "Content-Range": `bytes $${start}-$${end}/$${data.size}` },
  });
}
