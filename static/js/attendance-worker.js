/* A service worker for one thing: a leader opens a list that he put on the phone before,
   in a room without a connection. It answers from what the page kept, and only when the
   network does not answer; it keeps nothing by itself. */
"use strict";

const SHEETS = "gem-attendance";
const SHELL = "gem-shell";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (["style", "script", "font", "image"].includes(request.destination)) {
    event.respondWith(part(request));
  }
});

/* The page from the network; without it the list that was kept, or a way to it. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (fault) {
    const kept = await sheets();
    const path = new URL(request.url).pathname;
    if (kept.has(path)) return kept.get(path);
    const [other] = kept.keys();
    if (other) return Response.redirect(other, 302);
    throw fault;
  }
}

/* What is kept and may still be: by path. What is too old goes. */
async function sheets() {
  const found = new Map();
  if (!(await caches.has(SHEETS))) return found;
  const cache = await caches.open(SHEETS);
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    if (Date.parse(answer.headers.get("X-Gem-Until")) < Date.now()) {
      await cache.delete(request);
    } else if (answer.headers.get("X-Gem-Kind") === "page") {
      found.set(new URL(request.url).pathname, answer);
    }
  }
  return found;
}

/* Style, script and font of the page: from the network, else as they were kept. */
async function part(request) {
  try {
    return await fetch(request);
  } catch (fault) {
    const kept = await caches.match(request, { cacheName: SHELL });
    if (kept) return kept;
    throw fault;
  }
}
