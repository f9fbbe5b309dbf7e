/* The arena opens again without a network: its page, look and script are kept; answers are kept by the page itself. */
"use strict";
const KEPT = "thi-VERSION";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) =>
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.indexOf("thi-") === 0 && name !== KEPT).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  )
);
const keep = (request, response) => {
  if (response.ok && !response.redirected) {
    const copy = response.clone();
    caches.open(KEPT).then((cache) => cache.put(request, copy));
  }
  return response;
};
self.addEventListener("message", (event) => {
  const own = event.data.filter((address) => new URL(address, self.location.href).pathname.indexOf("/thi/") === 0);
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(own)));
});
const kept = (request) => caches.match(request, { ignoreVary: true });
const PAGE = /^\/thi\/[^/]+\/$/;

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (path.indexOf("/thi/assets/") === 0) {
    event.respondWith(kept(request).then((found) => found || fetch(request).then((response) => keep(request, response))));
  } else if (request.mode === "navigate" && PAGE.test(path)) {
    event.respondWith(
      fetch(request).then(
        (response) => keep(request, response),
        (failed) => kept(request).then((found) => found || Promise.reject(failed))
      )
    );
  }
});
