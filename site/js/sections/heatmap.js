// Who is how fast at what: a table whose cells are tinted by their median, the number and its samples printed in each.
import { app } from '../app.js';
import { empty, fill, pending } from '../page/card.js';
import { CLASS_TEXT, HEAT_COLUMNS, HEAT_ROWS, IN_CLASSES, OUT_CLASSES } from '../config.js';
import { strip } from '../page/controls.js';
import { button, h, name } from '../page/dom.js';
import { exact } from '../figures/format.js';
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
  const cut = found.hiddenRows > 0 || found.hiddenColumns > 0 || isAll();
  const more =
    !bySize || found.hiddenRows > 0 || isAll()
      ? h(
          'p',
          { class: 'row more' },
          cut &&
            button(
              isAll()
                ? 'Show fewer'
                : `Show all ${found.rowCount} providers${bySize ? '' : ` and ${found.columnCount} models`}`,
              { 'data-key': 'heat-all' },
              () => {
                if (!app.unfolded.rows.delete('heatmap')) app.unfolded.rows.add('heatmap');
                renderHeatmap(view, change);
              },
            ),
        )
      : null;
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
    { data: found.data },
  );
}

/** @param {View} view */
function ordered(view, dim) {
  const sums = view.sums(`samples by ${dim}`, (block, i) => block[dim][i], false);
  return [...sums].sort((a, b) => b[1].sessions - a[1].sessions || a[0] - b[0]).map(([place]) => place);
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
  const models = ordered(view, 'model').filter((place) => place >= 0);
  const providers = ordered(view, 'provider').filter((place) => place >= 0);
  const columns = isAll() ? models : models.slice(0, HEAT_COLUMNS);
  const rows = isAll() ? providers : providers.slice(0, HEAT_ROWS);
  const heads = columns.map((place) => ({ id: view.store.names.model[place].id, label: view.label('model', place) }));
  const cells = grid(view, kind, columns, rows, (block, i) => block.model[i]);
  return {
    ...assemble(view, kind, heads, rows, cells),
    rowCount: providers.length,
    columnCount: models.length,
    hiddenRows: providers.length - rows.length,
    hiddenColumns: models.length - columns.length,
  };
}

/** @param {View} view */
function sizeGrid(view, kind) {
  const providers = ordered(view, 'provider').filter((place) => place >= 0);
  const rows = isAll() ? providers : providers.slice(0, HEAT_ROWS);
  const { word, classes, texts, of } = SIZE[kind];
  const heads = classes.map((label, i) => ({ id: label, label: `${label}: ${texts[i]} ${word} tokens` }));
  const cells = grid(view, kind, [0, 1, 2], rows, of);
  return {
    ...assemble(view, kind, heads, rows, cells),
    rowCount: providers.length,
    columnCount: 3,
    hiddenRows: providers.length - rows.length,
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
  const flatColumns = ['provider', 'column', 'label', 'p50', 'low', 'high', 'samples'].map((key) => ({
    key,
    label: key,
  }));
  return {
    columns,
    rows: rows.filter((row) => heads.some(({ id }) => row[id])),
    data: {
      name: `heatmap-${kind}`,
      title: `${SPEED[kind].title} by provider`,
      columns: flatColumns,
      rows: flat,
      head: { unit: SPEED[kind].unit, window: view.daysText, samples: exact(view.speed.sum[kind].total) },
    },
  };
}
