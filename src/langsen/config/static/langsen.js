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
