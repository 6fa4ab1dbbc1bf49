// How old the figures are. It ages from asOfTime by itself, whether or not a refresh succeeds.
import { clockOffMinutes, now } from '../data/clock.js';
import { EXPLORERS, FRESH_MINUTES, STALE_MINUTES } from '../config.js';
import { byId, h, replace } from '../page/dom.js';
import { address, duration, exact, moment, plural } from '../figures/format.js';

const AHEAD_MINUTES = 2;

/** fresh, stale, broken or ahead. */
export function freshness(asOf, at) {
  const minutes = (at - asOf) / 60_000;
  if (minutes < -AHEAD_MINUTES) return { state: 'ahead', minutes };
  return { state: minutes <= FRESH_MINUTES ? 'fresh' : minutes <= STALE_MINUTES ? 'stale' : 'broken', minutes };
}

const WORDS = { fresh: 'Fresh', stale: 'Late', broken: 'Outdated', ahead: 'Dated ahead' };

/** link: {ignored, unknown}, what of the address was not understood, and ids that no document knows. */
export function renderFreshness(store, link, retry) {
  const { summary } = store;
  const error = store.error('summary.json');
  if (!summary) {
    const isOver = Boolean(error);
    const words = error?.kind === 'absent' ? 'Nothing published yet' : 'Not available';
    const isAbsent = error?.kind === 'absent';
    show(isOver && !isAbsent ? 'broken' : 'loading', isOver ? words : 'Loading', null);
    return renderBanners(store, isOver ? { state: 'none' } : { state: 'loading' }, link, retry);
  }
  const asOf = Date.parse(summary.asOfTime);
  const age = freshness(asOf, now());
  const words = age.state === 'ahead' ? WORDS.ahead : `${WORDS[age.state]}: ${duration(Math.max(0, age.minutes))} old`;
  const time = h('time', { datetime: summary.asOfTime }, moment(asOf));
  show(
    age.state === 'ahead' ? 'stale' : age.state,
    [h('b', null, words), h('span', { class: 'badge-more' }, ' · ', time, ` · block ${exact(summary.asOfBlock)}`)],
    ageText(age, asOf) ?? source(summary),
  );
  renderBanners(store, age, link, retry);
}

function show(state, badge, text) {
  byId('status').dataset.state = state;
  byId('freshness').dataset.state = state;
  replace(byId('freshness-text'), badge);
  const line = byId('network');
  if (state === 'broken') line.setAttribute('role', 'alert');
  else line.removeAttribute('role');
  if (text) replace(line, text);
}

/** Where the figures come from: the network and the contract. */
function source({ network, diamond }) {
  const contract =
    EXPLORERS[network] && /^0x[0-9a-f]{40}$/i.test(diamond)
      ? h('a', { href: EXPLORERS[network] + diamond, rel: 'noopener noreferrer', class: 'mono' }, address(diamond))
      : h('bdi', { class: 'mono' }, address(String(diamond)));
  const what = 'What the inference marketplace served, from closed-session receipts · ';
  return [what, h('bdi', null, String(network)), ' · contract ', contract];
}

function ageText(age, asOf) {
  switch (age.state) {
    case 'stale':
      return (
        `The figures are ${duration(age.minutes)} old: the indexer is late. Data is complete up to ` +
        `${moment(asOf)}.`
      );
    case 'broken':
      return (
        `The figures are ${duration(age.minutes)} old: the indexer has stopped or cannot publish. ` +
        `Data is complete up to ${moment(asOf)}.`
      );
    case 'ahead':
      return (
        `The figures are dated ${duration(-age.minutes)} ahead of this device. ` +
        'Its clock may be wrong, so their age is unknown.'
      );
    default:
      return null;
  }
}

function renderBanners(store, age, { ignored, unknown }, retry) {
  /** @type {any[]} kind, title, text, whether it can be tried again */
  const found = [];
  const error = store.error('summary.json');
  if (age.state === 'none' && error.kind !== 'absent')
    found.push(['bad', 'The figures cannot be read.', error.message, true]);
  if (store.pollFailed && store.summary)
    found.push([
      'warn',
      'The last refresh failed.',
      `${store.pollFailed.message} What was read before is shown, and its age keeps counting.`,
      true,
    ]);
  if (store.warning) found.push(['warn', 'An older document was refused.', store.warning]);
  if (clockOffMinutes() !== 0)
    found.push([
      'warn',
      'This device’s clock is off.',
      `It differs from the server’s by ${duration(Math.abs(clockOffMinutes()))}; ` +
        'ages are counted with the server’s.',
    ]);
  const { coverage } = store.summary?.completeness ?? {};
  if (coverage && (coverage.gaps > 0 || !coverage.scannedFromStart))
    found.push([
      'warn',
      'History is not scanned completely.',
      'Figures for all time are too low; see Coverage and proof.',
    ]);
  if (ignored.length > 0) found.push(['info', 'Ignored in the link:', ignored.join(', ')]);
  if (unknown.length > 0) found.push(['info', 'Unknown ids in the link, shown without figures:', unknown.join(', ')]);
  const failures = [...store.docs].filter(([name, doc]) => name !== 'summary.json' && doc.error && !doc.data);
  if (failures.length > 0 && store.summary)
    found.push([
      'warn',
      `${plural(failures.length, 'document')} could not be read.`,
      `${failures
        .map(([, doc]) => doc.error.message)
        .slice(0, 3)
        .join(' ')} Sections that depend on it show a notice.`,
      true,
    ]);
  const old = [...store.docs].filter(([name, doc]) => name !== 'summary.json' && doc.error && doc.data);
  if (old.length > 0)
    found.push([
      'warn',
      `${plural(old.length, 'document')} could not be refreshed.`,
      `${old
        .map(([, doc]) => `${doc.error.message} It is shown as of block ${exact(doc.data.asOfBlock)}.`)
        .slice(0, 3)
        .join(' ')}`,
      true,
    ]);
  const shown = JSON.stringify(found);
  const holder = byId('banners');
  if (holder.dataset.shown === shown) return;
  holder.dataset.shown = shown;
  replace(
    holder,
    found
      .filter(Boolean)
      .map(([kind, title, text, again]) =>
        h(
          'div',
          { class: `banner ${kind}`, role: kind === 'bad' ? 'alert' : null },
          h('p', null, h('strong', null, title), ' ', h('bdi', null, text)),
          again
            ? h('button', { type: 'button', class: 'btn', 'data-key': 'banner-retry', onclick: retry }, 'Try again')
            : null,
        ),
      ),
  );
}
