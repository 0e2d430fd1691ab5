
"use strict";
// Everything that is shown is text: elements are made one by one, and no string is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const MOST_ROWS = 40;
const byId = (id) => document.getElementById(id);
let kept = null;
const data = () => (kept ??= JSON.parse(byId("data").textContent));

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const number = (value, digits = 6) => (typeof value === "string" ? value : String(Number(value.toPrecision(digits))));
const points = (value) => String(Math.round(value * 1e6) / 1e6);

function withCode(element, text) {
  text.split(/`([^`\n]+)`/).forEach((part, index) => element.append(index % 2 ? make("code", {}, part) : part));
  return element;
}

// ---------------------------------------------------------------- tables: sorted and filtered

function keyOf(cell, kind) {
  const text = cell.textContent.trim();
  if (kind !== "number") return text;
  const value = parseFloat(text);
  return Number.isNaN(value) ? null : value;
}

/** Makes a table sortable, filterable and short; returns what is listed, shown or not, in its order. */
function control(table) {
  const body = table.tBodies[0];
  const tools = document.querySelector(`[data-for="${table.id}"]`);
  const search = tools?.querySelector("input");
  const selects = Array.from(tools?.querySelectorAll("select") ?? []);
  const more = make("button", { type: "button", class: "more", "aria-controls": table.id });
  let rows = Array.from(body.rows);
  let listed = rows;
  let limit = MOST_ROWS;
  let texts = null;

  const refresh = () => {
    const shown = new Set(listed.slice(0, limit));
    for (const row of rows) row.hidden = !shown.has(row);
    more.hidden = listed.length <= limit;
    more.textContent = `Show all ${listed.length} rows`;
    if (tools) {
      const all = rows.length === 1 ? "1 row" : `${rows.length} rows`;
      tools.querySelector(".count").textContent = listed.length === rows.length ? all : `${listed.length} of ${all}`;
    }
  };
  const filter = () => {
    const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    if (words.length) texts ??= new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    listed = rows.filter((row) => words.every((word) => texts.get(row).includes(word)) && selects.every((select) =>
      !select.value || row.cells[select.dataset.column].textContent.trim() === select.value));
    refresh();
  };
  const sort = (head, column) => {
    const kind = head.dataset.sort;
    const [first, other] = kind === "number" ? ["descending", "ascending"] : ["ascending", "descending"];
    const order = head.getAttribute("aria-sort") === first ? other : first;
    const sign = order === "ascending" ? 1 : -1;
    const keyed = rows.map((row) => [keyOf(row.cells[column], kind), row]);
    keyed.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (kind === "number" ? a - b : collator.compare(a, b));
    });
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    rows = keyed.map(([, row]) => row);
    filter();
    body.replaceChildren(...rows);
  };

  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = make("button", { type: "button" }, head.textContent);
    if (head.title) button.title = head.title;
    button.addEventListener("click", () => sort(head, column));
    head.replaceChildren(button);
  });
  search?.addEventListener("input", filter);
  for (const select of selects) select.addEventListener("change", filter);
  more.addEventListener("click", () => {
    const next = listed[limit];
    limit = Infinity;
    refresh();
    next?.querySelector("a, button, summary")?.focus();
  });
  window.addEventListener("beforeprint", () => { if (!table.closest("[hidden]")) { limit = Infinity; refresh(); } });
  table.parentElement.after(more);
  if (tools) tools.hidden = false;
  refresh();
  table.classList.add("ready");
  return () => listed;
}

// ---------------------------------------------------------------- pictures of arrays

const DIVERGING = [[33, 102, 172], [146, 197, 222], [247, 247, 247], [244, 165, 130], [178, 24, 43]];
const SEQUENTIAL = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

function colour(stops, share) {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const mixed = stops[low].map((each, index) => Math.round(each + (at - low) * (stops[low + 1][index] - each)));
  return `rgb(${mixed.join(",")})`;
}

function scaleOf(values, difference) {
  const finite = values.filter((value) => typeof value === "number");
  let [low, high] = [Infinity, -Infinity];
  for (const value of finite) { low = Math.min(low, value); high = Math.max(high, value); }
  if (!finite.length) [low, high] = [0, 0];
  const diverging = difference || (low < 0 && high > 0);
  if (diverging) { high = Math.max(Math.abs(low), Math.abs(high)); low = -high; }
  const stops = diverging ? DIVERGING : SEQUENTIAL;
  return { low, high, stops, of: (value) => colour(stops, high > low ? (value - low) / (high - low) : 0.5) };
}

function legend(scale, odd) {
  const parts = 24;
  const strip = draw("svg", { viewBox: `0 0 ${parts} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
  for (let at = 0; at < parts; at += 1) {
    strip.append(draw("rect", { x: at, width: 1.05, height: 1, fill: colour(scale.stops, at / (parts - 1)) }));
  }
  const told = odd ? [make("span", {}, "· filled: not finite")] : [];
  return make("div", { class: "legend" }, make("span", {}, number(scale.low, 4)), strip, make("span", {}, number(scale.high, 4)), ...told);
}

