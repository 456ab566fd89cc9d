/* Lays out a flow: nodes of each step on top of each other, and bands between them. */
const NODE_WIDTH = 0.04;
const BAND_POINTS = 16;

function flowRows(figure, rows) {
  const links = rows.filter((row) => row[figure.columns[0].name] > 0).map((row) => ({
    ...row, step: row[figure.x], from: row[figure.source], to: row[figure.target], value: row[figure.columns[0].name],
  }));
  const nodes = new Map();
  const node = (step, label) => {
    const key = JSON.stringify([step, label]);
    if (!nodes.has(key)) nodes.set(key, { step, label, out: 0, in: 0, leaves: 0, arrives: 0 });
    return nodes.get(key);
  };
  for (const link of links) {
    node(link.step, link.from).out += link.value;
    node(link.step + 1, link.to).in += link.value;
  }
  const steps = [...new Set([...nodes.values()].map(({ step }) => step))].sort((a, b) => a - b);
  const size = ({ out, in: into }) => Math.max(out, into);
  const total = Math.max(0, ...steps.map((step) => sum([...nodes.values()]
    .filter((one) => one.step === step).map((one) => ({ size: size(one) })), "size")));
  const drawn = [];
  for (const step of steps) {
    let y = 0;
    const ofStep = [...nodes.values()].filter((one) => one.step === step).sort((a, b) => size(b) - size(a));
    for (const one of ofStep) {
      Object.assign(one, { y, leaves: y, arrives: y });
      drawn.push({
        part: "node", label: one.label, value: size(one), is_last: step === steps.at(-1),
        x: step, x2: step + NODE_WIDTH, y, y2: y + size(one), middle_y: y + size(one) / 2,
      });
      y += size(one) + total * 0.03;
    }
  }
  links.sort((a, b) => node(a.step, a.from).y - node(b.step, b.from).y || node(a.step + 1, a.to).y - node(b.step + 1, b.to).y);
  for (const link of links) {
    const start = node(link.step, link.from);
    const end = node(link.step + 1, link.to);
    for (let place = 0; place <= BAND_POINTS; place += 1) {
      const part = place / BAND_POINTS;
      const eased = part * part * (3 - 2 * part);
      const y = start.leaves + (end.arrives - start.leaves) * eased;
      drawn.push({
        ...link, part: "band", series: `${link.from} to ${link.to}, step ${link.step}`,
        x: link.step + NODE_WIDTH + (1 - NODE_WIDTH) * part, y, y2: y + link.value,
      });
    }
    start.leaves += link.value;
    end.arrives += link.value;
  }
  return drawn;
}
