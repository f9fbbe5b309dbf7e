/* The outbox: an entry sent by a phone is kept on it until the server has said that it is saved.

   A form takes part by <form data-outbox="action" data-user="id"> with a hidden client_id. Each entry is bound to the
   user who made it; the server records one client_id once (core/receipts.py), so sending again does no harm.
   Without IndexedDB or fetch the forms are ordinary forms. */
(() => {
  "use strict";
  const box = document.querySelector(".outbox");
  if (!box || !window.indexedDB || !window.fetch) return;

  const user = box.dataset.user;
  const say = (name) => box.dataset[name];
  const PAGES = "langsen-pages";
  const FILES = "langsen-files";
  const PATIENCE = 20000;
  const PAUSE = 30000;

  // ---- the store on this device ------------------------------------------------------------------------------------
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("langsen", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const inStore = async (mode, work) => {
    const transaction = (await opened).transaction("entries", mode);
    const request = work(transaction.objectStore("entries"));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  };
  const keep = (entry) => inStore("readwrite", (store) => store.put(entry));
  const drop = (id) => inStore("readwrite", (store) => store.delete(id));
  const mine = async () => {
    const all = await inStore("readonly", (store) => store.getAll());
    return all.filter((entry) => entry.user === user).sort((a, b) => a.typed - b.typed);
  };

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  const clock = (moment) => new Date(moment).toTimeString().slice(0, 5);

  // ---- what is said about it ---------------------------------------------------------------------------------------
  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const button = (text, action) =>
    element("button", { type: "button", className: "btn btn-outline-secondary btn-sm", textContent: text, onclick: action });
  const notice = (tone, ...children) => element("div", { className: `notice ${tone}` }, ...children);
  const signInAddress = () => `${box.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;

  const row = (entry) => {
    const words = `${entry.label} · ${say("textTyped").replace("{time}", clock(entry.typed))}`;
    const line = element("li", {}, words, entry.note ? ` · ${entry.note}` : "");
    if (entry.state === "attention") {
      line.append(" ", element("a", { href: `${entry.page}#outbox=${entry.id}`, textContent: say("textOpen") }), " ");
      line.append(button(say("textDiscard"), async () => {
        if (confirm(say("textSure"))) await drop(entry.id).then(show);
      }));
    }
    return line;
  };
  const show = async () => {
    const entries = await mine();
    const rest = [...box.children].filter((child) => child.dataset.stays);
    box.replaceChildren(...rest);
    const part = (state, tone, text, action) => {
      const chosen = entries.filter((entry) => entry.state === state);
      if (!chosen.length) return;
      const title = element("p", { className: "notice-title", textContent: say(text) });
      box.append(notice(tone, title, element("ul", {}, ...chosen.map(row)), ...(action ? [action] : [])));
    };
    part("waiting", "warn", "textKept", button(say("textSend"), () => sendAlone()));
    const link = element("a", { className: "btn btn-primary", href: signInAddress(), textContent: say("textSignInNow") });
    part("signed-out", "warn", "textSignIn", link);
    part("attention", "bad", "textAttention");
  };
  const announce = (answer, entry) => {
    const text = `${entry.label}: ${say("textSaved").replace("{time}", answer.at)} `;
    const line = notice("ok", text, element("a", { href: answer.location, textContent: say("textView") }));
    line.dataset.stays = "1";
    box.prepend(line);
  };

  // ---- sending -----------------------------------------------------------------------------------------------------
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  const post = async (entry, mode, csrf) => {
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    body.set("csrfmiddlewaretoken", csrf);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const headers = { "X-Langsen-Outbox": mode, "X-Langsen-User": entry.user };
      const response = await fetch(entry.action, { method: "POST", body, headers, signal: patience.signal });
      return { response, text: await response.text() };
    } finally {
      clearTimeout(timer);
    }
  };

  // A fresh token after a new sign-in (refused: old token, or another account), only from a page drawn for the same person.
  const freshToken = async (entry) => {
    const response = await fetch(entry.page, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (page.querySelector(".outbox")?.dataset.user !== entry.user) return null;
    return page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? null;
  };

  // Returns what became of the entry: saved, waiting, signed-out or attention (with the page the server answered).
  const deliver = async (entry, mode) => {
    try {
      let sent = await post(entry, mode, token());
      if (sent.response.status === 403 && sent.response.headers.get("X-Langsen-Reason")) {
        const fresh = await freshToken(entry);
        if (!fresh) return { state: "signed-out" };
        sent = await post(entry, mode, fresh);
      }
      const { response, text } = sent;
      if (response.headers.get("X-Langsen-Saved")) return { state: "saved", answer: JSON.parse(text) };
      if (response.status === 401 || response.redirected) return { state: "signed-out" };
      if (response.status >= 500 || response.status === 429 || response.status === 408) return { state: "waiting" };
      return { state: "attention", page: new DOMParser().parseFromString(text, "text/html") };
    } catch {
      return { state: "waiting" };
    }
  };

  const settle = async (entry, result) => {
    if (result.state === "saved") return drop(entry.id);
    entry.state = result.state;
    entry.note = result.page?.querySelector(".notice.bad li, .notice.bad .notice-title, h1")?.textContent.trim() ?? "";
    return keep(entry);
  };

  const sendAll = async () => {
    for (const entry of await mine()) {
      if (entry.state === "attention") continue;
      const result = await deliver(entry, "later");
      await settle(entry, result);
      if (result.state === "saved") announce(result.answer, entry);
      else if (result.state !== "attention") break;
    }
    await show();
  };
  // One run at a time, over all open pages; a network that comes back during a run makes one more run follow it.
  let turn = Promise.resolve();
  const inTurn = (work) => (navigator.locks ? navigator.locks.request("langsen-outbox", work) : (turn = turn.then(work)));
  let waiting = false;
  const sendAlone = async () => {
    if (waiting || !user) return;
    waiting = true;
    await inTurn(() => {
      waiting = false;
      return sendAll();
    });
  };

  // ---- forms -------------------------------------------------------------------------------------------------------
  const fieldsOf = (form, submitter) => {
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    return [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken");
  };
  const renew = (form) => {
    const field = form.querySelector("[name=client_id]");
    if (field) field.value = newId();
  };

  const redraw = (page) => {
    const main = page.querySelector("main");
    if (!main) return false;
    document.querySelector("main").replaceChildren(...main.childNodes);
    document.querySelector("main .outbox")?.replaceWith(box);
    const errors = document.querySelector("main [role=alert]");
    if (errors) errors.focus();
    window.scrollTo(0, 0);
    return true;
  };

  // The person waits: follow the answer, show the form again with its errors, or keep the entry.
  const sendNow = async (entry) => {
    const result = await deliver(entry, "now");
    if (result.state === "saved") {
      await drop(entry.id);
      location.assign(result.answer.location);
      return true;
    }
    if (result.state === "attention" && result.page.querySelector("form[data-outbox]")) {
      await drop(entry.id);
      redraw(result.page);
      return true;
    }
    await settle(entry, result);
    return false;
  };

  const submitted = async (form, submitter) => {
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const words = submitter?.textContent;
    if (submitter) submitter.textContent = say("textSending");
    const fields = fieldsOf(form, submitter);
    const entry = {
      id: form.querySelector("[name=client_id]").value,
      user,
      action: form.getAttribute("action") || location.pathname + location.search,
      page: location.pathname + location.search,
      label: document.querySelector("h1")?.textContent.trim() ?? document.title,
      typed: Date.now(),
      state: "waiting",
      fields,
    };
    try {
      await keep(entry);
    } catch {
      form.submit(); // nothing can be kept here (private window, disk full): an ordinary form then
      return;
    }
    const followed = await sendNow(entry);
    if (submitter) submitter.textContent = words;
    delete form.dataset.sending;
    if (followed) return;
    form.reset();
    renew(form);
    await show();
    window.scrollTo(0, 0);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.dataset.outbox || !user || form.dataset.user !== user) return;
    event.preventDefault();
    submitted(form, event.submitter);
  });

  // "Open and mend": put the kept entry back into its form and let the server say again what is wrong.
  const reopen = async () => {
    const wanted = /#outbox=([\w-]+)/.exec(location.hash)?.[1];
    const entry = wanted && (await mine()).find((candidate) => candidate.id === wanted);
    if (!entry) return;
    history.replaceState(null, "", location.pathname + location.search);
    await sendNow(entry);
    await show();
  };

  // ---- the recording page without a network ------------------------------------------------------------------------
  const forget = () => window.caches?.delete(PAGES);
  const rememberPage = async () => {
    if (!window.caches || !document.querySelector("form[data-outbox]")) return;
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!response.ok || response.redirected || !response.headers.get("X-Langsen-Offline")) return;
    await (await caches.open(PAGES)).put(location.href, response);
    const assets = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], img[src]")];
    const fonts = performance.getEntriesByType("resource").map((item) => item.name);
    const wanted = [...assets.map((asset) => asset.href || asset.src), ...fonts];
    const files = wanted.filter((address) => new URL(address, location).pathname.startsWith("/static/"));
    const cache = await caches.open(FILES);
    for (const file of new Set(files)) if (!(await cache.match(file))) await cache.add(file);
  };

  document.addEventListener("submit", (event) => {
    if ("signsOut" in event.target.dataset) forget();
  });

  const start = async () => {
    for (const form of document.querySelectorAll("form[data-outbox]")) renew(form);
    if (!user) return;
    if (localStorage.getItem("langsen-user") !== user) {
      forget();
      localStorage.setItem("langsen-user", user);
    }
    await show();
    await reopen();
    sendAlone();
    if (navigator.serviceWorker) {
      await navigator.serviceWorker.register("/sw.js");
      if (!navigator.serviceWorker.controller) {
        // Somebody quick opens this page while the worker is being installed by the page before: it has then claimed its
        // pages already, without this one, and is asked again.
        const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
        (await navigator.serviceWorker.ready).active.postMessage("claim");
        await taken;
      }
      await rememberPage();
      box.dataset.ready = "offline";
    }
  };
  window.addEventListener("online", sendAlone);
  window.addEventListener("hashchange", reopen); // "open and mend" of an entry made on this very page
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-outbox]")) renew(form);
  });
  setInterval(sendAlone, PAUSE);
  start().catch((error) => console.warn("outbox:", error));
})();
