/* A square code leads here with the personal code after the #, which no server sees: it is put into the form. */
(() => {
  "use strict";
  const form = document.querySelector("[data-code-form]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!form || !/^[A-Za-z0-9-]{10,12}$/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  form.requestSubmit ? form.requestSubmit() : form.submit();
})();
