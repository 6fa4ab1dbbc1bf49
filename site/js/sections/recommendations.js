// Which provider is measured best, for a model and a size of session: with samples, interval and runner-up, or why
// there is none.
import { empty, fill, pending } from '../page/card.js';
import { CLASS_TEXT, GATES, IN_CLASSES, OUT_CLASSES } from '../config.js';
import { choose } from '../page/controls.js';
import { h, name } from '../page/dom.js';
import { address, date, decimal, exact, plural } from '../figures/format.js';
import { SPEED } from '../figures/speed.js';
import { DAY } from '../figures/time.js';

const DOC = 'rollup/recommendations.json';
const KIND = { ttftMs: 'ttft', tps: 'tps' };
const LACKS = {
  samples: (c) => `needs ${plural(c.needsSamples, 'more sample')}`,
  users: (c) => `has ${plural(c.users, 'wallet')} and needs ${GATES.wallets}`,
  days: (c) => `has ${plural(c.activeDays, 'active day')} and needs ${GATES.days}`,
  agreement: (c) =>
    c.disputedPct === null
      ? 'has an unknown share of disputes'
      : `has ${decimal(c.disputedPct, 1)}% disputed and needs less than 10%`,
  recency: () => 'had no session for a week',
};
const lacks = (c) => c.lacks.map((why) => LACKS[why]?.(c) ?? why).join(', ');
const NEAREST = 3;

/** @param {View} view */
export function renderRecommendations(view, change) {
  view.store.need(DOC);
  const doc = view.store.data(DOC);
  if (!doc) return pending('recommendations', view.store.error(DOC), view.store);
  const found = doc.recommendations;
  const from = Date.parse(`${doc.firstDay}T00:00:00Z`);
  const lead = h(
    'p',
    { class: 'note' },
    `Reported by providers in the receipts of closed sessions, ${date(from)} to ` +
      `${date(from + (doc.days - 1) * DAY)} (${plural(doc.days, 'UTC day')}). Not affected by the filters above, ` +
      `except the choice of one model. A size is the volume of a session, not the length of a prompt.`,
  );
  if (found.length === 0) return fill('recommendations', [lead, empty('No model has a speed sample in these days.')]);
  const chosen = chosenModel(view.state, doc, found);
  const title = (place) => doc.models[place].name ?? doc.models[place].id;
  const options = modelsByOutcome(found).map((place) => [
    doc.models[place].id,
    `${title(place)} (${doc.models[place].id.slice(0, 8)})`,
  ]);
  if (chosen === null) {
    const choice = choose('Model', 'rec', [['', 'Choose a model'], ...options], '', change);
    const body = [h('div', { class: 'controls' }, choice), lead, nobody(doc, found, title)];
    return fill('recommendations', body, { data: dataOf(doc, found, title), asTable: true, sources: [DOC] });
  }
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
  return fill('recommendations', body, { data: dataOf(doc, mine, title), asTable: true, sources: [DOC] });
}

const RANK = { winner: 2, 'no-clear-winner': 1 };

/** Models that rank come first, then those that tie, then those with most samples. */
function modelsByOutcome(found) {
  const weight = new Map();
  for (const { model, outcome, candidates } of found) {
    const entry = weight.get(model) ?? { rank: 0, samples: 0 };
    entry.rank = Math.max(entry.rank, RANK[outcome] ?? 0);
    entry.samples += candidates.reduce((sum, c) => sum + c.samples, 0);
    weight.set(model, entry);
  }
  const order = ([a, one], [b, two]) => two.rank - one.rank || two.samples - one.samples || a - b;
  return [...weight].sort(order).map(([place]) => place);
}

/** The model that is asked for, else one that ranks or ties; null where none does. */
function chosenModel(state, doc, found) {
  const places = modelsByOutcome(found);
  for (const id of [state.rec, ...state.model]) {
    const place = places.find((one) => doc.models[one].id === id);
    if (place !== undefined) return place;
  }
  return found.some(({ outcome }) => RANK[outcome]) ? places[0] : null;
}

