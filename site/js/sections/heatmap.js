// Who is how fast at what: a table whose cells are tinted by their median, the number and its samples printed in each.
import { app } from '../app.js';
import { empty, fill, pending } from '../page/card.js';
import { CLASS_TEXT, GATES, HEAT_COLUMNS, HEAT_ROWS, IN_CLASSES, OUT_CLASSES } from '../config.js';
import { strip } from '../page/controls.js';
import { button, h, name } from '../page/dom.js';
import { fits } from '../data/cells.js';
import { plural } from '../figures/format.js';
import { SPEED, speedOf } from '../figures/speed.js';
import { speedCell } from '../page/speed-cell.js';
import { table } from '../page/table.js';

const isAll = () => app.unfolded.rows.has('heatmap');
const STEPS = 5;

/** The volume that goes with a speed: what is read before the first token, what is written after it. */
const SIZE = {
  ttft: { word: 'input', classes: IN_CLASSES, texts: CLASS_TEXT.in, of: (block, i) => block.inClass[i] },
  tps: { word: 'output', classes: OUT_CLASSES, texts: CLASS_TEXT.out, of: (block, i) => block.outClass[i] },
};

/** @param {View} view */
export function renderHeatmap(view, change) {
  if (!view.cells.blocks) return pending('heatmap', view.cells.error, view.store);
  const { state } = view;
  const kind = state.heat;
  const bySize = state.heatby === 'size';
  const found = bySize ? sizeGrid(view, kind) : modelGrid(view, kind);
  const controls = h(
    'div',
    { class: 'controls' },
    strip(
      'Measure',
      'heat',
      [
        ['ttft', 'Time to first token'],
        ['tps', 'Tokens per second'],
      ],
      kind,
      change,
    ),
    strip(
      'Columns',
      'heatby',
      [
        ['model', 'By model'],
        ['size', `By ${SIZE[kind].word} volume`],
      ],
      state.heatby,
      change,
    ),
  );
  const shortAnswers =
    kind === 'tps' && !bySize && state.out === 'any'
      ? ' Short answers look slow: compare providers within one output volume.'
      : '';
  const lead = h(
    'p',
    { class: 'note' },
    `${SPEED[kind].title}: median over sessions in ${view.daysText}, ${SPEED[kind].better}; below it the 95 % ` +
      `interval and the number of samples. A deeper tint is faster.${shortAnswers}`,
  );
  if (found.rows.length === 0)
    return fill('heatmap', [controls, empty(`No speed samples in ${view.daysText} for this choice.`)]);
  const more = moreOf(found, bySize, () => {
    if (!app.unfolded.rows.delete('heatmap')) app.unfolded.rows.add('heatmap');
    renderHeatmap(view, change);
  });
  return fill(
    'heatmap',
    [
      controls,
      lead,
      table(
        { name: 'heatmap', columns: found.columns, rows: found.rows },
        { caption: `${SPEED[kind].title}: providers by ${bySize ? `${SIZE[kind].word} volume` : 'model'}` },
      ),
      more,
    ],
    { data: found.data, sources: view.cellSources },
  );
}

/** What is not shown, as a count, and the way to it. */
function moreOf({ hiddenRows, hiddenColumns, rowCount, columnCount }, bySize, toggle) {
  if (hiddenRows === 0 && hiddenColumns === 0 && !isAll()) return null;
  const hidden = [
    hiddenRows > 0 ? plural(hiddenRows, 'provider') : null,
    hiddenColumns > 0 ? plural(hiddenColumns, 'model') : null,
  ].filter(Boolean);
  const all = `Show all ${plural(rowCount, 'provider')}${bySize ? '' : ` and ${plural(columnCount, 'model')}`}`;
  return h(
    'p',
    { class: 'row more' },
    button(isAll() ? 'Show fewer' : all, { 'data-key': 'heat-all' }, toggle),
    hidden.length > 0 && h('small', null, `${hidden.join(' and ')} with fewer medians or samples hidden`),
  );
}

/**
 * Samples of each pair of a column and a provider, without their sketches: there may be thousands of pairs.
 *
 * @param {View} view
 * @returns {Map<string, number>}
 */
function samples(view, kind, columnOf) {
  return view.once(`pairs ${kind} ${view.state.heatby}`, () => {
    const found = new Map();
    const { choice } = view;
    for (const block of view.blocks) {
      for (let i = 0; i < block.n; i++) {
        const n = block[`${kind}Samples`][i];
        const column = columnOf(block, i);
        if (n === 0 || column < 0 || block.provider[i] < 0 || block.day[i] < choice.from || block.day[i] >= choice.to)
          continue;
        if (!fits(choice, block, i)) continue;
        const key = `${column} ${block.provider[i]}`;
        found.set(key, (found.get(key) ?? 0) + n);
      }
    }
    return found;
  });
}

