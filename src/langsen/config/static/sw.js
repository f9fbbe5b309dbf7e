/* The recording pages open again without a network. Network first, always; the store is filled by outbox.js with the
   pages that say they may be kept and the files they need. No other page is ever kept. */
"use strict";
const PAGES = "langsen-pages";
const FILES = "langsen-files";
const OFFLINE = "/ngoai-mang/";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.add(OFFLINE)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data === "claim") event.waitUntil(self.clients.claim());
});

const kept = async (name, request) => (await caches.open(name)).match(request, { ignoreVary: true });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await kept(FILES, request)) ?? Response.error()));
  } else if (request.mode === "navigate") {
    event.respondWith(
      fetch(request).catch(
        async () => (await kept(PAGES, request)) ?? (await kept(FILES, OFFLINE)) ?? Response.error(),
      ),
    );
  }
});
