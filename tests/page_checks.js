// What anybody needs to use a page, in the manner of axe: returns what is wrong, in words.
() => {
  const wrong = [];
  const visible = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const told = (element) => `<${element.tagName.toLowerCase()}> "${element.textContent.trim().slice(0, 40)}"`;
  const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) wrong.push(`id ${id} twice`);
  for (const element of document.querySelectorAll("[aria-labelledby], [aria-controls]")) {
    for (const name of ["aria-labelledby", "aria-controls"]) {
      const id = element.getAttribute(name);
      if (id && !document.getElementById(id)) wrong.push(`${told(element)} names ${id}, which is not there`);
    }
  }
  for (const element of document.querySelectorAll("a, button, summary")) {
    if (visible(element) && !element.textContent.trim()) wrong.push(`${told(element)} has no name`);
    if (element.tagName === "A" && !element.getAttribute("href")) wrong.push(`${told(element)} leads nowhere`);
  }
  for (const element of document.querySelectorAll("input, select")) {
    if (!element.labels.length) wrong.push(`${told(element)} has no label`);
  }
  for (const element of document.querySelectorAll("svg")) {
    if (!element.getAttribute("aria-label") && element.getAttribute("aria-hidden") !== "true") wrong.push("a picture has no name");
  }
  for (const element of document.querySelectorAll("th")) if (!element.scope) wrong.push(`${told(element)} has no scope`);
  let level = 0;
  for (const element of document.querySelectorAll("h1, h2, h3, h4")) {
    if (!visible(element)) continue;
    const next = Number(element.tagName[1]);
    if (next > level + 1) wrong.push(`${told(element)} skips a level`);
    level = next;
  }
  for (const [what, count] of [["main", 1], ["h1", 1], ["nav", 1]]) {
    if (document.querySelectorAll(what).length !== count) wrong.push(`not ${count} <${what}>`);
  }
  if (!document.documentElement.lang) wrong.push("no language");

  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if ((numbers(colour)[3] ?? 1) > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !visible(element) || element.closest("script, style, option")) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const [a, b] = [light(element.namespaceURI.endsWith("svg") ? style.fill : style.color), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) wrong.push(`${told(element)} has a contrast of ${contrast.toFixed(2)}`);
  }
  if (texts < 20) wrong.push("there is nothing to read");
  if (document.documentElement.scrollWidth > window.innerWidth) wrong.push("the page is wider than its window");
  return wrong;
}
