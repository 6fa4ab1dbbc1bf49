// Which provider is measured best, for a model and a size of session: with samples, interval and runner-up, or why
// there is none.
import { empty, fill, pending } from '../page/card.js';
import { CLASS_TEXT, IN_CLASSES, OUT_CLASSES } from '../config.js';
import { choose } from '../page/controls.js';
import { h } from '../page/dom.js';
import { address, date, decimal, exact, plural } from '../figures/format.js';
import { SPEED } from '../figures/speed.js';

const DOC = 'rollup/recommendations.json';
const KIND = { ttftMs: 'ttft', tps: 'tps' };
const LACKS = {
  samples: (c) => `needs ${plural(c.needsSamples, 'more session')}`,
  users: (c) => `has ${plural(c.users, 'wallet')}, needs 5`,
  days: (c) => `has ${plural(c.activeDays, 'active day')}, needs 3`,
  agreement: (c) =>
    c.disputedPct === null
      ? 'share of disputes not known'
      : `${decimal(c.disputedPct, 1)}% disputed, must be below 10%`,
  recency: () => 'no session for a week',
};

/** @param {View} view */
export function renderRecommendations(view, change) {
  view.store.need(DOC);
  const doc = view.store.data(DOC);
  if (!doc) return pending('recommendations', view.store.error(DOC), view.store);
  const found = doc.recommendations;
  const lead = h(
    'p',
    { class: 'note' },
    `In closed-session receipts reported by the providers themselves, ${plural(doc.days, 'day')} from ` +
      `${date(Date.parse(`${doc.firstDay}T00:00:00Z`))}, whatever the range, provider and volume filters. ` +
      `Session volume, never prompt length.`,
  );
  if (found.length === 0) return fill('recommendations', [lead, empty('No model has a speed sample in these days.')]);
  const chosen = chosenModel(view.state, doc, found);
  const title = (place) => doc.models[place].name ?? doc.models[place].id;
  const options = modelsByWeight(found).map((place) => [
    doc.models[place].id,
    `${title(place)} (${doc.models[place].id.slice(0, 8)})`,
  ]);
  const mine = found.filter((one) => one.model === chosen);
  const group = (measure, classes, key) =>
    classes.map((size, i) =>
      card(
        mine.find((one) => one.measure === measure && one[key] === size),
        measure,
        size,
        i,
        doc,
        key,
      ),
    );
  const body = [
    h('div', { class: 'controls' }, choose('Model', 'rec', options, doc.models[chosen].id, change)),
    lead,
    h('h3', null, 'Shortest wait for the first token'),
    h('div', { class: 'recs' }, group('ttftMs', IN_CLASSES, 'inputClass')),
    h('h3', null, 'Most tokens per second'),
    h('div', { class: 'recs' }, group('tps', OUT_CLASSES, 'outputClass')),
  ];
  return fill('recommendations', body, { data: dataOf(doc, mine, view), asTable: true });
}

function modelsByWeight(found) {
  const weight = new Map();
  for (const one of found)
    weight.set(one.model, (weight.get(one.model) ?? 0) + one.candidates.reduce((sum, c) => sum + c.samples, 0));
  return [...weight].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([place]) => place);
}

function chosenModel(state, doc, found) {
  const places = modelsByWeight(found);
  const wanted = [state.rec, ...state.model];
  return (
    places.find((place) => doc.models[place].id === wanted.find((id) => places.some((p) => doc.models[p].id === id))) ??
    places[0]
  );
}

function card(one, measure, size, i, doc, key) {
  const side = key === 'inputClass' ? ['input', CLASS_TEXT.in] : ['output', CLASS_TEXT.out];
  const head = [
    h('h4', null, `${size[0].toUpperCase()}${size.slice(1)} ${side[0]} volume`),
    h('p', { class: 'note' }, `Sessions with ${side[1][i]} ${side[0]} tokens`),
  ];
  if (!one)
    return h(
      'article',
      { class: 'rec' },
      head,
      h('p', { class: 'rec-main' }, 'No samples'),
      h('p', { class: 'note' }, 'No session of this size has a speed.'),
    );
  return h('article', { class: `rec ${one.outcome}` }, head, ...outcome(one, KIND[measure], doc));
}

