// Real tables: a caption, scopes, and headers that sort.
import { button, h } from './dom.js';

/** @type {WeakMap<Element, HTMLElement>} what says that a table is wider than its place */
const hints = new WeakMap();
/** @type {ResizeObserver | null} */
let fits = null;

/** Shows the hint while the table is wider than its place. */
function watch(scroll, hint) {
  fits ??= new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const found = hints.get(target);
      if (found) found.hidden = target.scrollWidth <= target.clientWidth;
    }
  });
  hints.set(scroll, hint);
  fits.observe(scroll);
}

/**
 * `show(value, row)` of a column makes a cell's content. `rest`, a row of what belongs to no other, stands below them
 * however they are sorted. sort: "key.desc"; onSort(text) is told the new one.
 *
 * @param {TableData} data
 * @param {{caption?: string, sort?: string | null, onSort?: ((sort: string) => void) | null, limit?: number,
 *   onAll?: (() => void) | null, tall?: boolean}} options
 */
export function table(data, { caption, sort = null, onSort = null, limit = Infinity, onAll = null, tall = true } = {}) {
  const rows = sort ? sorted(data, sort) : data.rows;
  const shown = rows.slice(0, limit);
  const foot = [data.rest, data.total].filter(Boolean);
  const element = h(
    'table',
    null,
    h('caption', { class: 'sr' }, caption),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        data.columns.map((column) => header(column, sort, onSort)),
      ),
    ),
    h(
      'tbody',
      null,
      shown.map((row) =>
        h(
          'tr',
          null,
          data.columns.map((column, i) => bodyCell(column, row, i)),
        ),
      ),
    ),
    foot.length > 0 &&
      h(
        'tfoot',
        null,
        foot.map((row) =>
          h(
            'tr',
            null,
            data.columns.map((column, i) => bodyCell(column, row, i)),
          ),
        ),
      ),
  );
  const more =
    rows.length > shown.length && onAll
      ? button(`Show all ${rows.length}`, { 'data-key': `all-${data.name}` }, onAll)
      : null;
  const scroll = h(
    'div',
    {
      class: tall ? 'scroll' : 'scroll low',
      tabindex: 0,
      role: 'region',
      'aria-label': caption,
      'data-key': `scroll-${data.name}`,
    },
    element,
  );
  const hint = h('p', { class: 'note scroll-hint', hidden: true }, 'Scroll sideways for more columns.');
  watch(scroll, hint);
  return h(
    'div',
    { class: 'table' },
    hint,
    scroll,
    more && h('p', { class: 'row more' }, more),
  );
}

function bodyCell(column, row, i) {
  const value = row[column.key];
  const content = column.show ? column.show(value, row) : (value ?? '–');
  const attributes = { class: column.num ? 'num' : null };
  return i === 0 ? h('th', { scope: 'row', ...attributes }, content) : h('td', attributes, content);
}

function header(column, sort, onSort) {
  const attributes = { scope: 'col', class: column.num ? 'num' : null };
  if (!onSort || column.sort === false) return h('th', attributes, column.head ?? column.label);
  const [key, direction] = sort.split('.');
  const on = key === column.key;
  const next = on && direction === 'desc' ? 'asc' : 'desc';
  return h(
    'th',
    { ...attributes, 'aria-sort': on ? (direction === 'desc' ? 'descending' : 'ascending') : null },
    button(
      [
        on ? h('span', { class: 'arrow', 'aria-hidden': 'true' }, direction === 'desc' ? '↓ ' : '↑ ') : '',
        column.label,
      ],
      { class: 'btn sort', 'data-key': `sort-${column.key}` },
      () => onSort(`${column.key}.${next}`),
    ),
  );
}

/** Unknown values stand last, whichever way it is sorted. */
export function sorted(data, sort) {
  const [key, direction] = sort.split('.');
  const sign = direction === 'asc' ? 1 : -1;
  const missing = (value) => Number(value === null || value === undefined);
  return [...data.rows].sort((one, two) => {
    const a = one[key];
    const b = two[key];
    if (missing(a) || missing(b)) return missing(a) - missing(b);
    const order = typeof a === 'string' ? a.localeCompare(b, 'en') : a - b;
    return sign * order || (one.id < two.id ? -1 : 1);
  });
}