/** Where no model ranks: who is nearest, and what they lack. */
function nobody(doc, found, title) {
  const near = found
    .flatMap((one) => one.candidates.filter((c) => c.lacks.length > 0).map((c) => ({ one, c })))
    .sort((a, b) => a.c.lacks.length - b.c.lacks.length || b.c.samples - a.c.samples)
    .slice(0, NEAREST);
  const size = (one) => (one.inputClass ? `${one.inputClass} input volume` : `${one.outputClass} output volume`);
  return h(
    'p',
    { class: 'notice' },
    'No model has two providers with enough data to rank them yet. ',
    near.length > 0 ? 'Nearest: ' : '',
    near.map(({ one, c }, i) => [
      i > 0 ? '; ' : '',
      who(doc, c.provider),
      ' for ',
      name(title(one.model)),
      `, ${size(one)}, ${lacks(c)}`,
    ]),
    near.length > 0 ? '.' : '',
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
    h(
      'p',
      null,
      eligible === 0
        ? 'No provider has enough data. A ranking needs at least two.'
        : `${plural(eligible, 'provider has', 'providers have')} enough data. A ranking needs at least two.`,
    ),
    near.length > 0
      ? h(
          'ul',
          { class: 'plain' },
          near.map((c) => h('li', null, who(doc, c.provider), ` ${lacks(c)}`)),
        )
      : null,
  ];
}

/** @returns {TableData} */
function dataOf(doc, mine, title) {
  const rows = mine.flatMap((one) =>
    one.candidates.map((c) => ({
      kind: KIND[one.measure] ?? 'ttft',
      model: title(one.model),
      modelId: doc.models[one.model].id,
      measure: SPEED[KIND[one.measure]]?.title ?? one.measure,
      size: one.inputClass ? `${one.inputClass} input` : `${one.outputClass} output`,
      provider: doc.providers[c.provider],
      rank: c.rank,
      eligible: c.eligible ? 'yes' : 'no',
      p50: c.p50,
      low: c.p50Low,
      high: c.p50High,
      unit: SPEED[KIND[one.measure]]?.unit ?? '',
      samples: c.samples,
      wallets: c.users,
      activeDays: c.activeDays,
      disputedPct: c.disputedPct,
      lacks: c.eligible ? '' : lacks(c),
    })),
  );
  const speed = (value, row) => (value === null ? '–' : SPEED[row.kind].format(value));
  const number = (value) => (value === null ? '–' : exact(value));
  const columns = [
    { key: 'model', label: 'Model', show: (value) => name(value) },
    { key: 'modelId', label: 'Model id', show: (value) => h('bdi', { class: 'mono', title: value }, address(value)) },
    { key: 'measure', label: 'Measure' },
    { key: 'size', label: 'Volume' },
    { key: 'provider', label: 'Provider', show: (value) => h('bdi', { class: 'mono', title: value }, address(value)) },
    { key: 'rank', label: 'Rank', num: true, show: number },
    { key: 'eligible', label: 'Enough data' },
    { key: 'p50', label: 'Median', num: true, show: speed },
    { key: 'low', label: 'Median from', num: true, show: speed },
    { key: 'high', label: 'Median to', num: true, show: speed },
    { key: 'unit', label: 'Unit' },
    { key: 'samples', label: 'Samples', num: true, show: number },
    { key: 'wallets', label: 'Wallets', num: true, show: number },
    { key: 'activeDays', label: 'Active days', num: true, show: number },
    {
      key: 'disputedPct',
      label: 'Disputed',
      unit: '% of sessions',
      digits: 1,
      num: true,
      show: (value) => (value === null ? '–' : `${decimal(value, 1)}%`),
    },
    { key: 'lacks', label: 'What is missing' },
  ];
  const window = `${plural(doc.days, 'UTC day')} from ${doc.firstDay}`;
  return { name: 'recommendations', title: `All candidates, ${window}`, columns, rows, window, span: doc.firstDay };
}
