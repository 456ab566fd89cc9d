"use strict";
/* Draws the charts from the packed tables, and draws them again when a filter changes.
   Nothing is computed here but rates, which are the quotient of two counts of the same row, intervals of k,
   seconds as days, and sums of users for the sentences. */
(async () => {
  const Z = 1.959963984540054;
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

  class Table {
    constructor({ length, columns }, quotients = {}) {
      Object.assign(this, { length, columns, quotients });
    }
    value(column, row) {
      return Array.isArray(column) ? column[row] : column.values[column.places[row]];
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
    /* Rows whose columns have these values, as objects. */
    rows(where = {}) {
      const tests = Object.entries(where).map(([name, wanted]) => {
        const column = this.columns[name];
        return Array.isArray(column) ? [column, wanted] : [column.places, column.values.indexOf(wanted)];
      });
      const places = where.segment_value
        ? this.bySegment.get(`${where.segment_type}|${where.segment_value}`) ?? []
        : Array.from({ length: this.length }, (_, row) => row);
      const found = [];
      for (const row of places) {
        if (tests.some(([values, wanted]) => values[row] !== wanted)) continue;
        const one = {};
        for (const [name, column] of Object.entries(this.columns)) one[name] = this.value(column, row);
        for (const [name, [above, below]] of Object.entries(this.quotients)) {
          one[name] = one[above] !== null && one[below] ? one[above] / one[below] : null;
        }
        found.push(one);
      }
      return found;
    }
  }
  const tables = Object.fromEntries(
    Object.entries(data.tables).map(([name, table]) => [name, new Table(table, data.quotients[name])]),
  );

  // ---- dates: shown as they are in the marts, whatever the reader's time zone
  const local = (text) => new Date(+text.slice(0, 4), +text.slice(5, 7) - 1, +text.slice(8, 10));
  const later = (date, days, months = 0) =>
    new Date(date.getFullYear(), date.getMonth() + months, date.getDate() + days);
  const { format: dateText } = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "2-digit" });

  // ---- numbers as people read them
  const count = (value) => value.toLocaleString("en-US");
  const share = (value) => `${(100 * value).toFixed(1)} %`;
  const number = (value, unit) => {
    if (value === null || value === undefined) return "–";
    if (unit === "rate") return share(value);
    return value.toFixed(2) + (unit === "days" ? " d" : "");
  };
  const sum = (rows, column) => rows.reduce((total, row) => total + row[column], 0);

  // ---- the state of the filters
  const state = { segment_type: "all", segment_value: "all", cohort_grain: "week", choices: {} };
  const segment = () => ({ segment_type: state.segment_type, segment_value: state.segment_value });
  const cohorts = () => ({ ...segment(), cohort_grain: state.cohort_grain });
  const together = () => ({ ...segment(), cohort_grain: "all" });
  const signups = () => sum(tables.time_to_first_value_by_cohort.rows(together()), "signup_count");
  const milestones = tables.milestones.rows();
  const paths = new Set(milestones.map((row) => row.path));
  const pathText = (path) => (paths.size > 1 ? ` (${path})` : "");
  const named = new Map(milestones.map((row) => [
    row.milestone_id, `${row.milestone_id} ${row.definition || ""}`.trim() + pathText(row.path),
  ]));
  const nameOf = (milestone) => named.get(milestone) ?? milestone;
  /* Rows of milestones in the order of the definitions. */
  const inOrder = (rows, column = "milestone_id") => {
    const place = new Map(milestones.map((row, number) => [row.milestone_id, number]));
    return rows.sort((a, b) => place.get(a[column]) - place.get(b[column]));
  };

  function withCohort(row) {
    const start = local(row.cohort_date);
    let end = later(start, 7);
    if (state.cohort_grain === "month") end = later(start, 0, 1);
    if (state.cohort_grain === "all") end = later(local(data.observed_until), 1);
    return { ...row, cohort_middle: (start.getTime() + end.getTime()) / 2, cohort_end: end };
  }
  /* Bars on top of each other, in this order. */
  function stacked(bars) {
    let top = 0;
    return bars.map((bar) => ({ ...bar, bottom: top, top: (top += bar.user_count) }));
  }
  /* Rows of cohorts with `is_open` and `is_all_open`: whether some of `all` users, and whether all, are still
     open, where `closed` tells how many are not. */
  function withOpen(rows, closed, all = signupsOf()) {
    return rows.map((row) => ({
      ...withCohort(row), is_open: closed(row) < all(row), is_all_open: closed(row) === 0 && all(row) > 0,
    }));
  }
  function signupsOf() {
    const sizes = new Map(tables.time_to_first_value_by_cohort.rows(cohorts())
      .map((row) => [row.cohort_date, row.signup_count]));
    return (row) => sizes.get(row.cohort_date);
  }
  const asDays = (seconds) => (seconds === null ? null : seconds / DAY);

  // ---- the cards: what each draws, for whom, and what it says where there is nothing to draw
  const windows = [...new Set(tables.activation_by_cohort.columns.window_days)].sort((a, b) => a - b);
  const cards = {
    activation: {
      choices: {
        window_days: {
          label: "Window", values: windows, text: (value) => (value === 1 ? "1 day" : `${value} days`), start: windows.at(-1),
        },
      },
      rows() {
        return tables.activation_by_cohort.rows({ ...cohorts(), window_days: this.chosen("window_days") });
      },
      nothing() {
        const total = signups();
        if (!total) return "Nobody signed up.";
        return this.rows().some((row) => row.eligible_user_count)
          ? null
          : `Nobody's ${this.chosen("window_days")} days have passed yet: all ${count(total)} signups are still open, ` +
            "so there is no rate to show.";
      },
      population() {
        const days = this.chosen("window_days");
        const [row] = tables.activation_by_cohort.rows({ ...together(), window_days: days });
        return `${count(row.signup_count)} signups. Open: ${count(row.signup_count - row.eligible_user_count)} are still inside ` +
          `their ${days} days and in no rate. Of the ${count(row.eligible_user_count)} others ` +
          `${count(row.activated_user_count)} activated${row.activation_rate === null ? "" : `, ${share(row.activation_rate)}`}. ` +
          "A hollow point has open users; where all are open, the ground is shaded.";
      },
      charts: {
        activation_rate() {
          return withOpen(this.rows(), (row) => row.eligible_user_count);
        },
        cohort_sizes() {
          return this.rows().flatMap((row) => stacked([
            { window: "closed", user_count: row.eligible_user_count },
            { window: "still open", user_count: row.signup_count - row.eligible_user_count },
          ]).map((bar) => ({ cohort_date: row.cohort_date, cohort_end: withCohort(row).cohort_end, ...bar })));
        },
      },
    },
    milestones: {
      ladder() {
        return inOrder(tables.milestone_completion_by_cohort.rows(together()))
          .map((row, place) => ({ ...row, place, label: nameOf(row.milestone_id) }));
      },
      nothing() {
        if (!milestones.length) return "No milestone is defined: milestones.csv has no rows.";
        if (!signups()) return "Nobody signed up.";
        return this.ladder().some((row) => row.eligible_user_count)
          ? null : `No milestone's timeframe has closed for anybody yet: all ${count(signups())} signups are still open.`;
      },
      population() {
        const total = signups();
        const open = this.ladder().map((row) => `${row.milestone_id} ${count(total - row.eligible_user_count)}`);
        return `${count(total)} signups. Open, still inside a milestone's timeframe and not in its rate: ${open.join(", ")}.`;
      },
      extra(place) {
        const steps = this.ladder().filter((row) => row.conversion_from_previous_rate !== null);
        place.replaceChildren(table(
          "Of those who completed the milestone before, how many completed this one, too, and how many did not (drop-off)",
          ["milestone", "completed the one before", "completed both", "share", "drop-off"],
          steps.map((row) => [
            row.label, count(row.previous_completed_user_count), count(row.completed_both_user_count),
            share(row.conversion_from_previous_rate), share(1 - row.conversion_from_previous_rate),
          ]),
        ));
      },
      charts: {
        milestone_ladder() { return this.ladder(); },
        milestone_completion() {
          const rows = inOrder(tables.milestone_completion_by_cohort.rows(cohorts()));
          return withOpen(rows, (row) => row.eligible_user_count)
            .map((row) => ({ ...row, label: nameOf(row.milestone_id) }));
        },
      },
    },
    velocity: {
      nothing() {
        const rows = tables.milestone_velocity_by_cohort.rows(together());
        if (!tables.milestone_velocity_by_cohort.length && signups()) {
          return "No path has two milestones, so there is no step from one to the next.";
        }
        if (!signups()) return "Nobody signed up.";
        return sum(rows, "progressed_user_count") ? null
          : "Nobody whose window has closed went on from a milestone to the next one yet.";
      },
      population() {
        const steps = this.steps(together());
        return `A user counts at each milestone reached that has a next one: ${count(sum(steps, "reached"))} in all. Open, the window since ` +
          `then still running and in no number: ${count(sum(steps, "open"))}; a hollow point has some. Who had reached the next one ` +
          `before (out of order) counts among those who did not go on: ${count(sum(steps, "out_of_order_user_count"))}.`;
      },
      /* The steps from milestone to milestone, with how many users reached the first of the two. */
      steps(where) {
        const reached = new Map(tables.milestone_reaches.rows(where)
          .map((row) => [`${row.cohort_date} ${row.milestone_id}`, row.reached_user_count]));
        return tables.milestone_velocity_by_cohort.rows(where).map((row) => {
          const users = reached.get(`${row.cohort_date} ${row.from_milestone_id}`) ?? 0;
          return { ...row, reached: users, open: users - row.eligible_user_count };
        });
      },
      extra(place) {
        place.replaceChildren(table(
          "All cohorts together. Who did the next one first (out of order) has completed both, and did not go on afterwards",
          ["step", "reached the first", "still open", "window closed", "went on afterwards", "share", "median days", "three of four within", "out of order"],
          inOrder(this.steps(together()), "from_milestone_id").map((row) => [
            `${row.from_milestone_id} to ${row.to_milestone_id}${pathText(row.path)}`, count(row.reached), count(row.open),
            count(row.eligible_user_count), count(row.progressed_user_count), number(row.progression_rate, "rate"), number(asDays(row.median_seconds)), number(asDays(row.p75_seconds)),
            count(row.out_of_order_user_count),
          ]),
        ));
      },
      charts: {
        milestone_velocity() {
          return withOpen(this.steps(cohorts()), (row) => row.eligible_user_count, (row) => row.reached).map((row) => ({
            ...row,
            step: `${row.from_milestone_id} to ${row.to_milestone_id}${pathText(row.path)}`,
            days: asDays(row.median_seconds),
          }));
        },
      },
    },
    first_value_curve: {
      /* Only days for which somebody was watched: after them, the mart carries the last share on. */
      curve() {
        return tables.time_to_first_value_curve.rows({ segment_type: state.segment_type })
          .filter((row) => row.at_risk_count)
          // Vega takes some texts, such as __proto__, for its own.
          .map((row) => ({ ...row, series: `${row.segment_value}\u2060` }));
      },
      nothing() {
        if (!signups()) return "Nobody signed up.";
        return this.curve().some((row) => row.event_count)
          ? null : "Nobody has got to first value within the days of this curve: all are still without it.";
      },
      population() {
        const rows = this.curve().filter((row) => row.segment_value === state.segment_value);
        const last = rows.at(-1);
        const left = last.at_risk_count - last.event_count - last.censored_count;
        const end = left ? `where the curve ends: ${count(left)} were seen beyond it without` : "the last for which anybody was seen";
        return `${count(rows[0].at_risk_count)} signups, ${count(sum(rows, "event_count"))} of whom got to first value by the end of ` +
          `day ${last.day_number}, ${end}. Open: for ${count(sum(rows, "censored_count"))} the data end before; ` +
          "they count for as long as they were seen. Day 0 is the first 24 hours; each share is that at the day's end.";
      },
      charts: { first_value_curve() { return this.curve(); } },
    },
    first_value_times: {
      rows() { return tables.time_to_first_value_by_cohort.rows(cohorts()); },
      nothing() {
        if (!signups()) return "Nobody signed up.";
        return this.rows().some((row) => row.reached_user_count)
          ? null : "Nobody whose window has closed got to first value in it, so there is no time to show.";
      },
      population() {
        const [row] = tables.time_to_first_value_by_cohort.rows(together());
        const median = row.km_median_time_to_first_value_days;
        const rate = row.reached_rate === null ? "" : `${share(row.reached_rate)} of `;
        return `${count(row.reached_user_count)} users who got there in time, ${rate}${count(row.eligible_user_count)} ` +
          `whose window has closed. Open: ${count(row.signup_count - row.eligible_user_count)} of ${count(row.signup_count)} signups. ` +
          (median === null ? "Fewer than half of all signups are known to get there in the time seen."
            : `Half of all signups get there by the end of day ${median} (day 0 is the first 24 hours).`);
      },
      charts: {
        first_value_times() {
          const quantiles = [["median", "median_time_to_first_value_seconds"],
            ["three of four", "p75_time_to_first_value_seconds"], ["nine of ten", "p90_time_to_first_value_seconds"]];
          return withOpen(this.rows(), (row) => row.eligible_user_count)
            .flatMap((row) => quantiles.map(([quantile, column]) => ({ ...row, quantile, days: asDays(row[column]) })));
        },
      },
    },
    retention: {
      titles: {
        retention_cells() {
          return `Share of each cohort that came back, by ${this.chosen("period_grain")} since ${this.chosen("cohort_anchor")}`;
        },
        retention_curves() {
          return `All cohorts together, by ${this.chosen("period_grain")} since each, with 95 % interval`;
        },
      },
      choices: {
        period_grain: { label: "By", values: ["day", "week"], text: (value) => value, start: "week" },
        cohort_anchor: {
          label: "Since", values: ["signup", "activation"], text: (value) => value, start: "signup",
        },
      },
      nothing() {
        const rows = tables.retention_curves.rows({
          ...segment(), cohort_anchor: this.chosen("cohort_anchor"), period_grain: this.chosen("period_grain"),
        });
        if (!signups()) return "Nobody signed up.";
        if (!rows.length) return "Nobody has activated, so nobody can come back after it.";
        return rows.some((row) => row.eligible_user_count)
          ? null : `No ${this.chosen("period_grain")} since ${this.chosen("cohort_anchor")} has ended for anybody yet.`;
      },
      population() {
        const rows = tables.retention_curves.rows({
          ...segment(), cohort_anchor: this.chosen("cohort_anchor"), period_grain: this.chosen("period_grain"),
        });
        const last = rows.at(-1);
        return `${count(last.cohort_user_count)} users. Open: for ${count(last.cohort_user_count - last.eligible_user_count)} ` +
          `${this.chosen("period_grain")} ${last.period_number} has not ended. A blank cell is open for all of its cohort, ` +
          "one with a ring for a part; it counts the others.";
      },
      charts: {
        retention_cells() {
          return tables.retention_by_cohort.rows({
            ...cohorts(), cohort_anchor: this.chosen("cohort_anchor"), period_grain: this.chosen("period_grain"),
          }).filter((row) => row.eligible_user_count).map((row) => ({
            ...row,
            is_open: row.eligible_user_count < row.cohort_user_count,
            cohort_label: state.cohort_grain === "all" ? "all cohorts" : dateText(local(row.cohort_date)),
          }));
        },
        retention_curves() {
          return tables.retention_curves.rows({ ...segment(), period_grain: this.chosen("period_grain") })
            .map((row) => ({ ...row, anchor: `since ${row.cohort_anchor}` }))
            .sort((a, b) => (a.cohort_anchor < b.cohort_anchor) - (a.cohort_anchor > b.cohort_anchor)
              || a.period_number - b.period_number);
        },
      },
    },
    growth_accounting: {
      rows() { return tables.growth_accounting_by_week.rows(segment()); },
      nothing() {
        if (!signups()) return "Nobody signed up.";
        if (!this.rows().length) return "No week has ended yet.";
        return this.rows().some((row) => row.active_user_count) ? null : "Nobody has been active in a week that has ended.";
      },
      population() {
        const last = this.rows().at(-1);
        return `${count(last.active_user_count)} active users in the week of ${last.week_start_date}, the last that has ended: ` +
          `${count(last.new_user_count)} new, ${count(last.retained_user_count)} retained, ${count(last.resurrected_user_count)} resurrected; ` +
          `${count(last.churned_user_count)} of the week before did not come. Open: the week under way is left out.`;
      },
      charts: {
        growth_accounting() {
          const bar = (row, kind) => ({ kind, user_count: row[`${kind}_user_count`] });
          return this.rows().flatMap((row) => [
            ...stacked(["retained", "resurrected", "new"].map((kind) => bar(row, kind))),
            { ...bar(row, "churned"), bottom: 0, top: -row.churned_user_count },
          ].map((one) => ({
            week_start_date: row.week_start_date, week_end_date: later(local(row.week_start_date), 7), ...one,
          })));
        },
      },
    },
    active_users: {
      rows() { return tables.active_users_by_day.rows(segment()); },
      nothing() {
        if (!signups()) return "Nobody signed up.";
        if (!this.rows().length) return "No day has ended yet.";
        return this.rows().some((row) => row.mau) ? null : "Nobody has been active on a day that has ended.";
      },
      population() {
        const last = this.rows().at(-1);
        return `${last.activity_date}, the last day that has ended: ${count(last.dau)} active users, ${count(last.wau)} in the 7 days ` +
          `and ${count(last.mau)} in the 30 days that end with it${last.stickiness_rate === null ? "" : `; dau / mau ${share(last.stickiness_rate)}`}. ` +
          "Open: the day under way is left out.";
      },
      charts: {
        active_users() {
          return this.rows().flatMap((row) => ["mau", "wau", "dau"].map((measure) => ({
            activity_date: row.activity_date, measure, user_count: row[measure],
          })));
        },
        stickiness() { return this.rows(); },
      },
    },
    referral: {
      rows() {
        return withOpen(tables.viral_coefficient_by_cohort.rows(cohorts()), (row) => row.cohort_user_count).map((row) => {
          // The score interval of a Poisson count over the users who could bring it.
          const users = row.cohort_user_count;
          const centre = row.invited_signup_count + Z * Z / 2;
          const half = Z * Math.sqrt(row.invited_signup_count + Z * Z / 4);
          return {
            ...row,
            k_factor_ci_lower: users ? Math.max(0, centre - half) / users : null,
            k_factor_ci_upper: users ? (centre + half) / users : null,
            days: asDays(row.median_viral_cycle_seconds),
          };
        });
      },
      nothing() {
        const [row] = tables.viral_coefficient_by_cohort.rows(together());
        if (!row) return "Nobody signed up.";
        if (!row.cohort_user_count) return `Nobody's window has closed yet: all ${count(signups())} signups are still open.`;
        return row.invitation_count || row.invited_signup_count
          ? null : `No invitation was sent and nobody signed up by one: k is 0 for ${count(row.cohort_user_count)} users.`;
      },
      population() {
        const [row] = tables.viral_coefficient_by_cohort.rows(together());
        const total = signups();
        return `${count(row.cohort_user_count)} users whose window has closed sent ${count(row.invitation_count)} invitations ` +
          `(i ${number(row.invitations_per_user)}), which brought ${count(row.invited_signup_count)} signups (c ` +
          `${number(row.invitation_conversion_rate)}): k ${number(row.k_factor)}. Open: ` +
          `${count(total - row.cohort_user_count)} of ${count(total)} signups.`;
      },
      charts: {
        viral_coefficient() { return this.rows(); },
        viral_parts() {
          const factors = [["i: invitations per user", "invitations_per_user"],
            ["c: signups per invitation", "invitation_conversion_rate"]];
          return this.rows().flatMap((row) => factors.map(([factor, column]) => ({ ...row, factor, value: row[column] })));
        },
        viral_cycle() { return this.rows(); },
      },
    },
    pql_conversion: {
      rows() { return tables.pql_conversion_by_cohort.rows(cohorts()); },
      nothing() {
        if (!signups()) return "Nobody signed up.";
        return this.rows().some((row) => row.activated_user_count)
          ? null : "Nobody whose timeframes have closed has activated, so there is no share to show.";
      },
      population() {
        const [row] = tables.pql_conversion_by_cohort.rows(together());
        const total = signups();
        return `${count(row.activated_user_count)} activated users, ${count(row.pql_user_count)} of them product-qualified; ` +
          `${count(row.pql_without_activation_count)} more qualified without activating. Open: ${count(total - row.eligible_user_count)} of ` +
          `${count(total)} signups, whose score may still rise.`;
      },
      charts: {
        pql_conversion() { return withOpen(this.rows(), (row) => row.eligible_user_count); },
      },
    },
    scorecard: {
      latest() { return tables.kpi_scorecard.rows().filter((row) => row.is_latest !== false); },
      nothing() {
        return this.latest().length ? null : "No metric has a target or a closed week.";
      },
      population() {
        const closed = this.latest().filter((row) => row.week_start_date);
        if (!closed.length) return "No week is closed for any metric yet: all users are still open.";
        return "Users who signed up in the week that each tile names (retention: who activated in it), the newest whose outcome is known; " +
          "later weeks are open, and not shown. Under users stands how many the value rests on. A few users make a value swing: look at it. Dashed: target. Grey band: benchmark, reported by reference material and unverified.";
      },
      extra(place) {
        const tiles = document.createElement("div");
        tiles.className = "tiles";
        tiles.replaceChildren(...this.latest().map(tile));
        place.replaceChildren(tiles);
      },
      charts: {},
    },
    leads: {
      nothing() {
        return tables.pql_scores.length ? null : "No user has a score above 0 yet.";
      },
      population() {
        return `${count(data.leads)} of ${count(data.users)} users are product-qualified leads. Listed: ${count(tables.pql_scores.length)}, ` +
          "by points, which fade when a user goes quiet; two schemes side by side, which may disagree. Open: a milestone can still be completed until " +
          "its timeframe ends, so scores of new users may rise.";
      },
      extra(place) {
        place.replaceChildren(table(
          "", ["user", "account", "qualified since", "milestone score", "milestone band", "milestone action", "points", "points band",
            "points action", "why"],
          tables.pql_scores.rows().map((row) => [
            row.user_id, row.account_id ?? "–",
            row.is_pql ? (row.qualified_at ?? "").slice(0, 10) || "yes" : "–",
            row.milestone_score.toFixed(2), row.milestone_band ?? "–", words(row.milestone_action),
            row.points_score.toFixed(1), row.points_band ?? "–", words(row.points_action), why(row),
          ]), [3, 6],
        ));
      },
      charts: {},
    },
    removed_rows: {
      rows() { return tables.data_quality_by_rule.rows(); },
      nothing() { return null; },
      population() {
        const total = sum(this.rows(), "row_count");
        return total ? `${count(total)} rows of users and events were removed.` : "No row was removed.";
      },
      extra(place) {
        place.replaceChildren(table(
          "", ["rule", "rows", "first seen (UTC)", "last seen (UTC)"],
          this.rows().sort((a, b) => b.row_count - a.row_count).map((row) => [
            words(row.rule_name), count(row.row_count), row.first_seen_at ?? "–", row.last_seen_at ?? "–",
          ]), [1],
        ));
      },
      charts: {},
    },
  };

  const words = (text) => (text ? text.replaceAll("_", " ") : "–");
  function why(row) {
    const parts = [];
    parts.push(row.completed_milestones ? `completed ${row.completed_milestones}` : "completed no milestone so far");
    if (row.behavior_points) parts.push(`${row.behavior_points.toFixed(1)} points for behaviour`);
    if (row.fit_points) parts.push(`${row.fit_points.toFixed(1)} for fit`);
    return parts.join("; ");
  }

  const STATUS = {
    met: "✓ target met", on_track: "↗ on track", improving: "↗ improving", stable: "→ stable",
    needs_attention: "! needs attention", unknown: "? unknown",
  };
  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }
  function tile(row) {
    const place = element("div", undefined, "tile");
    const weeks = tables.kpi_scorecard.rows({ metric_id: row.metric_id })
      .filter((week) => week.week_start_date).slice(-26);
    const change = row.week_over_week_change;
    const changed = change === null ? "no week before"
      : row.unit === "rate" ? `${change >= 0 ? "+" : "−"}${Math.abs(100 * change).toFixed(1)} points on the week before`
        : `${change >= 0 ? "+" : "−"}${number(Math.abs(change), row.unit)} on the week before`;
    place.append(
      element("h4", row.metric_name),
      element("div", number(row.current_value, row.unit), "value"),
      element("div", row.week_start_date ? changed : "no closed week", "change"),
      element("div", STATUS[row.status] ?? "? unknown", `status ${row.status ?? "unknown"}`),
    );
    const drawing = element("div", undefined, "drawing");
    if (weeks.length > 1) {
      drawing.setAttribute("role", "img");
      drawing.setAttribute("aria-label", `${row.metric_name}, ${weeks.length} weeks from ${number(weeks[0].current_value, row.unit)} to ${number(row.current_value, row.unit)}`);
      place.append(drawing);
      charts.push(new Chart(drawing, "scorecard_weeks", () => weeks));
    }
    const list = element("dl");
    const say = (term, text) => list.append(element("dt", term), element("dd", text));
    say("week of", row.week_start_date ? dateText(local(row.week_start_date)) : "–");
    say("users", row.user_count === null ? "–" : count(row.user_count));
    say("target", number(row.target_value, row.unit));
    const band = row.benchmark_low === null && row.benchmark_high === null ? "–"
      : `${number(row.benchmark_low, row.unit)} to ${number(row.benchmark_high, row.unit)}`;
    say("benchmark", row.benchmark_position ? `${band}, ${row.benchmark_position}` : band);
    place.append(list);
    return place;
  }

  function table(caption, headings, rows, numeric = headings.map((_, place) => place).slice(1)) {
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

  // ---- charts
  /* Lets the legend of colours show the dashes, too; Vega-Lite would make a second legend of them. */
  function withDashes(spec) {
    if (spec.scales.some((scale) => scale.name === "strokeDash")) {
      for (const legend of spec.legends ?? []) if (legend.stroke === "color") legend.strokeDash = "strokeDash";
    }
    return spec;
  }
  const MOST_ROWS = 400;
  const charts = [];
  class Chart {
    constructor(place, name, rows) {
      Object.assign(this, { place, name, rows, isStale: true, view: null });
    }
    height(rows) {
      return this.rowHeight * new Set(rows.map((row) => row[this.rowsOf])).size;
    }
    /* What can't be drawn says so: the drawing of another state of the filters must not stay. */
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
      const rows = this.rows().map((row) => Object.fromEntries(Object.entries(row).map(
        ([name, value]) => [name, name.endsWith("_date") && typeof value === "string" ? local(value) : value],
      )));
      if (this.view) {
        if (this.rowsOf) this.view.height(this.height(rows));
        await this.view.data("rows", rows).resize().runAsync();
      } else {
        const spec = structuredClone(data.specs[this.name]);
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

  function fillNumbers(figure, chart) {
    const hidden = /^(cohort_middle|cohort_end|week_end_date|bottom|top|place|series|is_open|is_all_open|label|cohort_label)$|_seconds$/;
    const isShare = (name) => /_rate|survival/.test(name) && name !== "invitation_conversion_rate";
    const place = one(".numbers .table", figure);
    if (!one(".numbers", figure).open) return place.replaceChildren();
    const rows = chart.rows();
    const names = rows.length ? Object.keys(rows[0]).filter((name) => !hidden.test(name)) : [];
    const text = (value, name) => {
      if (value === null || value === undefined) return "–";
      if (typeof value !== "number") return String(value);
      return isShare(name) ? share(value)
        : Number.isInteger(value) ? count(value) : value.toFixed(2);
    };
    const caption = rows.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${count(rows.length)} rows; all are in the mart.` : "";
    const numeric = names.map((name, place) => [name, place])
      .filter(([name]) => rows.some((row) => typeof row[name] === "number")).map(([, place]) => place);
    return place.replaceChildren(table(
      caption, names.map(words), rows.slice(0, MOST_ROWS).map((row) => names.map((name) => text(row[name], name))), numeric,
    ));
  }

  for (const [id, card] of Object.entries(cards)) {
    card.place = document.getElementById(id);
    card.chosen = (name) => state.choices[`${id}.${name}`] ?? card.choices[name].start;
    for (const [name, choice] of Object.entries(card.choices ?? {})) {
      const label = element("label", choice.label);
      const select = element("select");
      select.dataset.choice = name;
      choice.values.forEach((value) => {
        const option = element("option", choice.text(value));
        option.value = value;
        option.selected = value === choice.start;
        select.append(option);
      });
      select.addEventListener("change", () => {
        state.choices[`${id}.${name}`] = choice.values.find((value) => String(value) === select.value);
        update(card);
      });
      label.append(select);
      one(".choices", card.place).append(label);
    }
    card.figures = Object.entries(card.charts).map(([name, rows]) => {
      const figure = one(`[data-chart="${name}"]`, card.place);
      const chart = new Chart(one(".drawing", figure), name, rows.bind(card));
      charts.push(chart);
      one(".numbers", figure).addEventListener("toggle", () => fillNumbers(figure, chart));
      return { figure, chart };
    });
  }

  function appliesText(card) {
    const { segment: bySegment, grain, always } = data.applies[card.place.id];
    const users = state.segment_type === "all" ? "All users" : `${words(state.segment_type)}: ${state.segment_value}`;
    const by = { week: "cohorts by week", month: "cohorts by month", all: "all cohorts together" }[state.cohort_grain];
    return [bySegment ? users : null, grain ? by : null, always || null].filter(Boolean).join(" · ");
  }

  function update(card) {
    const nothing = card.nothing();
    one(".applies", card.place).textContent = appliesText(card);
    one(".nothing", card.place).hidden = !nothing;
    one(".nothing", card.place).textContent = nothing ?? "";
    one(".body", card.place).hidden = Boolean(nothing);
    one(".population", card.place).textContent = nothing ? "" : card.population();
    // What no filter changes is filled once.
    if (!nothing && card.extra && (!card.isFilled || card.figures.length)) {
      card.extra(one(".extra", card.place));
      card.isFilled = true;
    }
    for (const { figure, chart } of card.figures) {
      chart.isStale = true;
      const title = card.titles?.[chart.name]?.call(card);
      if (title) one("figcaption", figure).textContent = title;
      if (!nothing) fillNumbers(figure, chart);
    }
    return drawAll();
  }

  async function setFilter(change) {
    Object.assign(state, change);
    one("#segment").value = data.segments.findIndex(([type, value]) => type === state.segment_type && value === state.segment_value);
    one("#grain").value = state.cohort_grain;
    Object.values(cards).forEach(update);
    await drawAll();
    one(".changed").textContent = `Shown: ${state.segment_type === "all" ? "all users" : state.segment_value}, ` +
      `${{ week: "by week", month: "by month", all: "all together" }[state.cohort_grain]}.`;
  }
  one("#segment").addEventListener("change", (event) => {
    const [type, value] = data.segments[event.target.value];
    setFilter({ segment_type: type, segment_value: value });
  });
  one("#grain").addEventListener("change", (event) => setFilter({ cohort_grain: event.target.value }));

  Object.values(cards).forEach(update);
  window.growthReport = { state, segments: data.segments, setFilter, charts, drawAll };
})().catch((error) => {
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = "The charts can't be drawn; a browser from 2023 on is needed. The same numbers are in the " +
    `warehouse's schema marts. (${error})`;
  document.querySelector(".top").append(note);
  throw error;
});
