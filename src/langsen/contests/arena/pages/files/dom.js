/* Elements made in code. What comes from outside is only ever text here: nothing is read as markup. */
const SVG = "http://www.w3.org/2000/svg";

const fill = (element, inside) => {
  for (const part of inside) {
    if (Array.isArray(part)) fill(element, part);
    else if (part || part === 0) element.appendChild(part.nodeType ? part : document.createTextNode(String(part)));
  }
  return element;
};

// make("button", {class: "main", click: send}, "Send"): functions listen, false and null leave an attribute out.
const make = (tag, facts, ...inside) => {
  const element = document.createElement(tag);
  for (const name of Object.keys(facts || {})) {
    const value = facts[name];
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  return fill(element, inside);
};

const empty = (element) => {
  while (element.firstChild) element.removeChild(element.firstChild);
  return element;
};

const write = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};

const ICONS = {
  tick: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 7v5l3.5 2M12 3a9 9 0 100 18 9 9 0 000-18z",
  away: "M4 4l16 16M8.5 15a5 5 0 017 0M5 11.5A10 10 0 019 9M12 18.5h.01M13 8.6a10 10 0 016 2.9",
  right: "M9 5l7 7-7 7",
  left: "M15 5l-7 7 7 7",
  hand: "M12 3v10M8 9l4 4 4-4M5 17v3h14v-3",
};

const icon = (name) => {
  const picture = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  picture.appendChild(path);
  return picture;
};

/* Words, numbers and times as people write them; the zone is always that of Viet Nam, which knows no summer time. */
const ZONE_MS = 7 * 3600000;

const say = (key, facts) => WORDS[key].replace(/%\((\w+)\)s/g, (_all, name) => facts[name]);
const two = (number) => (number < 10 ? "0" : "") + number;
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, WORDS.group);

const moment = (ms) => {
  const at = new Date(ms + ZONE_MS);
  return {
    time: two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()),
    seconds: two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()) + ":" + two(at.getUTCSeconds()),
    day: at.getUTCDate() + "/" + (at.getUTCMonth() + 1) + "/" + at.getUTCFullYear(),
  };
};
const full = (ms) => moment(ms).time + " " + moment(ms).day;

// 06:42, 1:06:42, and with days in words
const lasting = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const short = two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
  if (hours >= 24) return say("days", { days: Math.floor(hours / 24), time: two(hours % 24) + ":" + short });
  return hours ? hours + ":" + short : short;
};
