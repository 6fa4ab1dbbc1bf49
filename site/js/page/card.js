// A section of the page: its actions, its body, and the states in which it has nothing to show.
import { app } from '../app.js';
import { API } from '../config.js';
import { csv, json, save } from './csv.js';
import { announce, button, byId, h, partOf, replace } from './dom.js';
import { sorted, table } from './table.js';

/**
 * Fills a section. data: for the files and the table behind a chart. sources: the documents it was drawn from.
 *
 * @param {string} id
 * @param {Content[]} body
 * @param {{data?: TableData | null, asTable?: boolean, sources?: string[], extra?: HTMLElement[]}} options
 */
export function fill(id, body, { data = null, asTable = false, sources = [], extra = [] } = {}) {
  const section = byId(id);
  const actions = [...extra];
  const again = () => fill(id, body, { data, asTable, sources, extra });
  const shown = asTable && data && app.unfolded.tables.has(id);
  if (asTable && data) {
    actions.push(
      button(
        shown ? 'Hide table' : 'View as table',
        { 'aria-expanded': String(shown), 'data-key': `table-${id}` },
        () => {
          if (!app.unfolded.tables.delete(id)) app.unfolded.tables.add(id);
          again();
        },
      ),
    );
  }
  if (data) actions.push(...files(data));
  const isApi = sources.length > 0 && app.unfolded.commands.has(id);
  if (sources.length > 0) {
    const label = `API: ${data?.title ?? id}`;
    actions.push(
      button('API', { 'aria-label': label, 'aria-expanded': String(isApi), 'data-key': `api-${id}` }, () => {
        if (!app.unfolded.commands.delete(id)) app.unfolded.commands.add(id);
        again();
      }),
    );
  }
  replace(partOf(section, '.actions'), actions);
  const api = isApi ? commands(sources) : null;
  const grid = shown ? table(data, { caption: data.title, tall: false }) : null;
  replace(partOf(section, '.card-body'), api, grid, ...body);
  partOf(section, '.card-body').classList.remove('tall', 'mid');
}

/**
 * Commands that read the documents. A quote in an address is escaped, so that a shell takes it as a part of it.
 *
 * @param {string[]} sources
 */
function commands(sources) {
  const url = (file) => new URL(API + file, document.baseURI).href.replaceAll("'", '%27');
  return h(
    'div',
    { class: 'api' },
    h('p', { class: 'note' }, 'Drawn from these documents. They are public; no key is needed.'),
    h('pre', null, sources.map((file) => `curl --compressed '${url(file)}'`).join('\n')),
  );
}

/** @param {TableData} data */
function files(data) {
  const rows = sortedRows(data);
  const columns = data.fileColumns ?? data.columns;
  const summary = app.summary;
  const asOf = summary ? summary.asOfTime.slice(0, 16).replace(':', '') : '';
  const file = [data.name, data.span, asOf && `as-of-${asOf}Z`].filter(Boolean).join('_');
  const about = `${data.title}. As of ${summary?.asOfTime}, block ${summary?.asOfBlock}.`;
  const head = { ...data.head, window: data.window, asOfBlock: summary?.asOfBlock, asOfTime: summary?.asOfTime };
  const give = (kind, type, text) =>
    button(kind, { 'aria-label': `${data.title} as ${kind}`, 'data-key': `${kind}-${data.name}` }, () => {
      save(`${file}.${kind.toLowerCase()}`, type, text());
      announce(`${data.title}: ${kind} file made.`);
    });
  return [
    give('CSV', 'text/csv', () => `\ufeff${csv(columns, rows)}`),
    give('JSON', 'application/json', () => json(about, head, columns, rows)),
  ];
}

/** The rows in the order of the screen. */
function sortedRows(data) {
  const rows = data.sort ? sorted(data, data.sort) : data.rows;
  return data.rest ? [...rows, data.rest] : rows;
}

/** A section that waits for documents, or whose document failed: the others go on. */
export function pending(id, error, store) {
  const section = byId(id);
  const body = partOf(section, '.card-body');
  replace(partOf(section, '.actions'));
  if (!error) {
    if (body.getAttribute('aria-busy') !== 'true') {
      body.replaceChildren(h('p', { class: 'empty' }, 'Reading the cells this needs…'));
      body.setAttribute('aria-busy', 'true');
    }
    return;
  }
  const file = [...store.docs].find(([, doc]) => doc.error === error)?.[0];
  replace(
    body,
    failure(error, file, () => store.retry()),
  );
}

export function failure(error, file, retry) {
  return h(
    'div',
    { class: 'failure' },
    h('p', null, h('strong', null, 'These figures are not available now. '), error.message),
    h(
      'p',
      { class: 'row' },
      button('Try again', { 'data-key': 'retry' }, retry),
      file ? h('a', { href: API + file }, 'Open the document') : null,
    ),
  );
}

/** Draws a section and tells whether it could; one that breaks says so and leaves the others alone. */
export function guarded(id, draw) {
  try {
    draw();
    app.failed.delete(id);
    return true;
  } catch (error) {
    if (!app.failed.has(id)) console.error(`${id}:`, error);
    app.failed.set(id, error);
    replace(
      byId(id).querySelector('.card-body') ?? byId(id),
      h('p', { class: 'empty' }, 'These figures could not be drawn: the document is not as expected.'),
    );
    return false;
  }
}

export function empty(text, ...more) {
  return h('div', { class: 'empty' }, h('p', null, text), ...more);
}
