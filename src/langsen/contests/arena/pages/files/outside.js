/* All that reaches beyond this page: the server, the phone's shelf, the worker. `preview.js` stands in for it. */
const contestPage = (rest) => "/cuoc-thi/" + app.slug + "/" + (rest || "");

// Resolves to {ok, status, body}; rejects when the connection failed.
const reach = (path, body) => {
  const request = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : {};
  request.credentials = "same-origin";
  request.cache = "no-store";
  return fetch("/thi/api/" + path, request).then((response) =>
    response.json().then(
      (found) => ({ ok: response.ok, status: response.status, body: found }),
      () => ({ ok: false, status: response.ok ? 0 : response.status, body: {} })
    )
  );
};

// While the page goes away; nobody hears the answer.
const reachLeaving = (path, body) => {
  if (!navigator.sendBeacon) return;
  try {
    navigator.sendBeacon("/thi/api/" + path, new Blob([JSON.stringify(body)], { type: "application/json" }));
  } catch (refused) {
    // some browsers of 2017 to 2020 send no JSON this way
  }
};

const openShelf = () => {
  try {
    localStorage.setItem("thi:test", "1");
    localStorage.removeItem("thi:test");
    return localStorage;
  } catch (refused) {
    return null; // private windows of old phones: the paper then lives as long as the page
  }
};

// This page then opens without a network.
const keepThisPage = () => {
  if (!("serviceWorker" in navigator)) return;
  const files = Array.prototype.map.call(document.querySelectorAll("script, link"), (one) => one.src || one.href);
  navigator.serviceWorker
    .register("/thi/assets/sw.js", { scope: "/thi/" })
    .then(() => navigator.serviceWorker.ready)
    .then((registration) => registration.active.postMessage([location.pathname].concat(files)))
    .catch(() => {});
};

