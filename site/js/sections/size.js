// Does size go with speed? Medians by size of session, and a rank correlation with its interval.
import { empty, fill, pending } from '../page/card.js';
import { CLASS_TEXT, IN_CLASSES, OUT_CLASSES } from '../config.js';
import { h, name } from '../page/dom.js';
import { decimal, exact } from '../figures/format.js';
import { Sketch } from '../data/sketch.js';
import { SPEED, needs, speedOf } from '../figures/speed.js';
import { speedCell } from '../page/speed-cell.js';
import { spearman } from '../figures/stats.js';
import { table } from '../page/table.js';

const MODELS = 8;

/** @param {View} view */
export function renderSize(view) {
  if (!view.cells.blocks) return pending('size', view.cells.error, view.store);
  const sums = view.sums('sizes', (block, i) => (block.inClass[i] < 0 ? -1 : block.inClass[i] * 3 + block.outClass[i]));
  if (sums.size === 0) return fill('size', [empty(`No session with token totals in ${view.daysText}.`)]);
  const blocks = ['ttft', 'tps'].map((kind) => half(view, sums, kind));
  const rows = [];
  for (const [key, sum] of [...sums].sort((a, b) => a[0] - b[0])) {
    for (const kind of ['ttft', 'tps']) {
      const found = speedOf(sum[kind], kind);
      rows.push({
        kind,
        measure: SPEED[kind].title,
        unit: SPEED[kind].unit,
        input: IN_CLASSES[Math.floor(key / 3)],
        output: OUT_CLASSES[key % 3],
        sessions: sum.sessions,
        samples: found.n,
        p50: found.value,
        low: found.low,
        high: found.high,
      });
    }
  }
  const columns = [
    { key: 'measure', label: 'Measure' },
    { key: 'input', label: 'Input volume' },
    { key: 'output', label: 'Output volume' },
    { key: 'sessions', label: 'Sessions' },
    { key: 'samples', label: 'Samples' },
    { key: 'unit', label: 'Unit' },
    { key: 'p50', label: 'Median', digits: 1 },
    { key: 'low', label: 'Median from', digits: 1 },
    { key: 'high', label: 'Median to', digits: 1 },
  ];
  return fill(
    'size',
    [
      h(
        'p',
        { class: 'note' },
        `Sessions in ${view.daysText} by their own totals: volume over a whole session, not the length of a prompt.`,
      ),
      h('div', { class: 'pair inner' }, blocks),
    ],
    {
      data: {
        name: 'speed-by-size',
        title: `Speed by size of session, ${view.daysText}`,
        columns,
        rows,
        window: view.daysText,
        span: view.span,
      },
      sources: view.cellSources,
    },
  );
}

/** @param {View} view */
function half(view, sums, kind) {
  const columns = [
    { key: 'label', label: 'Input \\ output', show: (value, row) => [value, h('small', null, row.text)] },
    ...OUT_CLASSES.map((size, o) => ({
      key: size,
      label: size,
      head: [size, h('small', null, CLASS_TEXT.out[o])],
      num: true,
      show: (found) => (found ? speedCell(found, kind) : '–'),
    })),
  ];
  const rows = IN_CLASSES.map((size, i) => ({
    id: size,
    label: size,
    text: CLASS_TEXT.in[i],
    ...Object.fromEntries(
      OUT_CLASSES.map((out, o) => [
        out,
        sums.has(i * 3 + o) && sums.get(i * 3 + o)[kind].total > 0 ? speedOf(sums.get(i * 3 + o)[kind], kind) : null,
      ]),
    ),
  }));
  const side = kind === 'ttft' ? 'input' : 'output';
  const found = correlation([...sums], kind, (key) => (kind === 'ttft' ? Math.floor(key / 3) : key % 3));
  return h(
    'div',
    null,
    h('h3', null, SPEED[kind].title),
    table(
      { name: `size-${kind}`, columns, rows },
      { caption: `${SPEED[kind].title}: medians by input and output volume` },
    ),
    h('h4', null, `${SPEED[kind].short} against ${side} volume`),
    h('p', { class: 'plain' }, words(found)),
    kind === 'tps' && isRising(found)
      ? h(
          'p',
          { class: 'notice' },
          'Mostly an artefact: a receipt’s speed includes the wait for the first token and whole-second ' +
            'rounding, so short answers look slow. With a constant true speed of 50 tokens/s and a wait of 1.2 s ' +
            'a receipt says 8.0 at 10 output tokens, 36 at 150 and 49.3 at 4,000. Compare providers only ' +
            'within one output size.',
        )
      : null,
    perModel(view, kind),
  );
}

function correlation(sums, kind, classOf) {
  const sketches = [new Sketch(), new Sketch(), new Sketch()];
  for (const [key, sum] of sums) sketches[classOf(key)].merge(sum[kind]);
  return spearman(sketches);
}

/** Whether a value clearly goes up with volume. @param {{rho: number | null, low?: number}} found */
export const isRising = ({ rho, low }) => rho !== null && low !== undefined && low > 0;

function words(found) {
  if (found.lacks > 0) return `n=${exact(found.n)}: ${needs(found.lacks)}.`;
  if (found.rho === null) return `n=${exact(found.n)}: all in one size class, nothing to compare.`;
  const range =
    `Spearman ρ = ${signed(found.rho)} [${signed(found.low)} to ${signed(found.high)}], ` +
    `n=${exact(found.n)}, by size class`;
  if (found.low <= 0 && found.high >= 0) return `No clear relationship. ${range}.`;
  const strength = Math.abs(found.rho) < 0.3 ? 'Weakly' : Math.abs(found.rho) < 0.6 ? 'Moderately' : 'Strongly';
  return `${strength} ${found.rho > 0 ? 'rising' : 'falling'} with volume. ${range}.`;
}

/** @param {View} view */
function perModel(view, kind) {
  const totals = [...view.sums('samples by model', (block, i) => block.model[i], false)]
    .sort((a, b) => b[1].sessions - a[1].sessions)
    .slice(0, MODELS);
  const top = new Map(totals.map(([place], k) => [place, k]));
  const sums = view.sums('sizes by model', (block, i) =>
    block.inClass[i] < 0 || !top.has(block.model[i])
      ? -1
      : (top.get(block.model[i]) ?? 0) * 9 + block.inClass[i] * 3 + block.outClass[i],
  );
  const items = [...top].map(([place, k]) => {
    const mine = [...sums].filter(([key]) => Math.floor(key / 9) === k).map(([key, sum]) => [key % 9, sum]);
    return h(
      'li',
      null,
      name(view.label('model', place)),
      `: ${words(correlation(mine, kind, (key) => (kind === 'ttft' ? Math.floor(key / 3) : key % 3)))}`,
    );
  });
  return h(
    'details',
    null,
    h('summary', null, `By model (${items.length} with most sessions)`),
    h('ul', { class: 'plain' }, items),
  );
}

const signed = (value) => decimal(value, 2).replace('-', '−');
