/* The cards: their selectors, what they draw, for whom, and what they say where there is nothing to draw. */
class Card {
  constructor(said) {
    Object.assign(this, said);
    this.own = OWN[this.id] ?? {};
    this.said = this.own.said ?? {};
    this.isOwn = Boolean(this.own.content);
    this.place = document.getElementById(this.id);
    this.by = this.figures[0].by.find((name) => name !== "segment_value");
    this.makeChoices();
    this.drawings = this.figures.map((figure) => this.makeFigure(figure)).filter(Boolean);
  }
  chosen(name) {
    return state.choices[`${this.id}.${name}`] ?? this.choices[name].start;
  }
  makeChoices() {
    for (const [name, choice] of Object.entries(this.choices)) {
      if (!choice.values.length) choice.values = tables[this.id].values(name);
      if (this.own.optional === name) this.leaveOutAbsent(name, choice);
      if (!choice.values.includes(choice.start)) {
        choice.start = typeof choice.values[0] === "number" ? choice.values.at(-1) : choice.values[0];
      }
      // One value is no choice.
      if (choice.values.length < 2) continue;
      const label = element("label", choice.label);
      const select = element("select");
      select.dataset.choice = `${this.id}.${name}`;
      choice.values.forEach((value) => {
        const option = element("option", choiceText(name, value));
        option.value = value;
        option.selected = value === choice.start;
        select.append(option);
      });
      select.addEventListener("change", () => {
        state.choices[`${this.id}.${name}`] = choice.values.find((value) => String(value) === select.value);
        this.update();
      });
      label.append(select);
      one(".choices", this.place).append(label);
    }
  }
  /* Values that the vars of the build have left out of the mart are no choice. */
  leaveOutAbsent(name, choice) {
    const found = tables[this.id].values(name);
    if (!found.length) return;
    choice.values = choice.values.filter((value) => found.includes(value));
    if (!choice.values.includes(choice.start)) [choice.start] = choice.values;
  }
  makeFigure(figure) {
    if (!data.specs[figure.id]) return null;
    const place = one(`[data-figure="${figure.id}"]`, this.place);
    const chart = new Chart(one(".drawing", place), figure.id, () => this.rowsOf(figure));
    charts.push(chart);
    one(".numbers", place).addEventListener("toggle", () => fillNumbers(place, figure, chart));
    return { figure, place, chart };
  }
  /* What a figure draws now; made once for each state of the filters. */
  rowsOf(figure) {
    if (!this.made.has(figure)) this.made.set(figure, rowsOf(this, figure));
    return this.made.get(figure);
  }
  /* The rows that the sentences are about: all cohorts together, for the segment and the choices. */
  rows() {
    if (this.own.rows) return this.own.rows();
    const where = together();
    for (const name of Object.keys(this.choices)) where[name] = this.chosen(name);
    const rows = withOpen(this, tables[this.id].rows(where), together());
    const order = this.by?.endsWith("milestone_id") ? this.by : null;
    return order ? rows.sort((a, b) => milestonePlaces.get(a[order]) - milestonePlaces.get(b[order])) : rows;
  }
  /* Whether the data can tell what the card is about. */
  isMeasured(rows) {
    return !this.notMeasured || rows.some((row) => row[this.notMeasured.column] !== null);
  }
  /* Why there is nothing to draw; null where there is something. */
  reason(rows) {
    const say = (sentence) => fill(sentence, this, rows);
    if (this.isOwn) return rows.length ? null : say(this.nothing.no_rows);
    if (this.hasValues(rows)) return null;
    const missing = this.needs.filter((name) => data.absent.includes(name));
    if (missing.length) {
      return `No rows: this needs the table${missing.length > 1 ? "s" : ""} ${missing.join(" and ")}, which ` +
        `${missing.length > 1 ? "have" : "has"} no rows.`;
    }
    if (!signups()) return "Nobody signed up.";
    if (!rows.length) {
      const ended = this.date && !this.byGrain ? `No ${this.grain} has ended yet.` : "There are no rows yet.";
      return say(this.nothing.no_rows ?? ended);
    }
    if (!this.isMeasured(rows)) return say(this.notMeasured.sentence);
    if (this.open && rows.every((row) => !row.closed)) {
      const out = Math.max(...rows.map((row) => row.left_out));
      if (out) {
        const open = Math.max(...rows.map((row) => row.open));
        return `${count(out)} signed up before observed_from, so no rate counts them, and the window of ` +
          `${open ? `the other ${count(open)} is still open` : "nobody else has closed"}.`;
      }
      const what = this.figures[0].columns[0].unit === "share" ? "rate" : "number";
      return say(this.nothing.all_open ??
        `All ${count(Math.max(...rows.map((row) => row.open)))} ${this.everyone} are still inside their ${this.window}, ` +
        `so there is no ${what} to show.`);
    }
    return say(this.nothing.no_values ?? "All numbers are zero or empty so far.");
  }
  /* Whether there is anything to draw: a count above 0, or any other value. */
  hasValues(rows) {
    const [figure] = this.figures;
    if (this.emptyUnless.length) {
      // A figure of all segments is worth showing for the sake of the others, too.
      const shown = figure.by.includes("segment_value") ? this.rowsOf(figure) : rows;
      return shown.some((row) => this.emptyUnless.some((name) => row[name]));
    }
    if (figure.kind === "table") return rows.length > 0;
    const isCount = figure.columns[0].unit === "count";
    return this.rowsOf(figure).some(({ value }) => (isCount ? value : value !== null && value !== undefined));
  }
  appliesText() {
    const users = state.segment_type === "all" ? "All users" : `${words(state.segment_type)}: ${state.segment_value}`;
    const by = { week: "cohorts by week", month: "cohorts by month", all: "all cohorts together" }[state.cohort_grain];
    return [this.bySegment ? users : null, this.byGrain ? by : null, this.always || null].filter(Boolean).join(" · ");
  }
  populationText(rows) {
    if (this.own.population) return this.own.population(this, rows);
    const sentences = [this.population, ...(this.isMeasured(rows) ? [] : [this.notMeasured.sentence])];
    const out = this.open ? Math.max(0, ...rows.map((row) => row.left_out)) : 0;
    if (out) sentences.push(`${count(out)} signed up before observed_from: no rate counts them.`);
    return sentences.map((sentence) => fill(sentence, this, rows)).join(" ");
  }
  fillTables(rows) {
    for (const figure of this.figures) {
      if (figure.kind !== "table" && !this.isOwn) continue;
      // What no filter changes is filled once, with the charts that it holds.
      if (this.isOwn && this.isFilled && !this.bySegment) continue;
      const content = this.isOwn ? this.own.content(this, rows) : tableOf(this, figure);
      one(`[data-figure="${figure.id}"]`, this.place).replaceChildren(content);
      this.isFilled = true;
    }
  }
  update() {
    this.made = new Map();
    const rows = this.rows();
    const reason = this.reason(rows);
    one(".applies", this.place).textContent = this.appliesText();
    one(".nothing", this.place).hidden = !reason;
    one(".nothing", this.place).textContent = reason ?? "";
    one(".body", this.place).hidden = Boolean(reason);
    one(".population", this.place).textContent = reason ? "" : this.populationText(rows);
    if (!reason) this.fillTables(rows);
    for (const { figure, place, chart } of this.drawings) {
      chart.isStale = true;
      place.hidden = !reason && !this.isMeasured(rows) && this.rowsOf(figure).every(({ value }) => value === null);
      one("figcaption", place).textContent = fill(figure.title, this, rows);
      if (!reason) fillNumbers(place, figure, chart);
    }
    return drawAll();
  }
}
const cards = data.cards.map((said) => new Card(said));
