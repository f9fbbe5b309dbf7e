/* Keeps the count beside “Có mặt đủ, trừ…” true while ticks change, offers to tick everybody, and lets the list follow the
   day that is typed. Nothing depends on it. */
(() => {
  "use strict";
  const recount = (roll) => {
    const shown = roll.querySelector("[data-roll-count]");
    if (shown) shown.textContent = roll.querySelectorAll("input[name=present]:checked").length;
  };

  // Ticks made on this page, kept when the list changes under them.
  const made = new Map();
  const tickAgain = (form) => {
    for (const box of form.querySelectorAll("input[name=present], input[name=excused]")) {
      if (made.has(box.name + box.value)) box.checked = made.get(box.name + box.value);
    }
    form.querySelectorAll(".roll").forEach(recount);
  };

  // ---- the list follows the day ------------------------------------------------------------------------------------
  let asked = 0;
  const inForm = (form, mark) => form.querySelector(`[${mark}]`);
  const listOf = async (form) => {
    const body = new FormData(form);
    body.delete("client_id"); // nothing is recorded
    body.append("relist", "1");
    const response = await fetch(form.getAttribute("action") || location.href, { method: "POST", body });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return response.redirected ? null : inForm(page, "data-list") && page;
  };
  const isOfTheDay = (form) => {
    const [day, month, year] = form.elements.held_on.value.trim().split("/");
    const typed = year && [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-");
    return typed === inForm(form, "data-listed-on").value;
  };
  const follow = async (form) => {
    const mine = ++asked;
    const page = isOfTheDay(form) ? form : await listOf(form).catch(() => null);
    if (mine !== asked) return; // another day was typed meanwhile
    inForm(form, "data-list-kept").hidden = Boolean(page);
    inForm(form, "data-relist").hidden = Boolean(page);
    if (!page || page === form) return;
    const open = form.querySelector(".roll")?.open;
    for (const mark of ["data-list-day", "data-list"]) inForm(form, mark).replaceChildren(...inForm(page, mark).childNodes);
    inForm(form, "data-listed-on").value = inForm(page, "data-listed-on").value;
    if (form.querySelector(".roll") && open !== undefined) form.querySelector(".roll").open = open;
    tickAgain(form);
  };
  for (const button of document.querySelectorAll("[data-relist]")) button.hidden = true;

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.name === "present" || field.name === "excused") made.set(field.name + field.value, field.checked);
    const roll = field.closest?.(".roll");
    if (roll) recount(roll);
    if (field.name === "held_on" && field.form && inForm(field.form, "data-relist")) follow(field.form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-relist]");
    if (!button) return;
    event.preventDefault();
    follow(button.form);
  });
  document.addEventListener("reset", (event) => {
    made.clear();
    setTimeout(() => {
      event.target.querySelectorAll(".roll").forEach(recount);
      if (inForm(event.target, "data-relist")) follow(event.target);
    });
  });

  for (const button of document.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of button.form.querySelectorAll("input[name=people]")) box.checked = true;
    });
  }
})();
