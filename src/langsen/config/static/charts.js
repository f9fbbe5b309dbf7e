/* Draws each [data-chart] from the JSON beside it, once the page stands; its table says the same without it. */
(() => {
  "use strict";
  const styles = getComputedStyle(document.documentElement);
  const token = (name) => styles.getPropertyValue(name).trim();
  const number = new Intl.NumberFormat(document.documentElement.lang);

  const option = ({ kind, labels, series }) => ({
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13, color: token("--ink") },
    color: [token("--brand"), token("--hue-3"), token("--honour"), token("--ok")],
    aria: { enabled: false },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 8, right: 16, top: series.length > 1 ? 36 : 16, bottom: 8, containLabel: true },
    legend: { show: series.length > 1, top: 0, left: 0 },
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", valueFormatter: (value) => (value == null ? "–" : number.format(value)) },
    xAxis: { type: "category", data: labels, axisTick: { show: false }, axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { formatter: (value) => number.format(value) } },
    series: series.map(({ name, values }) => ({ type: kind, name, data: values, barMaxWidth: 36, symbolSize: 6 })),
  });

  const draw = () => {
    for (const area of document.querySelectorAll("[data-chart]")) {
      const data = JSON.parse(document.getElementById(area.dataset.chart).textContent);
      area.classList.add("drawn");
      const picture = window.echarts.init(area, null, { renderer: "canvas" });
      picture.setOption(option(data));
      new ResizeObserver(() => picture.resize()).observe(area);
    }
  };

  const source = document.currentScript.dataset.library;
  window.addEventListener("load", () => {
    if (!document.querySelector("[data-chart]")) return;
    const library = document.createElement("script");
    library.src = source;
    library.onload = draw;
    document.head.append(library);
  });
})();