/** Places with most cells that have a median first, then with most samples; `filled` of them have such a cell. */
function ordered(pairs, side) {
  const found = new Map();
  for (const [key, n] of pairs) {
    const place = Number(key.split(' ')[side]);
    const entry = found.get(place) ?? { filled: 0, samples: 0 };
    if (n >= GATES[50]) entry.filled++;
    entry.samples += n;
    found.set(place, entry);
  }
  const order = ([a, one], [b, two]) => two.filled - one.filled || two.samples - one.samples || a - b;
  const sorted = [...found].sort(order);
  return { places: sorted.map(([place]) => place), filled: sorted.filter(([, { filled }]) => filled > 0).length };
}

function tint(grid, kind) {
  const values = [...grid.values()]
    .map((found) => found.value)
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  return (value) => {
    if (value === null || values.length < 2) return '';
    const below = values.findIndex((other) => other >= value);
    const step = Math.min(STEPS - 1, Math.floor((STEPS * below) / values.length));
    return `t${kind === 'ttft' ? STEPS - 1 - step : step}`;
  };
}

/** @param {View} view */
function grid(view, kind, columns, rows, columnOf) {
  const at = new Map(columns.map((column, k) => [column, k]));
  const line = new Map(rows.map((row, k) => [row, k]));
  const sums = view.sums(`heat ${kind} ${view.state.heatby} ${columns.length} ${rows.length}`, (block, i) => {
    const c = at.get(columnOf(block, i));
    const r = line.get(block.provider[i]);
    return c === undefined || r === undefined ? -1 : r * columns.length + c;
  });
  const found = new Map();
  for (const [key, sum] of sums) if (sum[kind].total > 0) found.set(key, speedOf(sum[kind], kind));
  return found;
}

/** @param {View} view */
function modelGrid(view, kind) {
  const columnOf = (block, i) => block.model[i];
  const pairs = samples(view, kind, columnOf);
  const [models, providers] = [ordered(pairs, 0), ordered(pairs, 1)];
  const shown = (side, most) => (isAll() ? side.places : side.places.slice(0, Math.min(most, side.filled || most)));
  const columns = shown(models, HEAT_COLUMNS);
  const rows = shown(providers, HEAT_ROWS);
  const heads = columns.map((place) => ({ id: view.store.names.model[place].id, label: view.label('model', place) }));
  const cells = grid(view, kind, columns, rows, columnOf);
  return {
    ...assemble(view, kind, heads, rows, cells),
    rowCount: providers.places.length,
    columnCount: models.places.length,
    hiddenRows: providers.places.length - rows.length,
    hiddenColumns: models.places.length - columns.length,
  };
}

/** @param {View} view */
function sizeGrid(view, kind) {
  const { word, classes, texts, of } = SIZE[kind];
  const providers = ordered(samples(view, kind, of), 1);
  const rows = isAll() ? providers.places : providers.places.slice(0, HEAT_ROWS);
  const heads = classes.map((label, i) => ({ id: label, label: `${label}: ${texts[i]} ${word} tokens` }));
  const cells = grid(view, kind, [0, 1, 2], rows, of);
  return {
    ...assemble(view, kind, heads, rows, cells),
    rowCount: providers.places.length,
    columnCount: 3,
    hiddenRows: providers.places.length - rows.length,
    hiddenColumns: 0,
  };
}

/** @param {View} view */
function assemble(view, kind, heads, places, cells) {
  const toneOf = tint(cells, kind);
  const columns = [
    { key: 'label', label: 'Provider', show: (value) => h('span', { class: 'nowrap' }, name(value)) },
    ...heads.map(({ id, label }) => ({
      key: id,
      label,
      head: name(label),
      num: true,
      show: (found) => found && h('span', { class: `heat ${toneOf(found.value)}` }, speedCell(found, kind)),
    })),
  ];
  const rows = places.map((place, r) => ({
    id: view.store.names.provider[place].id,
    label: view.label('provider', place),
    ...Object.fromEntries(heads.map(({ id }, c) => [id, cells.get(r * heads.length + c) ?? null])),
  }));
  for (const column of columns.slice(1)) {
    const { show } = column;
    column.show = (found) => (found ? show(found) : h('span', { class: 'none' }, '–'));
  }
  const flat = rows.flatMap((row) =>
    heads
      .filter(({ id }) => row[id])
      .map(({ id, label }) => ({
        provider: row.id,
        column: id,
        label,
        p50: row[id].value,
        low: row[id].low,
        high: row[id].high,
        samples: row[id].n,
      })),
  );
  const { title, unit, digits } = SPEED[kind];
  const flatColumns = [
    { key: 'provider', label: 'Provider address' },
    { key: 'column', label: view.state.heatby === 'size' ? 'Volume' : 'Model id' },
    { key: 'label', label: view.state.heatby === 'size' ? 'Tokens' : 'Model' },
    { key: 'p50', label: 'Median', unit, digits },
    { key: 'low', label: 'Median from', unit, digits },
    { key: 'high', label: 'Median to', unit, digits },
    { key: 'samples', label: 'Samples' },
  ];
  return {
    columns,
    rows: rows.filter((row) => heads.some(({ id }) => row[id])),
    data: {
      name: `heatmap-${kind}`,
      title: `${title} by provider, ${view.daysText}`,
      columns: flatColumns,
      rows: flat,
      window: view.daysText,
      span: view.span,
      head: { unit, samples: view.speed?.sum[kind].total },
    },
  };
}