function gridOf(shape) {
  const columns = shape.length ? shape[shape.length - 1] : 1;
  return [shape.reduce((all, each) => all * each, 1) / columns, columns];
}

function indexOf(shape, place) {
  const index = [];
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    index.unshift(place % shape[axis]);
    place = Math.floor(place / shape[axis]);
  }
  return `[${index.join(", ")}]`;
}

function picture(title, array, scale, listeners) {
  const [rows, columns] = gridOf(array.shape);
  const side = Math.max(3, Math.min(24, Math.floor(280 / Math.max(columns, rows))));
  const label = `${title}: ${rows} by ${columns} numbers; the arrow keys tell each`;
  const grid = draw("svg", {
    width: columns * side, height: rows * side, viewBox: `0 0 ${columns * side} ${rows * side}`,
    tabindex: "0", role: "img", "aria-label": label,
  });
  const squares = array.values.map((value, place) => {
    const square = draw("rect", {
      x: (place % columns) * side, y: Math.floor(place / columns) * side, width: side, height: side,
    });
    if (typeof value === "number") square.setAttribute("fill", scale.of(value));
    else square.setAttribute("class", "odd");
    return square;
  });
  grid.append(...squares);
  const size = array.shape.length > 2 ? `${array.shape.join(" × ")}, one below the other` : array.shape.join(" × ");
  const odd = array.values.some((value) => typeof value === "string");
  const figure = make("figure", { class: "picture" },
    make("figcaption", {}, `${title} (${size})`), grid, legend(scale, odd));
  let at = 0;
  const tell = (place) => { at = Math.min(Math.max(place, 0), squares.length - 1); listeners.forEach((each) => each(at)); };
  grid.addEventListener("pointermove", (event) => {
    const place = squares.indexOf(event.target);
    if (place >= 0) tell(place);
  });
  grid.addEventListener("focus", () => tell(at));
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (by === undefined || at + by < 0 || at + by >= squares.length) return;
    event.preventDefault();
    event.stopPropagation();
    tell(at + by);
  });
  const mark = (place) => {
    grid.querySelector(".at")?.classList.remove("at");
    if (squares[place]) { squares[place].classList.add("at"); grid.append(squares[place]); }
  };
  return { figure, mark };
}

