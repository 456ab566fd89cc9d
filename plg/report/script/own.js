/* Cards that no kind of figure draws: each says what it does in another way than `Card`. */
const STATUS = {
  met: "✓ target met", on_track: "↗ on track", improving: "↗ improving", stable: "→ stable",
  needs_attention: "! needs attention", not_enough_data: "? not enough data", not_measured: "– not measured",
  unknown: "? unknown",
};
const METRIC_UNITS = { rate: "share", days: "days" };
const metric = (value, unit) => written(value, METRIC_UNITS[unit] ?? "number") + (unit === "days" && value !== null ? " d" : "");

/* The newest closed weeks of a metric. */
const weeksOf = (metric_id) => tables.kpi_scorecard.rows({ metric_id })
  .filter((week) => week.week_start_date).slice(-26)
  .map((week) => ({ ...week, begins: local(week.week_start_date) }));

/* What a drawing has beside these weeks: what earlier definitions gave, and since when each version is used. */
function besides(metric_id, weeks) {
  if (!weeks.length) return [];
  const [first, last] = [weeks[0].week_start_date, weeks.at(-1).week_start_date];
  const earlier = tables.metric_history_by_definition.rows({ metric_id });
  const shown = earlier.filter(({ week_start_date: week }) => week >= first && week <= last);
  if (!shown.length) return [];
  const dates = new Set([...earlier, ...tables.definitions.rows()].map((row) => row.valid_from_date));
  return [
    ...shown.map((row) => ({
      begins: local(row.week_start_date), earlier_value: row.value, version: row.definitions_version,
    })),
    ...[...dates].filter((date) => date && date >= first && date <= last).map((date) => ({ valid_from: local(date) })),
  ];
}

