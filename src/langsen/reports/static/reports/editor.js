/* A section as rich text with number chips. Without this file the same text is edited in its textarea.

   One line is one block: `## ` a heading, `- ` an item; `**bold**`, `*italic*`; `{shown|code@UNIT:form}` a number.
   What a person types, composes (Telex, VNI) and undoes is the browser's own; chips are only put in and read out. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const area = form.querySelector("textarea[name=body]");
  const words = form.dataset;
  const LINE = /^(## |- )?(.*)$/s;
  const PIECE = /\{(?:([^{}|]*)\|)?([^{}|]+)\}|\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)|\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)/g;
  const KINDS = { "## ": "head", "- ": "item" };
  const OPENING = /^\s*\[.*\]\.?\s*$/; // only says what is to be written
  const MARKS = { B: "**", STRONG: "**", I: "*", EM: "*" };
  const KEPT = "text/x-langsen";

  const made = (name, properties = {}) => Object.assign(document.createElement(name), properties);

  // --- text to blocks ---
  const keyOf = (token) => token.split(":")[0];
  const factOf = (token) =>
    [...document.querySelectorAll("details[data-number]")].find((fact) => fact.dataset.number === keyOf(token));
  const chip = (shown, token) => {
    const node = made("span", { className: "bound", textContent: shown || token, tabIndex: 0 });
    node.contentEditable = "false";
    node.dataset.token = token;
    const fact = factOf(token);
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", `${node.textContent}: ${fact?.dataset.name ?? words.number}`);
    if (fact?.dataset.changed) {
      node.classList.add("stale");
      node.title = fact.dataset.changed;
    } else node.title = fact?.dataset.name ?? "";
    return node;
  };
  const inline = (text) => {
    const nodes = [];
    let last = 0;
    for (const found of text.matchAll(PIECE)) {
      if (found.index > last) nodes.push(text.slice(last, found.index));
      const [, shown, token, bold, italic] = found;
      if (token) nodes.push(chip(shown, token));
      else {
        const mark = made(bold ? "b" : "i");
        mark.append(...inline(bold ?? italic));
        nodes.push(mark);
      }
      last = found.index + found[0].length;
    }
    if (last < text.length) nodes.push(text.slice(last));
    return nodes;
  };
  const block = (line) => {
    const [, kind, rest] = LINE.exec(line);
    const node = made("p", { className: KINDS[kind] ?? (OPENING.test(rest) ? "opening" : "") });
    node.append(...inline(rest));
    if (!node.hasChildNodes()) node.append(made("br"));
    return node;
  };

  // --- blocks to text ---
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[\u200b\n]/g, "").replace(/\u00a0/g, " ");
    if (node.dataset?.token) return `{${node.textContent}|${node.dataset.token}}`;
    if (node.nodeName === "BR") return node.nextSibling ? "\n" : "";
    const inside = [...node.childNodes].map(read).join("");
    const mark = MARKS[node.nodeName];
    if (!mark || !inside.trim()) return inside;
    const [, before, core, after] = /^(\s*)(.*?)(\s*)$/s.exec(inside);
    return before + mark + core + mark + after;
  };
  const prefix = (node) => ({ head: "## ", item: "- " })[node.className] ?? "";
  const written = (root) => {
    const lines = [];
    for (const node of root.childNodes) {
      const text = read(node).trimEnd();
      for (const line of text.split("\n")) lines.push(line.trim() ? prefix(node) + line : "");
    }
    return lines.join("\n").replace(/\n+$/, "");
  };

  // --- the editor in the textarea's place ---
  const rich = made("div", { className: "rich", spellcheck: false });
  rich.contentEditable = "true";
  for (const [name, value] of [["role", "textbox"], ["aria-multiline", "true"], ["aria-label", words.label], ["lang", "vi"]]) {
    rich.setAttribute(name, value);
  }
  rich.append(...area.value.split(/\r?\n/).map(block));
  area.hidden = true;
  area.labels[0]?.setAttribute("hidden", "");
  area.after(rich);
  form.classList.add("with-rich");
  document.execCommand("defaultParagraphSeparator", false, "p");
  document.execCommand("styleWithCSS", false, false);

  // A number typed by hand is underlined while it is there; the panel names it in words.
  const loose = JSON.parse(document.getElementById("loose-numbers")?.textContent ?? "[]");
  const underline = () => {
    if (!globalThis.Highlight || !loose.length) return;
    const ranges = [];
    const walker = document.createTreeWalker(rich, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest(".bound")) continue;
      for (const number of new Set(loose)) {
        for (let at = node.data.indexOf(number); at >= 0; at = node.data.indexOf(number, at + number.length)) {
          if (/\d[.,]?$/.test(node.data.slice(0, at))) continue;
          if (/^[.,]?\d/.test(node.data.slice(at + number.length))) continue;
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + number.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("loose", new Highlight(...ranges));
  };
  underline();

  const here = () => {
    const selection = getSelection();
    const node = selection.rangeCount ? selection.getRangeAt(0).startContainer : null;
    const inside = node && rich.contains(node) && node !== rich;
    return inside ? [...rich.children].find((child) => child.contains(node)) : null;
  };
  rich.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const now = here();
    if (now?.className === "head" && event.inputType === "insertParagraph" && !now.textContent) now.className = "";
    if (now?.className === "opening" && !OPENING.test(now.textContent)) now.className = "";
    underline();
  });
  rich.addEventListener("compositionend", underline);

  // Text from elsewhere comes in plain; what was copied here keeps its numbers.
  const put = (text) => {
    text.replace(/\r/g, "").split("\n").forEach((line, place) => {
      if (place) document.execCommand("insertParagraph");
      for (const node of inline(line)) {
        if (node.dataset?.token) putChip(node.textContent, node.dataset.token);
        else document.execCommand("insertText", false, node.textContent ?? node);
      }
    });
  };
  rich.addEventListener("paste", (event) => {
    event.preventDefault();
    put(event.clipboardData.getData(KEPT) || event.clipboardData.getData("text/plain").replace(/[{}]/g, ""));
  });
  rich.addEventListener("drop", (event) => event.preventDefault());
  for (const name of ["copy", "cut"]) {
    rich.addEventListener(name, (event) => {
      const selection = getSelection();
      const box = made("div");
      box.append(selection.getRangeAt(0).cloneContents());
      if (!box.querySelector("p")) box.replaceChildren(Object.assign(made("p"), { innerHTML: box.innerHTML }));
      event.clipboardData.setData(KEPT, written(box));
      event.clipboardData.setData("text/plain", selection.toString());
      event.preventDefault();
      if (name === "cut") document.execCommand("delete");
    });
  }

  // --- chips open their facts ---
  const open = (token) => {
    const fact = factOf(token);
    if (!fact) return;
    for (const other of document.querySelectorAll("details[data-number]")) other.open = other === fact;
    fact.querySelector("summary").focus();
    fact.scrollIntoView({ block: "nearest" });
  };
  rich.addEventListener("click", (event) => {
    const token = event.target.closest(".bound")?.dataset.token;
    if (token) open(token);
  });
  rich.addEventListener("keydown", (event) => {
    if (!event.target.matches(".bound") || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    open(event.target.dataset.token);
  });

  // --- the bar: heading, item, bold, italic, number ---
  let place = null;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.rangeCount && rich.contains(selection.anchorNode)) place = selection.getRangeAt(0).cloneRange();
  });
  const back = () => {
    rich.focus();
    const selection = getSelection();
    if (place) {
      selection.removeAllRanges();
      selection.addRange(place);
    } else {
      selection.selectAllChildren(rich.lastElementChild ?? rich);
      selection.collapseToEnd();
    }
  };
  const DEEDS = {
    bold: () => document.execCommand("bold"),
    italic: () => document.execCommand("italic"),
    head: () => shape("head"),
    item: () => shape("item"),
  };
  const shape = (kind) => {
    const now = here();
    if (now) now.className = now.className === kind ? "" : kind;
  };
  const dialog = form.querySelector("dialog");
  const insert = form.querySelector("[data-insert]");
  const refusal = insert.querySelector("[data-refusal]");
  dialog.append(insert);
  for (const button of form.querySelectorAll("[data-deed]")) {
    button.hidden = false;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (button.dataset.deed === "number") {
        refusal.textContent = "";
        dialog.showModal();
        return;
      }
      back();
      DEEDS[button.dataset.deed]();
    });
  }
  const send = insert.querySelector("button[value=insert]");
  send.type = "button";
  insert.querySelector("[data-close]").hidden = false;
  insert.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  const ask = async () => {
    const query = new URLSearchParams();
    for (const field of insert.querySelectorAll("[name]")) query.set(field.name, field.value);
    const answer = await fetch(`${words.numbers}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const said = answer?.headers.get("content-type")?.includes("json") ? await answer.json() : { message: words.failed };
    if (!answer?.ok) {
      refusal.textContent = said.message;
      return;
    }
    dialog.close();
    back();
    putChip(said.shown, said.token);
  };
  // `insertHTML` would carry computed styles along, which the content policy forbids; so the chip is put in as a node.
  // The empty letter behind it is where one goes on writing.
  const putChip = (shown, token) => {
    const range = getSelection().getRangeAt(0);
    range.deleteContents();
    const word = /[\p{L}\d]$/u.test(range.startContainer.data?.slice(0, range.startOffset) ?? "");
    const after = document.createTextNode("\u200b");
    range.insertNode(after);
    range.insertNode(chip(shown, token));
    if (word) range.insertNode(document.createTextNode(" "));
    getSelection().collapse(after, 1);
    const now = here();
    if (now?.className === "opening") now.className = "";
  };
  send.addEventListener("click", ask);
  insert.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input, select")) return;
    event.preventDefault();
    ask();
  });

  // --- out again ---
  const heading = form.querySelector("[name=heading]");
  const state = () => `${heading?.value}\n${written(rich)}`;
  const before = "unsaved" in words ? null : state();
  let leaving = false;
  form.addEventListener("submit", () => {
    area.value = written(rich);
    leaving = true;
  });
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    if (!leaving && state() !== before) event.preventDefault();
  });
})();