function beside(answer, expected) {
  if (!answer.shape.length && !expected.shape.length) {
    return make("p", {}, `Theirs is ${number(answer.values[0])}, expected ${number(expected.values[0])}.`);
  }
  const same = answer.shape.join() === expected.shape.join();
  const scale = scaleOf([...answer.values, ...expected.values], false);
  const shown = [["theirs", answer, scale], ["expected", expected, scale]];
  if (same) {
    const values = answer.values.map((value, place) => {
      const wanted = expected.values[place];
      if (typeof value === "string" || typeof wanted === "string") return value === wanted ? 0 : "–";
      return value - wanted;
    });
    shown.push(["theirs less expected", { shape: answer.shape, values }, scaleOf(values, true)]);
  }
  const readout = make("p", { class: "readout", "aria-live": "polite" });
  const together = [];
  const box = make("div", { class: "pictures" });
  for (const [title, array, each] of shown) {
    const alone = [(place) => {
      readout.textContent = `${title} ${indexOf(array.shape, place)}: ${number(array.values[place])}`;
    }];
    const { figure, mark } = picture(title, array, each, same ? together : alone);
    (same ? together : alone).push(mark);
    box.append(figure);
  }
  if (same) {
    together.push((place) => {
      readout.textContent = `${indexOf(answer.shape, place)}: ` + shown
        .map(([title, array]) => `${title} ${number(array.values[place])}`).join(", ");
    });
  }
  return make("div", {}, box, readout);
}

// ---------------------------------------------------------------- the section of a student

function stepsTable(verdict) {
  const body = make("tbody");
  for (const [name, earned, possible, reason] of verdict.steps) {
    body.append(make("tr", { class: earned < possible ? "lost" : "kept" },
      make("th", { scope: "row" }, name), make("td", { class: "number" }, `${points(earned)} / ${points(possible)}`),
      withCode(make("td"), reason)));
  }
  const heads = ["step", "points", "why lost"].map((text) =>
    make("th", text === "points" ? { scope: "col", class: "number" } : { scope: "col" }, text));
  return make("div", { class: "scroll" },
    make("table", { class: "steps" }, make("thead", {}, make("tr", {}, ...heads)), body));
}

function casesOf(verdict) {
  const list = make("ul", { class: "cases" });
  for (const each of verdict.cases) {
    const kind = each.hidden ? " (hidden)" : "";
    list.append(make("li", {}, `${each.name}${kind}: `,
      make("span", { class: each.status.replace(" ", "-") }, each.status)));
  }
  return make("details", {}, make("summary", {}, `${verdict.cases.length} cases`), list);
}

function questionPart(verdict, override) {
  const part = make("section", { class: "question" });
  const earned = override ? `${points(override.points)} by hand (${points(verdict.points)} as graded)` : points(verdict.points);
  part.append(make("h3", {}, make("code", {}, verdict.question),
    make("span", {}, `${earned} of ${points(verdict.possible)}`),
    make("span", { class: verdict.status.replace(" ", "-") }, verdict.status)));
  if (override) part.append(make("p", {}, "Points given by hand: ", make("bdi", {}, override.reason)));
  if (verdict.feedback) part.append(withCode(make("div", { class: "said" }), verdict.feedback));
  for (const remark of verdict.remarks) part.append(withCode(make("p", { class: "note" }), remark));
  if (verdict.misconceptions.length) {
    part.append(make("h4", {}, "Misconceptions"));
    for (const [id, feedback] of verdict.misconceptions) {
      part.append(make("details", {}, make("summary", {}, id), withCode(make("p"), feedback)));
    }
  }
  if (verdict.steps.length) part.append(stepsTable(verdict));
  for (const each of verdict.cases) {
    if (each.answer === undefined) continue;
    const { arrays } = data();
    part.append(make("h4", {}, `Case “${each.name}”`), beside(arrays[each.answer], arrays[each.expected]));
  }
  if (verdict.cases.length) part.append(casesOf(verdict));
  return part;
}

function studentPage(place) {
  const { students, verdicts, possible } = data();
  const student = students[place];
  const page = make("article", { class: "page" });
  page.append(make("h2", { tabindex: "-1" }, make("bdi", {}, student.title)));
  const total = make("p", { class: "total" }, `${points(student.points)} of ${points(possible)} points`);
  page.append(total);
  const about = make("ul", { class: "about" });
  about.append(make("li", {}, `status: ${student.status}`));
  for (const key of ["submission", "name", "id", "email", "submitted"]) {
    if (student[key] && student[key] !== student.title) about.append(make("li", {}, `${key}: `, make("bdi", {}, student[key])));
  }
  page.append(about);
  const given = new Map((student.overrides ?? []).map((each) => [each.question, each]));
  if (student.overrides) page.append(make("p", {}, `Some points were given by hand; as graded, it has ${points(student.judged)}.`));
  const whole = given.get("");
  if (whole) page.append(make("p", {}, `All of it, by hand: ${points(whole.points)} points. `, make("bdi", {}, whole.reason)));
  for (const remark of student.remarks ?? []) page.append(withCode(make("p", { class: "said" }), remark));
  for (const each of student.verdicts) page.append(questionPart(verdicts[each], given.get(verdicts[each].question)));
  return page;
}

