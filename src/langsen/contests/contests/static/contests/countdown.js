/* The time left by the server's clock; without this script the day and the hour stand there. */
(() => {
  "use strict";
  const shown = document.querySelector("[data-seconds]");
  if (!shown) return;
  const end = performance.now() + Number(shown.dataset.seconds) * 1000;
  const two = (number) => String(number).padStart(2, "0");
  const draw = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const days = Math.floor(left / 86400);
    const clock = `${two(Math.floor(left / 3600) % 24)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    shown.textContent = days ? `${days} ${shown.dataset.day} ${clock}` : clock;
    if (left > 0) return;
    clearInterval(ticking);
    // Not everybody at the same moment.
    setTimeout(() => location.reload(), 1000 + Math.random() * 9000);
  };
  const ticking = setInterval(draw, 1000);
  draw();
})();
