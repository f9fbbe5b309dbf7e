/* Small comforts; every page works without them. */
(() => {
  "use strict";

  // Close an open menu with Escape or by a tap elsewhere.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open], details.account[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open], details.account[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // Where there is room all filters stand open; newer browsers do so by style sheet alone.
  if (matchMedia("(min-width: 62rem)").matches) {
    for (const more of document.querySelectorAll("details.more-filters")) more.open = true;
  }

  // A filter that is a list or a tick takes effect at once; text waits for Enter or the button.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.filter-bar");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // A day is text, day first, in every browser; the device's own calendar only helps to choose it.
  const written = (year, month, day) => `${Number(day)}/${Number(month)}/${year}`;
  const CALENDAR = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4";
  const drawn = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const offerCalendar = (field) => {
    const calendar = Object.assign(document.createElement("input"), { type: "date", tabIndex: -1 });
    if (!calendar.showPicker || field.readOnly || field.disabled) return;
    calendar.setAttribute("aria-hidden", "true");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "day-pick" });
    button.title = field.dataset.day;
    button.setAttribute("aria-label", `${field.labels[0]?.firstChild.textContent.trim() ?? ""}: ${field.dataset.day}`);
    const picture = drawn("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
    picture.append(drawn("path", { d: CALENDAR }));
    button.append(picture);
    const around = Object.assign(document.createElement("span"), { className: "day-entry" });
    field.replaceWith(around);
    around.append(field, button, calendar);
    field.removeAttribute("data-day");
    button.addEventListener("click", () => {
      const [day, month, year] = field.value.split("/");
      calendar.value = year ? [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-") : "";
      calendar.showPicker();
    });
    calendar.addEventListener("change", () => {
      field.value = calendar.value ? written(...calendar.value.split("-")) : "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  const offerCalendars = () => {
    for (const field of document.querySelectorAll("input[data-day]")) offerCalendar(field);
  };
  offerCalendars();
  new MutationObserver(offerCalendars).observe(document.body, { childList: true, subtree: true });
  // What was typed another way (22092026, 22-09-2026, 2026-09-22) is shown as the office writes it.
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.matches("input.day")) return;
    const first = /^\s*(\d{1,2})[/.-]?(\d{1,2})[/.-]?(\d{4})\s*$/.exec(field.value);
    const last = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(field.value);
    if (last) field.value = written(last[1], last[2], last[3]);
    else if (first && (/[/.-]/.test(field.value) || field.value.trim().length === 8)) field.value = written(first[3], first[2], first[1]);
  });

  // The choice of a file speaks the language of the page; the control itself stays, above its words.
  for (const field of document.querySelectorAll("input[data-choose]")) {
    const around = Object.assign(document.createElement("span"), { className: "file-entry" });
    const face = Object.assign(document.createElement("span"), { className: "btn btn-outline-secondary", textContent: field.dataset.choose });
    const name = Object.assign(document.createElement("span"), { className: "name" });
    for (const part of [face, name]) part.setAttribute("aria-hidden", "true");
    const show = () => (name.textContent = [...field.files].map((file) => file.name).join(", ") || field.dataset.none);
    field.replaceWith(around);
    around.append(field, face, name);
    field.addEventListener("change", show);
    show();
  }

  // After a failed form the eye and the reader start at the list of errors.
  const errors = document.querySelector("[role=alert][tabindex='-1']");
  if (errors) errors.focus();

  // A button pressed twice sends once; the outbox minds its own forms.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.outbox) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  });
})();
