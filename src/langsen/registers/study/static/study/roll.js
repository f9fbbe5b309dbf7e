/* Keeps the count beside “Có mặt đủ, trừ…” true while ticks change, and offers to tick everybody. Nothing depends on it. */
(() => {
  "use strict";
  const recount = (roll) => {
    const shown = roll.querySelector("[data-roll-count]");
    if (shown) shown.textContent = roll.querySelectorAll("input[name=present]:checked").length;
  };
  document.addEventListener("change", (event) => {
    const roll = event.target.closest?.(".roll");
    if (roll) recount(roll);
  });
  document.addEventListener("reset", (event) => {
    setTimeout(() => event.target.querySelectorAll(".roll").forEach(recount));
  });
  for (const button of document.querySelectorAll("[data-tick-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const box of button.form.querySelectorAll("input[name=people]")) box.checked = true;
    });
  }
})();
