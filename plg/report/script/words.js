/* Numbers as people read them, and sentences with placeholders. */
const count = (value) => value.toLocaleString("en-US");
const share = (value) => `${(100 * value).toFixed(1)} %`;
const points = (value) => `${(100 * value).toFixed(1)} pp`;
const words = (text) => (text ? text.replaceAll("_", " ") : "–");
/* A value as text, by its unit: count, share, points, chance, number, days, text or words. */
function written(value, unit) {
  if (value === null || value === undefined) return "–";
  if (value instanceof Date) return dateText(value);
  if (unit === "words") return words(value);
  if (typeof value !== "number") return String(value).replaceAll("\u2060", "");
  if (unit === "share") return share(value);
  if (unit === "points") return points(value);
  if (unit === "chance") return value < 0.001 ? "< 0.001" : value.toFixed(3);
  if (unit === "count") return count(value);
  return value.toFixed(2);
}
const PERIODS = { month: "month of 30 days", bracket: "bracket of days", on_or_after: "day n or later" };
const choiceText = (name, value) => {
  if (name.endsWith("_days")) return value === 1 ? "1 day" : `${value} days`;
  if (name.endsWith("_count")) return value === 1 ? "once" : `${value} times`;
  if (name === "period_grain") return PERIODS[value] ?? words(String(value));
  return name.endsWith("milestone_id") ? milestoneNames.get(value) ?? String(value) : words(String(value));
};

/* Gives the words for a row's values of the columns `by`; what is the same in all rows goes without saying. */
function seriesOf(by, rows) {
  const telling = by.filter((name) => rows.some((row) => row[name] !== rows[0][name]));
  const [first, second] = by;
  if (first.startsWith("from_")) {
    const others = telling.filter((name) => name !== first && name !== second);
    return (row) => `${row[first]} to ${row[second]}${others.map((name) => ` (${row[name]})`).join("")}`;
  }
  if (first === "step_number") {
    const others = by.filter((name) => ![first, second, "is_optional"].includes(name));
    const step = (row) => `${row[first]} ${row[second]}${row.is_optional ? " (optional)" : ""}`;
    return (row) => [step(row), ...others.map((name) => row[name])].join(": ");
  }
  if (first.endsWith("milestone_id")) {
    const names = by.filter((name) => name.endsWith("milestone_id"));
    return (row) => names.map((name) => milestoneNames.get(row[name]) ?? row[name]).join(", then ");
  }
  const named = telling.length ? telling : [first];
  return (row) => named.map((name) => row[name]).join(", ");
}

/* The value of a placeholder such as `signup_count`, `last open` or `total row_count`; null where there is none. */
function placeholder(text, card, rows) {
  const [name, which] = text.split(" ").reverse();
  if (name in card.said) return card.said[name]();
  if (card.choices[name]) return choiceText(name, card.chosen(name));
  if (name === "signups") return count(signups());
  const unit = card.units[daysOf(name)];
  const value = (row) => row[daysOf(name)] ?? null;
  if (!rows.length) return null;
  if (which === "total") return written(sum(rows, name), unit);
  const told = which === "first" ? [rows[0]] : which === "last" ? [rows.at(-1)] : rows;
  const values = new Set(told.map(value));
  if (values.size === 1) return value(told[0]) === null ? null : written(value(told[0]), unit);
  return told.map((row) => `${row[card.by]} ${written(value(row), unit)}`).join(", ");
}

/* A sentence with its placeholders filled; [in brackets, left out where one has no value|or this is said]. */
function fill(sentence, card, rows) {
  const put = (text) => {
    let isWhole = true;
    const filled = text.replace(/{([\w ]+)}/g, (_, name) => {
      const value = placeholder(name, card, rows);
      if (value === null) isWhole = false;
      return value ?? "–";
    });
    return [filled, isWhole];
  };
  const chosen = sentence.replace(/\[([^\]|]*)(?:\|([^\]]*))?\]/g, (_, text, other = "") => {
    const [filled, isWhole] = put(text);
    return isWhole ? filled : put(other)[0];
  });
  return put(chosen)[0];
}
