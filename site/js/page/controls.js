// The switches of the main chart, and the pieces that filters share.
import { compact } from '../figures/format.js';
import { h } from './dom.js';

/**
 * One choice of several, as radio buttons that look like a strip. An option is its value, its text, and words for
 * those who cannot see how short the text is, or null.
 */
export function strip(label, key, options, value, change) {
  return h(
    'fieldset',
    { class: 'strip' },
    h('legend', { class: 'sr' }, label),
    options.map(([option, text, words = null]) =>
      h(
        'label',
        { class: 'strip-item', title: words },
        h('input', {
          type: 'radio',
          name: key,
          value: option,
          checked: option === value,
          'aria-label': words,
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
  const estimated = a.estMilli > 0 ? ` (${compact(a.estMilli / 1000)})` : ' (none)';
  const implausible = a.tokensFlagged > 0 ? ` (${compact(a.tokensFlagged)})` : ' (none)';
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
    state.stack !== 'none' && tick('Share', 'share', '1', '0', state, change, !view.canShare),
    tick('Log scale', 'log', '1', '0', state, change, view.isShare),
    isTokens && tick(`Estimates${estimated}`, 'est', '1', '0', state, change),
    isTokens && tick(`Implausible${implausible}`, 'flagged', '1', '0', state, change),
  );
}
