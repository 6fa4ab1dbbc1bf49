// Stuck sessions.
import { empty, fill, pending } from '../page/card.js';
import { h, s } from '../page/dom.js';
import { address, date, exact, mor, percent, plural } from '../figures/format.js';
import { table } from '../page/table.js';

const STUCK = 'stuck-sessions.json';
const AGES = [
  ['under1h', 'under 1 hour'],
  ['from1hTo24h', '1 to 24 hours'],
  ['over24h', 'over 24 hours'],
];

export function stat(label, value, sub) {
  return h('div', { class: 'stat' }, h('dt', null, label), h('dd', null, value, sub ? h('small', null, sub) : null));
}

/** @param {View} view */
export function renderStuck(view) {
  view.store.need(STUCK);
  const doc = view.store.data(STUCK);
  if (!doc) return pending('stuck', view.store.error(STUCK), view.store);
  const lead = h(
    'p',
    { class: 'note' },
    'Open past their agreed end and closed by nobody. Stuck is rarely the provider’s doing: the consumer closes. ' +
      'The filters do not apply here.',
  );
  const columns = [
    { key: 'provider', label: 'Provider', show: (value) => h('bdi', { class: 'mono', title: value }, address(value)) },
    { key: 'count', label: 'Stuck sessions', num: true, show: exact },
    { key: 'morLocked', label: 'Locked', unit: 'MOR', digits: 2, num: true, show: mor },
  ];
  const data = {
    name: 'stuck-sessions',
    title: 'Stuck sessions by provider',
    columns,
    rows: doc.topProviders.map((row) => ({ ...row, id: row.provider })),
    head: { readAtBlock: doc.asOfBlock, readAtTime: doc.asOfTime },
  };
  const stats = h(
    'dl',
    { class: 'stats' },
    stat('Stuck', exact(doc.stuckExpired)),
    stat('MOR locked', mor(doc.morLocked)),
    stat('Still running', exact(doc.openActive)),
  );
  const gap =
    doc.closedWithoutEvent > 0
      ? h(
          'p',
          { class: 'notice' },
          `${plural(doc.closedWithoutEvent, 'session')} closed on chain without a close event seen: a gap in the ` +
            `scan, or a settlement without the event.`,
        )
      : null;
  const behind =
    doc.asOfBlock !== view.store.summary.asOfBlock
      ? h('p', { class: 'note' }, `As of block ${exact(doc.asOfBlock)}.`)
      : null;
  if (doc.stuckExpired === 0) return fill('stuck', [lead, stats, empty('No session is stuck.'), gap, behind]);
  return fill('stuck', [lead, stats, ages(doc), table(data, { caption: data.title }), gap, behind], {
    data,
    sources: [STUCK],
  });
}

function ages(doc) {
  const all = doc.stuckExpired;
  let x = 0;
  const bar = s(
    'svg',
    { class: 'agebar', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    AGES.map(([key], i) => {
      const width = (100 * (doc.byAge[key] ?? 0)) / all;
      const rect = s('rect', { class: `age${i}`, x, width, height: 10 });
      x += width;
      return rect;
    }),
  );
  const items = AGES.map(([key, text], i) =>
    h(
      'li',
      null,
      s(
        'svg',
        { class: 'swatch', width: 12, height: 12, 'aria-hidden': 'true' },
        s('rect', { class: `age${i}`, width: 12, height: 12, rx: 2 }),
      ),
      `${text} `,
      h('b', null, exact(doc.byAge[key])),
      h('span', { class: 'legend-share' }, percent(doc.byAge[key], all)),
    ),
  );
  return h('div', { class: 'ages' }, h('h3', null, 'Time since their end'), bar, h('ul', { class: 'legend' }, items));
}

/** What the first and the last close say; either may not be known. */
export function closeSpan({ firstCloseAt, lastCloseAt }) {
  if (!firstCloseAt) return 'No close is known yet.';
  const from = date(Date.parse(firstCloseAt));
  return lastCloseAt ? `Closes from ${from} to ${date(Date.parse(lastCloseAt))}.` : `Closes from ${from} on.`;
}
