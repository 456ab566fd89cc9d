/* Draws the charts, those first that the window shows. */
/* Lets the legend of colours show the dashes, too; Vega-Lite would make a second legend of them. */
function withDashes(spec) {
  if (spec.scales.some((scale) => scale.name === "strokeDash")) {
    for (const legend of spec.legends ?? []) if (legend.stroke === "color") legend.strokeDash = "strokeDash";
  }
  return spec;
}
const charts = [];
class Chart {
  /* `without`: names of layers that have nothing to draw. */
  constructor(place, name, rows, without = []) {
    Object.assign(this, { place, name, rows, without, isStale: true, view: null });
  }
  height(rows) {
    return this.rowHeight * new Set(rows.map((row) => row[this.rowsOf])).size;
  }
  /* A chart that can't be drawn says so: the drawing of another state of the filters must not stay. */
  async draw() {
    try {
      await this.redraw();
    } catch (error) {
      this.view?.finalize();
      this.view = null;
      this.place.replaceChildren(element("p", `This chart can't be drawn (${error}); its numbers are in the table below.`, "note"));
    }
  }
  async redraw() {
    this.isStale = false;
    const rows = this.rows();
    if (this.view) {
      if (this.rowsOf) this.view.height(this.height(rows));
      await this.view.data("rows", rows).resize().runAsync();
    } else {
      const spec = structuredClone(data.specs[this.name]);
      if (this.without.length) spec.layer = spec.layer.filter(({ name }) => !this.without.includes(name));
      this.rowHeight = spec.height;
      this.rowsOf = spec.usermeta.rows_of;
      spec.datasets = { rows };
      if (this.rowsOf) spec.height = this.height(rows);
      const made = await vegaEmbed(this.place, spec, {
        actions: false, renderer: "svg", tooltip: { theme: "light" }, patch: withDashes,
      });
      this.view = made.view;
    }
    const svg = one("svg", this.place);
    if (svg) svg.setAttribute("aria-hidden", "true");
  }
}
/* Draws what is stale, always the chart next that is nearest to what the window shows. */
let drawing = null;
function drawAll() {
  const distance = ({ place }) => {
    const { top, bottom } = place.getBoundingClientRect();
    return Math.max(0, top - window.innerHeight, -bottom);
  };
  drawing ??= (async () => {
    // Not at once, so that `drawing` is set before it is taken back.
    await null;
    try {
      for (;;) {
        const waiting = charts.filter((chart) => chart.isStale && chart.place.clientWidth);
        if (!waiting.length) break;
        const distances = waiting.map(distance);
        await waiting[distances.indexOf(Math.min(...distances))].draw();
        await new Promise((done) => setTimeout(done));
      }
    } finally {
      drawing = null;
    }
  })();
  return drawing;
}

/* The numbers of a chart as a table: what its tooltips say. */
const MOST_ROWS = 400;
function fillNumbers(place, figure, chart) {
  const numbers = one(".numbers", place);
  if (!numbers.open) return one(".table", numbers).replaceChildren();
  const drawn = chart.rows();
  // Of a flow's band, each point is a row.
  const rows = figure.kind === "flow" ? [...new Map(drawn.filter(({ part }) => part === "band")
    .map((row) => [row.series, row])).values()] : drawn;
  const caption = rows.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${count(rows.length)} rows; all are in the mart.` : "";
  const numeric = figure.tips.map(([, , unit], place) => (["text", "words", "date"].includes(unit) ? -1 : place));
  return one(".table", numbers).replaceChildren(table(
    caption, figure.tips.map(([, title]) => title),
    rows.slice(0, MOST_ROWS).map((row) => figure.tips.map(([name, , unit]) => written(row[name], unit))), numeric,
  ));
}