// ---------------------------------------------------------------- going to and fro

const placeOf = (hash) => {
  const place = /^#s[1-9]\d*$/.test(hash) ? Number(hash.slice(2)) - 1 : -1;
  return place >= 0 && place < data().students.length ? place : -1;
};

/** The students that the table lists, in its order. */
const listed = () => listedRows().map((row) => placeOf(row.cells[0].querySelector("a").hash));

function neighbour(by) {
  const order = listed();
  const at = order.indexOf(placeOf(location.hash));
  return at < 0 ? undefined : order[at + by];
}

let before = 0;
function show() {
  const place = location.hash.startsWith("#s") ? placeOf(location.hash) : -1;
  const [whole, one] = [byId("class"), byId("student")];
  if (place < 0) {
    const returns = whole.hidden;
    one.hidden = true;
    one.replaceChildren();
    whole.hidden = false;
    if (returns && (location.hash === "" || location.hash === "#")) window.scrollTo(0, before);
    else if (returns) document.getElementById(location.hash.slice(1))?.scrollIntoView();
    return;
  }
  if (!whole.hidden) before = window.scrollY;
  const moves = make("div", { class: "moves" }, make("a", { href: "#students" }, "All students"));
  for (const [by, text] of [[-1, "← Before"], [1, "After →"]]) {
    const next = neighbour(by);
    if (next !== undefined) moves.append(make("a", { href: `#s${next + 1}` }, text));
  }
  one.replaceChildren(moves, studentPage(place));
  whole.hidden = true;
  one.hidden = false;
  window.scrollTo(0, 0);
  one.querySelector("h2").focus({ preventScroll: true });
}

function printAll() {
  const all = byId("all");
  all.replaceChildren(...listed().map(studentPage));
  const hidden = [byId("class"), byId("student")].map((each) => [each, each.hidden]);
  for (const [each] of hidden) each.hidden = true;
  all.hidden = false;
  document.body.classList.add("printing-all");
  window.addEventListener("afterprint", () => {
    document.body.classList.remove("printing-all");
    all.hidden = true;
    all.replaceChildren();
    for (const [each, was] of hidden) each.hidden = was;
  }, { once: true });
  window.print();
}

// ---------------------------------------------------------------- theme and keys

function makeThemes(button) {
  const themes = ["", "light", "dark"];
  const put = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    button.textContent = `Theme: ${theme || "as the system"}`;
  };
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme ?? "") + 1) % themes.length];
    put(next);
  });
  put("");
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    const find = () => document.querySelector('[data-for="table-students"] input').focus();
    if (byId("class").hidden) {
      location.hash = "#students";
      window.setTimeout(find, 0);
    } else find(); // at once: what is typed next belongs there
  } else if (!byId("student").hidden && event.key === "Escape") {
    location.hash = "#students";
  } else if (!byId("student").hidden && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    const next = neighbour(event.key === "ArrowLeft" ? -1 : 1);
    if (next !== undefined) location.hash = `#s${next + 1}`;
  }
});

const controls = new Map(Array.from(document.querySelectorAll("main table"), (table) => [table.id, control(table)]));
const listedRows = controls.get("table-students");
const printing = make("button", { type: "button", id: "print-all" }, "Print the sections of who is listed");
printing.addEventListener("click", printAll);
document.querySelector('[data-for="table-students"]').append(printing);
makeThemes(byId("theme"));
document.querySelector(".buttons").hidden = false;
window.addEventListener("hashchange", show);
show();
