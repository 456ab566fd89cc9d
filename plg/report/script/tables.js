/* The packed tables, the state of the filters, and dates.
   Nothing is computed on this page but rates, which are the quotient of two counts of the same row, intervals of
   a count, seconds as days, and sums of users for the sentences. */
const DAY = 86400;
const one = (selector, root = document) => root.querySelector(selector);

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
const data = JSON.parse(await unpack(one("#data").textContent));
// Vega, Vega-Lite and Vega-Embed: one script, which sets vegaEmbed.
window.eval(await unpack(one("#library").textContent));

const daysOf = (name) => name.replace(/_seconds(?=_|$)/, "_days");
const asDays = (seconds) => (seconds === null ? null : seconds / DAY);

class Table {
  constructor({ length, columns }, quotients = {}) {
    const seconds = Object.keys(columns).filter((name) => daysOf(name) !== name);
    Object.assign(this, { length, columns, quotients, seconds });
  }
  value(column, row) {
    return Array.isArray(column) ? column[row] : column.values[column.places[row]];
  }
  /* The different values of a column, smallest first. */
  values(name) {
    const column = this.columns[name];
    const values = [...new Set(Array.isArray(column) ? column : column.values)].filter((value) => value !== null);
    return values.sort((a, b) => (a > b) - (a < b));
  }
  /* The places of the rows of each segment. */
  get bySegment() {
    if (!this.places) {
      this.places = new Map();
      const { segment_type: types, segment_value: values } = this.columns;
      for (let row = 0; row < this.length; row += 1) {
        const key = `${this.value(types, row)}|${this.value(values, row)}`;
        if (!this.places.has(key)) this.places.set(key, []);
        this.places.get(key).push(row);
      }
    }
    return this.places;
  }
  row(place) {
    const row = {};
    for (const [name, column] of Object.entries(this.columns)) row[name] = this.value(column, place);
    for (const name of this.seconds) row[daysOf(name)] = asDays(row[name]);
    for (const [name, [above, below]] of Object.entries(this.quotients)) {
      row[name] = row[above] !== null && row[below] ? row[above] / row[below] : null;
    }
    return row;
  }
  /* Rows whose columns have these values, as objects; columns that the table lacks don't matter. */
  rows(where = {}) {
    const tests = Object.entries(where).filter(([name]) => this.columns[name]).map(([name, wanted]) => {
      const column = this.columns[name];
      return Array.isArray(column) ? [column, wanted] : [column.places, column.values.indexOf(wanted)];
    });
    const places = where.segment_value && this.columns.segment_value
      ? this.bySegment.get(`${where.segment_type}|${where.segment_value}`) ?? []
      : Array.from({ length: this.length }, (_, row) => row);
    return places.filter((row) => tests.every(([values, wanted]) => values[row] === wanted)).map((row) => this.row(row));
  }
}
const tables = Object.fromEntries(
  Object.entries(data.tables).map(([name, table]) => [name, new Table(table, data.quotients[name])]),
);

// ---- the state of the filters
const state = { segment_type: "all", segment_value: "all", cohort_grain: "week", choices: {} };
const segment = () => ({ segment_type: state.segment_type, segment_value: state.segment_value });
const cohorts = () => ({ ...segment(), cohort_grain: state.cohort_grain });
const together = () => ({ ...segment(), cohort_grain: "all" });
const sum = (rows, column) => rows.reduce((total, row) => total + (row[column] ?? 0), 0);
const signups = () => sum(tables.signups.rows(together()), "signup_count");

// ---- dates: shown as they are in the marts, whatever the reader's time zone
const local = (text) => new Date(+text.slice(0, 4), +text.slice(5, 7) - 1, +text.slice(8, 10));
const later = (date, days, months = 0) =>
  new Date(date.getFullYear(), date.getMonth() + months, date.getDate() + days);
const { format: dateText } = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "2-digit" });
/* When what this date begins ends; a day counts as a point. */
function endOf(start, grain) {
  if (grain === "cohort" && state.cohort_grain === "all") return later(local(data.last_date), 1);
  const length = grain === "cohort" ? state.cohort_grain : grain;
  return { week: later(start, 7), month: later(start, 0, 1) }[length] ?? start;
}

// ---- milestones, in the order of the definitions
const milestones = tables.milestones.rows();
const paths = new Set(milestones.map((row) => row.path));
const milestoneNames = new Map(milestones.map((row) => [
  row.milestone_id,
  `${row.milestone_id} ${row.definition || ""}`.trim() + (paths.size > 1 ? ` (${row.path})` : ""),
]));
const milestonePlaces = new Map(milestones.map((row, place) => [row.milestone_id, place]));