function who(doc, place) {
  return h('bdi', { class: 'name mono', title: doc.providers[place] }, address(doc.providers[place]));
}

function outcome(one, kind, doc) {
  const of = (place) => one.candidates.find((c) => c.provider === place);
  const { format } = SPEED[kind];
  const value = (c) => `${format(c.p50)} [${format(c.p50Low)} to ${format(c.p50High)}], n=${exact(c.samples)}`;
  if (one.outcome === 'winner') {
    const [best, second] = [of(one.winner), of(one.runnerUp)];
    return [
      h('p', { class: 'rec-main' }, who(doc, one.winner)),
      h('p', null, value(best)),
      h(
        'p',
        { class: 'note' },
        `Confidence ${one.confidence}. `,
        'Next: ',
        who(doc, one.runnerUp),
        `, ${value(second)}; gap ${format(one.gap)}.`,
      ),
    ];
  }
  if (one.outcome === 'no-clear-winner') {
    return [
      h('p', { class: 'rec-main' }, 'No clear winner'),
      h('p', null, 'Their intervals overlap:'),
      h(
        'ul',
        { class: 'plain' },
        one.tied.slice(0, 4).map((place) => h('li', null, who(doc, place), ` ${value(of(place))}`)),
      ),
      one.tied.length > 4 ? h('p', { class: 'note' }, `and ${one.tied.length - 4} more`) : null,
    ];
  }
  const eligible = one.candidates.filter((c) => c.eligible).length;
  const near = one.candidates.filter((c) => !c.eligible).slice(0, 2);
  return [
    h('p', { class: 'rec-main' }, 'Too few providers'),
    h('p', null, `${eligible === 0 ? 'None is' : `Only ${eligible} is`} eligible; a ranking takes two.`),
    near.length > 0
      ? h(
          'ul',
          { class: 'plain' },
          near.map((c) =>
            h('li', null, who(doc, c.provider), ` ${c.lacks.map((why) => LACKS[why]?.(c) ?? why).join(', ')}`),
          ),
        )
      : null,
  ];
}

function dataOf(doc, mine, view) {
  const keys = [
    'measure',
    'size',
    'provider',
    'rank',
    'eligible',
    'p50',
    'low',
    'high',
    'samples',
    'wallets',
    'activeDays',
    'disputedPct',
    'lacks',
  ];
  const rows = mine.flatMap((one) =>
    one.candidates.map((c) => ({
      measure: one.measure,
      size: one.inputClass ?? one.outputClass,
      provider: doc.providers[c.provider],
      rank: c.rank,
      eligible: c.eligible ? 'yes' : 'no',
      p50: c.p50,
      low: c.p50Low,
      high: c.p50High,
      samples: c.samples,
      wallets: c.users,
      activeDays: c.activeDays,
      disputedPct: c.disputedPct,
      lacks: c.lacks.join(' '),
    })),
  );
  const speeds = new Set(['p50', 'low', 'high']);
  const numeric = new Set(['rank', 'p50', 'low', 'high', 'samples', 'wallets', 'activeDays', 'disputedPct']);
  const columns = keys.map((key) => ({
    key,
    label: key,
    num: numeric.has(key),
    show:
      key === 'provider'
        ? (value) => h('bdi', { class: 'mono', title: value }, address(value))
        : (value, row) =>
            typeof value !== 'number'
              ? (value ?? '–')
              : speeds.has(key)
                ? SPEED[KIND[row.measure]].format(value)
                : key === 'disputedPct'
                  ? `${decimal(value, 1)}%`
                  : exact(value),
  }));
  return {
    name: 'recommendations',
    title: 'All candidates',
    columns,
    rows,
    head: { window: `${doc.firstDay}, ${doc.days} days`, asOfBlock: view.store.summary.asOfBlock },
  };
}
