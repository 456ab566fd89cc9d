/* Elements of the page. */
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/* A table with a caption; `numeric` are the places of its columns of numbers. */
function table(caption, headings, rows, numeric) {
  const made = element("table");
  if (caption) made.setAttribute("aria-label", caption);
  const isNumber = (place) => (numeric.includes(place) ? "number" : "");
  const head = element("tr");
  headings.forEach((heading, place) => {
    const cell = element("th", heading, isNumber(place));
    cell.scope = "col";
    head.append(cell);
  });
  made.append(element("thead"), element("tbody"));
  made.tHead.append(head);
  rows.forEach((row) => {
    const line = element("tr");
    row.forEach((text, place) => line.append(element("td", text, isNumber(place))));
    made.tBodies[0].append(line);
  });
  const place = element("div", undefined, "table");
  place.tabIndex = 0;
  place.append(made);
  // Above what scrolls, for the caption would be as wide as the table.
  const whole = element("div");
  whole.append(...(caption ? [element("p", caption, "caption")] : []), place);
  return whole;
}
