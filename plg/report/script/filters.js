/* The filters of the whole page. */
async function setFilter(change) {
  Object.assign(state, change);
  one("#segment").value = data.segments.findIndex(([type, value]) => type === state.segment_type && value === state.segment_value);
  one("#grain").value = state.cohort_grain;
  cards.forEach((card) => card.update());
  await drawAll();
  one(".changed").textContent = `Shown: ${state.segment_type === "all" ? "all users" : state.segment_value}, ` +
    `${{ week: "by week", month: "by month", all: "all together" }[state.cohort_grain]}.`;
}
one("#segment").addEventListener("change", (event) => {
  const [type, value] = data.segments[event.target.value];
  setFilter({ segment_type: type, segment_value: value });
});
one("#grain").addEventListener("change", (event) => setFilter({ cohort_grain: event.target.value }));

cards.forEach((card) => card.update());
window.growthReport = { state, segments: data.segments, setFilter, charts, drawAll };
