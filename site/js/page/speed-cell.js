// A percentile in a table: the value, its interval and its samples, or how many samples it lacks.
import { h } from './dom.js';
import { exact } from '../figures/format.js';
import { SPEED } from '../figures/speed.js';

/** As two lines for a table cell. */
export function speedCell(found, kind) {
  if (found.lacks > 0)
    return h('span', { class: 'gated' }, `n=${exact(found.n)}`, h('small', null, `needs ${exact(found.lacks)} more`));
  const { format } = SPEED[kind];
  return h(
    'span',
    { class: 'speed' },
    format(found.value),
    h(
      'small',
      null,
      found.low === null ? `n=${exact(found.n)}` : `${format(found.low)}–${format(found.high)}, n=${exact(found.n)}`,
    ),
  );
}
