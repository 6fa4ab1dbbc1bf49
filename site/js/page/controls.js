// The switches of the main chart, and the pieces that filters share.
import { percent, compact } from '../figures/format.js';
import { receipt } from '../figures/amounts.js';
import { h } from './dom.js';

/** One choice of several, as radio buttons that look like a strip. */
export function strip(label, key, options, value, change) {
  return h(
    'fieldset',
    { class: 'strip' },
    h('legend', { class: 'sr' }, label),
    options.map(([option, text]) =>
      h(
        'label',
        { class: 'strip-item' },
        h('input', {
          type: 'radio',
          name: key,
          value: option,
          checked: option === value,
          'data-key': `${key}-${option}`,
          onchange: () => change({ [key]: option }),
        }),
        h('span', null, text),
      ),
    ),
  );
}

export function tick(label, key, on, off, state, change, disabled = false) {
  return h(
    'label',
    { class: 'check' },
    h('input', {
      type: 'checkbox',
      checked: state[key] === on,
      disabled,
      'data-key': key,
      onchange: (event) => change({ [key]: event.target.checked ? on : off }),
    }),
    h('span', null, label),
  );
}

export function choose(label, key, options, value, change) {
  return h(
    'label',
    { class: 'field' },
    h('span', null, label),
    h(
      'select',
      { name: key, 'data-key': key, onchange: (event) => change({ [key]: event.target.value }) },
      options.map(([option, text]) => h('option', { value: option, selected: option === value }, text)),
    ),
  );
}

/** @param {View} view */
export function chartControls(view, change) {
  const { state } = view;
  const a = view.total;
  const estimated =
    a.estMilli > 0
      ? ` (${compact(a.estMilli / 1000)}, ${percent(a.estMilli, 1000 * receipt(a) + a.estMilli)} of all)`
      : ' (none)';
  const implausible =
    a.tokensFlagged > 0
      ? ` (${compact(a.tokensFlagged)}, ${percent(a.tokensFlagged, receipt(a))} of stated)`
      : ' (none)';
  const isTokens = state.measure === 'tokens';
  return h(
    'div',
    { class: 'controls' },
    strip(
      'What to show',
      'measure',
      [
        ['tokens', 'Tokens'],
        ['sessions', 'Sessions'],
        ['hours', 'Hours'],
      ],
      state.measure,
      change,
    ),
    strip(
      'Split by',
      'stack',
      [
        ['model', 'By model'],
        ['provider', 'By provider'],
        ['none', 'Total'],
      ],
      state.stack,
      change,
    ),
    state.stack !== 'none' && view.gran !== 'hour' && tick('Share', 'share', '1', '0', state, change, !view.canShare),
    tick('Log scale', 'log', '1', '0', state, change, view.isShare),
    isTokens && tick(`Estimates${estimated}`, 'est', '1', '0', state, change),
    isTokens && tick(`Implausible${implausible}`, 'flagged', '1', '0', state, change),
  );
}
