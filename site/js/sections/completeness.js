// Coverage of the chain and the proof that no session is missing; the documents and whether they belong together.
import { fill } from '../page/card.js';
import { API } from '../config.js';
import { h } from '../page/dom.js';
import { bytes, exact, moment, plural, UNKNOWN } from '../figures/format.js';
import { closeSpan, stat } from './stuck.js';
import { table } from '../page/table.js';

function coverageText(coverage) {
  if (!coverage) return ['unknown', 'The summary says nothing about coverage.'];
  if (!coverage.scannedFromStart)
    return ['warn', `Not scanned from block ${exact(coverage.startBlock)}: all-time figures are too low.`];
  if (coverage.gaps > 0) return ['warn', `${plural(coverage.gaps, 'gap')} in the scan: all-time figures are too low.`];
  return ['ok', `Every block from ${exact(coverage.startBlock)} to the block above was scanned, without a gap.`];
}

function counted(proof) {
  if (proof.count === null) return '';
  return (
    ` ${plural(proof.count, 'open')} in the contract’s own ` +
    `count${proof.asOfBlock !== null ? ` at block ${exact(proof.asOfBlock)}` : ''}.`
  );
}

function proofText(proof) {
  switch (proof?.state) {
    case 'proven':
      return [
        'ok',
        `Proven: every session id follows from its place in the count of all opens, so none is ` +
          `missing.${counted(proof)}`,
      ];
    case 'not run':
      return [
        'unknown',
        'Not run yet. It checks that every session id follows from its place in the count of all opens.',
      ];
    case 'partial':
      return [
        'unknown',
        'Partial: history is not scanned completely, or the contract’s own count could not be read.',
      ];
    case 'not applicable':
      return ['unknown', 'Not applicable: the contract’s rule for ids has changed.'];
    case undefined:
      return ['unknown', 'The summary says nothing about a proof.'];
    default:
      return proof.state.startsWith('gap') || proof.nonce !== null
        ? ['warn', `Gap: the session with nonce ${exact(proof.nonce)} is missing, and perhaps more.`]
        : ['unknown', `State: ${proof.state.slice(0, 64)}.`];
  }
}

const PROVEN_LIMITS =
  ' It rests on the block’s hash, which is the endpoints’ word, and covers what the contract stores: not where a log ' +
  'stands, nor whether a provider’s receipt tells the truth.';

/** What a sample of closes, proven against the chain’s state root, says of all rows. */
function stateProofText(proof) {
  if (!proof || proof.sampled < 1)
    return [
      'unknown',
      'No sample was proven yet. One run in a hundred draws 20 closes at random and proves them against the chain’s ' +
        'state root, where an endpoint serves proofs.',
    ];
  const where = `at block ${exact(proof.block)}`;
  if (proof.proven < proof.sampled)
    return [
      'warn',
      `${exact(proof.sampled - proof.proven)} of ${exact(proof.sampled)} closes drawn at random differ from the ` +
        `contract’s state ${where}.`,
    ];
  const most = Math.ceil((1 - 0.01 ** (1 / proof.sampled)) * 1000) / 10;
  return [
    'ok',
    `${exact(proof.proven)} of ${exact(proof.sampled)} closes drawn at random are proven by the chain’s state root ` +
      `${where}. With 99 % confidence fewer than ${most} % of the closes differ; every sample ` +
      `since ${moment(proof.since)} came out so.${PROVEN_LIMITS}`,
  ];
}

const MARK = { ok: '✓', warn: '!', unknown: '–' };

/** @param {string[]} found its state and what it says */
function line([state, text], title) {
  return h(
    'li',
    { class: `check-line ${state}` },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, MARK[state]),
    h('div', null, h('strong', null, title), h('p', null, text)),
  );
}