/* A drawing of a metric's weeks, with a text for those who can't see it. */
function weekDrawing(name, weeks, unit, metric_id) {
  const more = besides(metric_id, weeks);
  const versions = new Set(more.map((row) => row.version).filter(Boolean)).size;
  const drawing = element("div", undefined, "drawing");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${name}, ${weeks.length} weeks from ${metric(weeks[0].current_value, unit)} to ` +
    `${metric(weeks.at(-1).current_value, unit)}${versions ? `; ${versions} earlier version${versions > 1 ? "s" : ""} of the definitions, dashed` : ""}`);
  const has = {
    band: weeks.some((week) => week.benchmark_low !== null && week.benchmark_high !== null),
    target: weeks.some((week) => week.target_value !== null),
    earlier: more.some((row) => row.version && row.earlier_value !== null),
    mark: more.some((row) => row.valid_from),
  };
  const without = Object.keys(has).filter((layer) => !has[layer]);
  charts.push(new Chart(drawing, "scorecard_weeks", () => [...weeks, ...more], without));
  return drawing;
}

/* What the registry says of a metric, to be opened; null where it has no row. */
function meaning(metric_id) {
  const [said] = tables.metric_registry.rows({ metric_id });
  if (!said) return null;
  const place = element("details");
  const list = element("dl");
  for (const [term, text] of [
    ["means", said.definition], ["counts", said.unit_of_analysis], ["time", said.time_window],
    ["in doubt", said.edge_cases], ["act", said.actionable_signal], ["mistake", said.common_mistake],
    ["kind", `${words(said.layer)}, ${said.indicator_type}`], ["owner", words(said.owner)],
  ]) {
    if (text) list.append(element("dt", term), element("dd", text));
  }
  place.append(element("summary", "What it means"), list);
  return place;
}

function tile(row) {
  const place = element("div", undefined, "tile");
  const weeks = weeksOf(row.metric_id);
  place.append(
    element("h4", row.metric_name),
    element("div", metric(row.current_value, row.unit), "value"),
    element("div", row.change_text, "change"),
    element("div", STATUS[row.status], `status ${row.status}`),
  );
  if (weeks.length > 1) place.append(weekDrawing(row.metric_name, weeks, row.unit, row.metric_id));
  const list = element("dl");
  const say = (term, text) => list.append(element("dt", term), element("dd", text));
  say("week of", row.week_start_date ? dateText(local(row.week_start_date)) : "–");
  if (row.current_value_ci_lower !== null) {
    say("95 % range", `${metric(row.current_value_ci_lower, row.unit)} to ${metric(row.current_value_ci_upper, row.unit)}`);
  }
  say("users", row.user_count === null ? "–" : count(row.user_count));
  say("target", metric(row.target_value, row.unit));
  const band = row.benchmark_low === null && row.benchmark_high === null ? "–"
    : `${metric(row.benchmark_low, row.unit)} to ${metric(row.benchmark_high, row.unit)}`;
  say("benchmark", row.benchmark_position ? `${band}, ${row.benchmark_position}` : band);
  place.append(list);
  const said = meaning(row.metric_id);
  if (said) place.append(said);
  return place;
}

/* Rows by the values of a column, in the order in which these first occur. */
function rowsBy(rows, column) {
  const found = new Map();
  for (const row of rows) found.set(row[column], [...(found.get(row[column]) ?? []), row]);
  return found;
}

/* A metric under this build's definitions and earlier ones: the drawing, and a line for each version. */
function historyTile([metric_id, rows]) {
  const place = element("div", undefined, "tile");
  const [{ metric_name: name, unit } = { metric_name: metric_id, unit: "" }] = tables.kpi_scorecard.rows({ metric_id });
  const weeks = weeksOf(metric_id);
  place.append(element("h4", name));
  if (weeks.length > 1) place.append(weekDrawing(name, weeks, unit, metric_id));
  const list = element("dl");
  for (const [version, values] of rowsBy(rows, "definitions_version")) {
    const compared = values.filter((row) => row.difference !== null && row.is_comparable);
    const moved = compared.filter((row) => Math.abs(row.difference) > 1e-9);
    const mean = moved.length ? sum(moved, "difference") / moved.length : 0;
    const size = unit === "rate" ? `${(100 * mean).toFixed(1)} pp` : metric(mean, unit);
    const said = compared.length
      ? moved.length ? `${moved.length} of ${compared.length} weeks differ, now ${mean > 0 ? "+" : ""}${size} on average` : `no difference in ${compared.length} weeks`
      : "other data, so its differences are not those of definitions alone";
    const { valid_from_date: since, change, owner } = values[0];
    const logged = since ? `since ${dateText(local(since))}${owner ? `, ${owner}` : ""}${change ? `: ${change}` : ""}` : "not logged";
    list.append(element("dt", version), element("dd", `${said} (${logged})`));
  }
  place.append(list);
  return place;
}

const isAccount = () => tables.leads_to_hand_off.rows().some((row) => row.unit_type === "account");
/* An account is its own account. */
const leadColumns = () => ({
  [isAccount() ? "account" : "user"]: (row) => row.unit_id,
  ...(isAccount() ? {} : { account: (row) => row.account_id ?? "–" }),
  "what to do": (row) => words(row.recommended_action),
  "lead since": (row) => dateText(local(row.handed_off_date)),
  "score then": (row) => row.score_at_handoff.toFixed(1),
  "score now": (row) => row.score.toFixed(1),
  "why (what added most, then)": (row) => (row.top_signals ? words(row.top_signals) : "–"),
});
const leadCount = (...statuses) => {
  const found = sum(tables.lead_statuses.rows().filter((row) => statuses.includes(row.status)), "unit_count");
  return count(found);
};

const BAND_COLUMNS = {
  score: (row) => (row.scheme === "milestone_share" ? "milestones, percent" : words(row.scheme)),
  band: (row) => row.band,
  from: (row) => String(row.lower_bound),
  users: (row) => count(row.user_count),
  "share of all": (row) => share(row.user_count / data.users),
  qualified: (row) => (row.is_qualified ? "yes" : "–"),
};

const WAITING_COLUMNS = {
  "next milestone": ({ next_milestone_id: id }) => (id === null ? "none left" : milestoneNames.get(id) ?? id),
  users: (row) => count(row.user_count),
  share: (row, all) => share(row.user_count / all),
  "of them activated": (row) => count(row.activated_user_count),
  "active in the last 7 days": (row) => count(row.active_7_days_user_count),
  "8 to 30 days ago": (row) => count(row.active_30_days_user_count - row.active_7_days_user_count),
  "longer ago or never": (row) => count(row.user_count - row.active_30_days_user_count),
};

const OWN = {
  kpi_scorecard: {
    rows: () => tables.kpi_scorecard.rows().filter((row) => row.is_latest),
    population(card, rows) {
      return rows.some((row) => row.week_start_date) ? fill(card.population, card, rows)
        : "No week is closed for any metric yet: all users are still open.";
    },
    content(card, rows) {
      const tiles = element("div", undefined, "tiles");
      tiles.replaceChildren(...rows.map(tile));
      return tiles;
    },
  },
  metric_history_by_definition: {
    rows: () => tables.metric_history_by_definition.rows(),
    content(card, rows) {
      const tiles = element("div", undefined, "tiles");
      tiles.replaceChildren(...[...rowsBy(rows, "metric_id")].map(historyTile));
      return tiles;
    },
  },
  leads_to_hand_off: {
    said: {
      scheme: () => words(tables.lead_statuses.values("scheme")[0]),
      listed: () => count(tables.leads_to_hand_off.length),
      ...Object.fromEntries(["open", "converted", "withdrawn", "expired"].map((status) => [status, () => leadCount(status)])),
      closed: () => {
        const closed = leadCount("converted", "withdrawn", "expired");
        return closed === "0" ? null : closed;
      },
    },
    rows: () => tables.leads_to_hand_off.rows(),
    content(card, rows) {
      const all = leadColumns();
      const columns = Object.values(all);
      const names = Object.keys(all);
      const numbers = ["score then", "score now"].map((name) => names.indexOf(name));
      return table("", names, rows.map((row) => columns.map((column) => column(row))), numbers);
    },
  },
  pql_scores: {
    said: { leads: () => count(data.leads), users: () => count(data.users) },
    rows: () => (data.users ? tables.pql_scores.rows() : []),
    content(card, rows) {
      const columns = Object.values(BAND_COLUMNS);
      return table("", Object.keys(BAND_COLUMNS), rows.map((row) => columns.map((column) => column(row))), [2, 3, 4]);
    },
  },
  retention_by_cohort: {
    // A bracket is known by its days; other periods by their number.
    optional: "period_grain",
    placeText: (row) => (row.period_grain === "bracket" ? `${row.period_start_day}–${row.period_end_day}` : null),
  },
  users: {
    said: Object.fromEntries(["user", "activated_user", "open_user"].map((name) => [
      `${name}s`, () => count(sum(tables.users.rows(segment()), `${name}_count`)),
    ])),
    rows: () => tables.users.rows(segment()),
    content(card, rows) {
      const columns = Object.values(WAITING_COLUMNS);
      const all = sum(rows, "user_count");
      return table("", Object.keys(WAITING_COLUMNS), rows.map((row) => columns.map((column) => column(row, all))), [1, 2, 3, 4, 5, 6]);
    },
  },
  time_to_first_value_curve: {
    population(card, rows) {
      const watched = rows.filter((row) => row.at_risk_count);
      if (!watched.length) return "Nobody of this segment was seen from the signup on.";
      const last = watched.at(-1);
      const left = last.at_risk_count - last.event_count - last.censored_count;
      const end = left ? `where the curve ends: ${count(left)} were seen beyond it without` : "the last for which anybody was seen";
      return `${count(watched[0].at_risk_count)} signups, ${count(sum(watched, "event_count"))} of whom got to first value by the end of ` +
        `day ${last.day_number}, ${end}. Open: for ${count(sum(watched, "censored_count"))} the data end before; ` +
        "they count for as long as they were seen. Day 0 is the first 24 hours; each share is that at the day's end.";
    },
  },
};
