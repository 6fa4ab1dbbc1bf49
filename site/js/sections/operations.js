// How the scheduled runs are doing, from status.json. It is optional: a store without it shows nothing here. It speaks
// of the wall clock and stands outside the documents of the summary, so it is read by itself.
import { fill } from '../page/card.js';
import { byId, h } from '../page/dom.js';
import { GATES, POLL_MS } from '../config.js';
import { duration, exact, moment, ms, plural, UNKNOWN } from '../figures/format.js';
import { load } from '../data/load.js';
import { now } from '../data/clock.js';
import { stat } from './stuck.js';
import { table } from '../page/table.js';

const STATUS = 'status.json';
const WINDOWS = [
  ['last24h', 'Last 24 hours'],
  ['last7d', 'Last 7 days'],
];

/** @type {any} The newest status that was read; null until one is. */
let status = null;
/** The summary that the status was asked for with. */
let askedWith = '';
let polling = false;

/** @param {View} view */
export function renderOperations(view) {
  if (askedWith !== view.store.summary.generatedAt) {
    askedWith = view.store.summary.generatedAt;
    read();
  }
  if (status) draw();
}

async function read() {
  try {
    const { data } = await load(STATUS, true);
    if (status && Date.parse(data.generatedAt) < Date.parse(status.generatedAt)) return;
    status = data;
  } catch {
    return; // What was read before stays, and its times say how old it is.
  }
  draw();
  if (polling) return;
  polling = true;
  setInterval(() => {
    if (document.visibilityState !== 'hidden') read();
  }, POLL_MS);
}

/** The status in one line. */
function line() {
  const { lastSuccessAt, lastOutcome, gaps, proof } = status;
  const ago = lastSuccessAt === null ? null : duration(Math.max(0, (now() - Date.parse(lastSuccessAt)) / 60_000));
  return [
    ago === null ? 'No run succeeded in the last 7 days' : `The last successful run ended ${ago} ago`,
    lastOutcome === 'failed' ? '; the newest run failed' : '',
    `. ${gaps === null ? 'Gaps in the scan are not known' : gaps === 0 ? 'No gap in the scan' : plural(gaps, 'gap')}`,
    `; completeness proof: ${proof}.`,
  ].join('');
}

function gated(percent) {
  return (value) => (value === null ? `needs ${GATES[percent]} runs` : ms(value));
}

function draw() {
  const columns = [
    { key: 'window', label: 'Window' },
    { key: 'runs', label: 'Runs', num: true, show: exact },
    { key: 'failed', label: 'Failed', num: true, show: exact },
    {
      key: 'successPct',
      label: 'Succeeded',
      unit: '%',
      num: true,
      show: (value) => (value === null ? `needs ${GATES.runs} runs` : `${value}%`),
    },
    { key: 'durationMsP50', label: 'Duration, median', unit: 'ms', num: true, show: gated(50) },
    { key: 'durationMsP95', label: 'Duration, p95', unit: 'ms', num: true, show: gated(95) },
    {
      key: 'lagSecondsP95',
      label: 'Lag, p95',
      unit: 's',
      num: true,
      show: (value) => (value === null ? `needs ${GATES[95]} runs` : duration(value / 60)),
    },
  ];
  const rows = WINDOWS.map(([key, window]) => ({ id: key, window, ...status[key] }));
  const data = { name: 'operations', title: 'Scheduled runs', columns, rows };
  const asOf = status.asOfTime;
  const stats = h(
    'dl',
    { class: 'stats' },
    stat(
      'Lag now',
      asOf === null ? UNKNOWN : duration(Math.max(0, (now() - Date.parse(asOf)) / 60_000)),
      asOf === null ? null : `block ${exact(status.asOfBlock)}`,
    ),
    stat('Last run', status.lastOutcome ?? UNKNOWN, status.lastRunAt && moment(Date.parse(status.lastRunAt))),
    stat('Program', h('bdi', null, status.version), `status of ${moment(Date.parse(status.generatedAt))}`),
  );
  byId('operations').hidden = false;
  fill(
    'operations',
    [
      h('p', { class: 'note', id: 'status-line' }, line()),
      stats,
      table(data, { caption: data.title, tall: false }),
      h(
        'p',
        { class: 'note' },
        'Runs that scan from the cursor and publish. A run that was killed leaves no record and is not counted; the ' +
          'time of the last successful run shows it.',
      ),
    ],
    { data, sources: [STATUS] },
  );
}
