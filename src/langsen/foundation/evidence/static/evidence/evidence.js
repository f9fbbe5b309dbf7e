/* Says before sending what the server would refuse: too many files, a file or a request too large. */
(() => {
  "use strict";
  const megabyte = 1024 * 1024;
  const form = document.querySelector("form[data-evidence]");
  if (!form) return;
  const words = form.querySelector("[data-faults]");
  const inputs = [...form.querySelectorAll("input[type=file]")];

  const faults = () => {
    const files = inputs.flatMap((input) => [...input.files]);
    const { most, mostMb, requestMb } = form.dataset;
    const found = [];
    if (files.length > Number(most)) found.push(words.dataset.count.replace("{n}", files.length).replace("{most}", most));
    for (const file of files) {
      if (file.size > mostMb * megabyte) found.push(words.dataset.size.replace("{name}", file.name).replace("{most}", mostMb));
    }
    const sum = files.reduce((total, file) => total + file.size, 0);
    if (sum > requestMb * megabyte) found.push(words.dataset.sum.replace("{most}", requestMb));
    return found;
  };

  const show = () => {
    const found = faults();
    words.hidden = !found.length;
    words.replaceChildren(...found.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    return found;
  };

  for (const input of inputs) input.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    if (show().length) {
      event.preventDefault();
      event.stopPropagation(); // not sent: the button may be pressed again
      words.focus();
      return;
    }
    form.querySelector("[data-sending]").hidden = false;
  });
  window.addEventListener("pageshow", () => (form.querySelector("[data-sending]").hidden = true));
})();
