// A list to choose several from: a disclosure with a search field and checkboxes, usable with keyboard and screen
// reader as they are.
import { app } from '../app.js';
import { button, h, name } from './dom.js';

const SHOWN = 60;
const open = app.unfolded.lists;

/** options() gives [{id, label, note}], most used first; text says what is chosen; change(ids). */
export function picker(key, label, options, text, chosen, change) {
  const panel = h('div', { class: 'picker-panel' });
  const details = h(
    'details',
    { class: 'picker', open: open.has(key) },
    h(
      'summary',
      { 'data-key': `picker-${key}` },
      h('span', { class: 'picker-label' }, label),
      h('span', { class: 'picker-value' }, name(text)),
    ),
    panel,
  );
  details.addEventListener('toggle', () => {
    if (!details.isConnected) return;
    if (!details.open) open.delete(key);
    else if (!open.has(key)) {
      open.set(key, '');
      list(panel, key, label, options(), chosen, change);
    }
  });
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    event.preventDefault();
    open.delete(key);
    details.open = false;
    details.querySelector('summary').focus();
  });
  if (open.has(key)) list(panel, key, label, options(), chosen, change);
  return details;
}

function list(panel, key, label, options, chosen, change) {
  const items = h('ul', null);
  const say = h('p', { class: 'note' });
  const show = () => {
    const wanted = (open.get(key) ?? '').trim().toLowerCase();
    const fits = options.filter(
      ({ id, label: text }) => wanted === '' || text.toLowerCase().includes(wanted) || id.startsWith(wanted),
    );
    const first = fits.filter(({ id }) => chosen.includes(id));
    const rest = fits.filter(({ id }) => !chosen.includes(id)).slice(0, SHOWN);
    items.replaceChildren(...[...first, ...rest].map((option) => item(key, option, chosen, change)));
    say.textContent =
      fits.length === 0
        ? 'No match.'
        : fits.length > first.length + rest.length
          ? `${fits.length - first.length - rest.length} more. Type to find them.`
          : '';
  };
  const search = h('input', {
    type: 'search',
    value: open.get(key),
    placeholder: 'Find',
    'aria-label': `Find in ${label.toLowerCase()}`,
    'data-key': `find-${key}`,
    oninput: (event) => {
      open.set(key, event.target.value);
      show();
    },
  });
  const clear = chosen.length > 0 ? button('Clear', { 'data-key': `clear-${key}` }, () => change([])) : null;
  panel.replaceChildren(h('div', { class: 'picker-head' }, search, clear ?? ''), items, say);
  show();
}

function item(key, { id, label, note }, chosen, change) {
  const toggle = () => change(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].sort());
  return h(
    'li',
    null,
    h(
      'label',
      { class: 'check' },
      h('input', { type: 'checkbox', checked: chosen.includes(id), 'data-key': `${key}-${id}`, onchange: toggle }),
      h('span', null, name(label), note ? h('small', null, note) : null),
    ),
  );
}

/** Closes an open list when something else is pressed. @param {PointerEvent} event */
export function closeOutside(event) {
  for (const details of document.querySelectorAll('details.picker[open]'))
    if (!details.contains(/** @type {Node} */ (event.target))) details.removeAttribute('open');
}