/** [state, text]: whether what was fetched is what the summary names. */
function together(store) {
  const named = store.summary.documents;
  const checked = [...store.docs].filter(([name, doc]) => doc.data && doc.sha256 && Object.hasOwn(named, name));
  const other = checked.filter(([name, doc]) => named[name] !== doc.sha256).map(([name]) => name);
  if (checked.length === 0) return ['unknown', 'No document could be compared with its digest yet.'];
  if (other.length > 0)
    return ['warn', `Published at another moment than the summary: ${other.join(', ')}. The next refresh settles it.`];
  return ['ok', `${plural(checked.length, 'document')} read here, each with the SHA-256 that the summary names.`];
}

/** @param {View} view */
export function renderCompleteness(view) {
  const { store } = view;
  const { summary } = store;
  const { coverage, proof } = summary.completeness;
  const stats = h(
    'dl',
    { class: 'stats' },
    stat('As of block', exact(summary.asOfBlock), moment(view.asOf)),
    stat(
      'Blocks behind',
      exact(summary.lagBlocks),
      summary.headBlock !== null ? `head ${exact(summary.headBlock)}` : UNKNOWN,
    ),
  );
  fill('completeness', [
    stats,
    h(
      'ul',
      { class: 'checks' },
      line(coverageText(coverage), 'Coverage'),
      line(proofText(proof), 'Completeness proof'),
      line(stateProofText(summary.stateProof), 'State proof'),
      line(together(store), 'Documents'),
    ),
    h('p', { class: 'note' }, closeSpan(summary)),
  ]);
}

const ABOUT = {
  'summary.json': 'Windows, coverage, proof, and the digests of all others',
  'summary.html': 'Key figures as a plain table, without a script',
  'rollup/hourly.json': 'All figures by hour, two weeks',
  'rollup/hourly-cells.json': 'Volumes by hour, model and provider, two weeks',
  'rollup/daily.json': 'All figures by day, one year',
  'rollup/daily-recent.json': 'The last 60 of these days',
  'rollup/weekly.json': 'All figures by week, all time',
  'rollup/monthly.json': 'All figures by month, all time',
  'rollup/by-model-daily.json': 'By model and day, 30 days',
  'rollup/by-provider-daily.json': 'By provider and day, 30 days',
  'rollup/performance.json': 'Speed by model, provider and size, 30 days',
  'rollup/performance-index.json': 'Names, and where the cells of each month are',
  'rollup/performance-current.json': 'Cells of this month: day, model, provider and size',
  'rollup/recommendations.json': 'Best-measured providers, with all candidates',
  'stuck-sessions.json': 'Sessions past their end that nobody closed',
};

/** @param {View} view */
export function renderData(view) {
  const { store } = view;
  const months = store.data('rollup/performance-index.json')?.months ?? [];
  const known = {
    ...ABOUT,
    ...Object.fromEntries(months.map(({ file, month }) => [file, `Cells of ${month}; never changes`])),
  };
  const rows = Object.entries(known).map(([file, about]) => {
    const doc = store.docs.get(file);
    const state = doc?.data ? 'shown here' : doc?.error ? 'failed' : doc?.loading ? 'being read' : 'not needed so far';
    return { id: file, file, about, size: doc?.data ? doc.size : null, state };
  });
  const columns = [
    { key: 'file', label: 'Document', show: (value) => h('a', { href: API + value, class: 'mono' }, value) },
    { key: 'about', label: 'What it holds' },
    { key: 'size', label: 'Size', num: true, show: (value) => (value === null ? '–' : bytes(value)) },
    { key: 'state', label: 'This page', show: (value) => h('span', { class: 'nowrap' }, value) },
  ];
  fill('data', [
    h(
      'p',
      { class: 'note' },
      'Everything above is computed from these public documents. Each section’s CSV and JSON hold what it shows; ' +
        'cells that a spreadsheet would run as a formula begin with an apostrophe.',
    ),
    table({ name: 'documents', columns, rows }, { caption: 'Published documents' }),
  ]);
}
