/* The rows that a figure draws: those of the mart, with the fields that all charts share. */
const Z = 1.959963984540054;

/* The mart's rows that a figure is about. */
function rowsOfMart(card, figure) {
  const where = figure.together ? together() : cohorts();
  if (figure.by.includes("segment_value")) delete where.segment_value;
  for (const name of Object.keys(card.choices)) {
    if (!figure.consumed.includes(name)) where[name] = card.chosen(name);
  }
  const own = tables[`${card.id}.together`];
  const rows = (figure.together && own ? own : tables[card.id]).rows(where);
  const order = figure.by.find((name) => name.endsWith("milestone_id"));
  if (order) rows.sort((a, b) => milestonePlaces.get(a[order]) - milestonePlaces.get(b[order]));
  const choice = card.choices[figure.by[0]];
  if (choice) rows.sort((a, b) => choice.values.indexOf(a[figure.by[0]]) - choice.values.indexOf(b[figure.by[0]]));
  if (figure.sort) rows.sort((a, b) => valueOf(b, figure.sort) - valueOf(a, figure.sort));
  if (!figure.onlyWhere) return rows;
  const isCount = card.units[figure.onlyWhere] === "count";
  return rows.filter((row) => (isCount ? row[figure.onlyWhere] : row[figure.onlyWhere] !== null));
}

/* How many users of a row's cohort signed up before observed_from. */
function leftOut(card, where) {
  // Other counts leave them out already.
  if (!["signups", "signup_count", "cohort_user_count"].includes(card.open.all)) return () => 0;
  const counts = new Map();
  for (const row of tables.left_out.rows(where)) counts.set(`${row.cohort_anchor} ${row.cohort_date}`, row.user_count);
  // Rows of all cohorts together may have no date.
  const dates = [...new Set(tables.left_out.rows(where).map((row) => row.cohort_date))];
  return (row) => counts.get(`${row.cohort_anchor ?? "signup"} ${row.cohort_date ?? dates[0]}`) ?? 0;
}

/* Rows with how many users they are about in all, how many of them are closed, how many open, and how many are in no
   rate, as they signed up before observed_from. */
function withOpen(card, rows, where) {
  if (!card.open) return rows;
  const out = leftOut(card, where);
  const sizes = card.open.all === "signups"
    ? new Map(tables.signups.rows(where).map((row) => [row.cohort_date, row.signup_count])) : null;
  return rows.map((row) => {
    // Rows of all cohorts together have one date, or none.
    const all = sizes ? sizes.get(row.cohort_date) ?? [...sizes.values()][0] ?? 0 : row[card.open.all];
    const closed = row[card.open.closed];
    const left_out = row.left_out_user_count ?? out(row);
    const open = all - left_out - closed;
    return {
      ...row, signups: all, closed, open, left_out, is_open: open > 0, is_all_open: closed === 0 && open > 0,
    };
  });
}

function withDates(card, row) {
  const begins = local(row[card.date]);
  const ends = endOf(begins, card.grain);
  return { ...row, begins, ends, middle: (begins.getTime() + ends.getTime()) / 2 };
}

function withInterval(figure, row) {
  if (figure.countInterval) {
    // The score interval of a Poisson count over the users who could bring it.
    const [events, users] = figure.countInterval.map((name) => row[name]);
    const centre = events + Z * Z / 2;
    const half = Z * Math.sqrt(events + Z * Z / 4);
    return {
      ...row,
      lower: users ? Math.max(0, centre - half) / users : null,
      upper: users ? (centre + half) / users : null,
    };
  }
  return figure.interval ? { ...row, lower: row[figure.interval[0]], upper: row[figure.interval[1]] } : row;
}

/* A row for each column, with its `value` and `series`. */
function spread(figure, rows) {
  const nameOf = figure.by.length ? seriesOf(figure.by, rows) : null;
  return rows.flatMap((row) => figure.columns.map((column) => {
    const named = nameOf && figure.columns.length > 1 ? `${nameOf(row)}: ${column.label}` : null;
    const text = named ?? (nameOf ? nameOf(row) : column.label);
    // Vega takes some texts, such as __proto__, for its own.
    return { ...row, value: row[column.name], series: `${text}\u2060` };
  }));
}

/* Bars on top of each other, in this order; those below the line hang from it. */
function stacked(figure, row) {
  const level = (columns, sign) => {
    let end = 0;
    return columns.map(({ name, label }) => {
      const value = row[name] ?? 0;
      const start = end;
      end += sign * value;
      return { ...row, series: label, value, bottom: start, top: end };
    });
  };
  return [...level(figure.columns, 1), ...level(figure.below, -1)];
}

/* Rows with the words for their place on the axis; those that a card has of its own are ticks of curves, too. */
const withPlaces = (card, figure, rows) => rows.map((row) => {
  const tick = card.own.placeText?.(row) ?? null;
  return { ...row, tick, place_label: tick ?? String(row[figure.x]) };
});

/* What a figure draws now. */
function rowsOf(card, figure) {
  const rows = withOpen(card, rowsOfMart(card, figure), figure.together ? together() : cohorts());
  const dated = () => rows.map((row) => withDates(card, row));
  switch (figure.kind) {
    case "rate_by_cohort":
      return spread(figure, dated()).map((row) => withInterval(figure, row));
    case "lines":
      return spread(figure, dated());
    case "stack_over_time":
      return dated().flatMap((row) => stacked(figure, row));
    case "curve":
      return withPlaces(card, figure, spread(figure, rows)).map((row) => withInterval(figure, row));
    case "bars":
      return spread(figure, rows).map((row, place) => ({ ...withInterval(figure, row), place }));
    case "grid":
      return withPlaces(card, figure, spread(figure, dated().map((row) => ({
        ...row, row_label: state.cohort_grain === "all" ? "all cohorts" : dateText(row.begins),
      })))).filter((row) => row.value !== null);
    case "flow":
      return flowRows(figure, rows);
    default:
      return rows;
  }
}

/* The value of a column, of `1 - column`, or of one column minus another. */
function valueOf(row, expression) {
  const [name, less] = expression.split(" - ");
  if (less === undefined) return row[name];
  if (row[less] === null) return null;
  return (name === "1" ? 1 : row[name]) - row[less];
}

/* A figure of the kind `table`. */
function tableOf(card, figure) {
  const rows = rowsOf(card, figure);
  const nameOf = figure.rowName ? (row) => row[figure.rowName] : figure.by.length ? seriesOf(figure.by, rows) : null;
  const lead = figure.by.length ? [figure.rowLabel] : [];
  const cells = (row) => [
    ...(nameOf ? [written(nameOf(row), "text")] : []),
    ...figure.columns.map(({ name, unit }) => written(valueOf(row, name), unit)),
  ];
  const numeric = figure.columns.map(({ unit }, place) => (unit === "text" || unit === "words" ? -1 : place + lead.length));
  const headings = [...lead, ...figure.columns.map(({ label }) => label)];
  return table(fill(figure.title, card, rows), headings, rows.map(cells), numeric);
}
