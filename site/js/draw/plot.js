// The frame of a chart over time: axes, bands for what is partial or not indexed, and a cursor for pointer and
// keyboard.
import { h, s } from '../page/dom.js';
import { labelEvery } from './scale.js';

const LEFT = 52;
const RIGHT = 8;
const TOP = 14;
const BOTTOM = 26;
const MIN_LATER = 90;

/**
 * rows: [{label, partial, later}], a label may be empty; draw({x, band, y, height, top}) gives SVG nodes;
 * tip(i) the nodes of the tooltip;
 * say(i, line) the cursor in words; lines: how many series up and down go through.
 *
 * @param {PlotOptions} options
 */
export function plot(options) {
  const svg = s('svg', {
    class: 'plot-svg',
    role: 'slider',
    tabindex: 0,
    'data-key': `plot-${options.key}`,
    'aria-label': `${options.title}. Left and right go through time, up and down through series.`,
    'aria-valuemin': 1,
    'aria-valuemax': options.rows.length,
    'aria-valuenow': options.rows.length,
    'aria-valuetext': options.say(options.rows.length - 1, -1),
  });
  const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  const holder = h('div', { class: `plot ${options.size}` }, svg, tip);
  const cursor = new Cursor(options, svg, tip);
  let width = 0;
  const observer = new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width);
    if (now === width || now === 0) return;
    width = now;
    cursor.geometry = paint(svg, options, width, Math.round(entry.contentRect.height));
    cursor.move(null);
  });
  observer.observe(holder);
  return holder;
}

/** How much larger text is than a browser's own 16 pixels: margins that hold text grow with it. */
const textScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;

function paint(svg, options, width, height) {
  const { rows, scale } = options;
  const em = textScale();
  const [start, below] = [LEFT * em, BOTTOM * em];
  const inner = { left: start, width: width - start - RIGHT, top: TOP, height: height - TOP - below, em };
  const band = inner.width / rows.length;
  const geometry = {
    ...inner,
    band,
    x: (i) => inner.left + i * band,
    y: (value) => {
      const place = scale.of(value);
      return place === null ? null : inner.top + inner.height * (1 - place);
    },
    bottom: inner.top + inner.height,
  };
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.replaceChildren(
    ...grid(options, geometry),
    ...options.draw(geometry),
    ...later(rows, geometry),
    ...marks(options, geometry),
    ...xAxis(rows, geometry),
    s('rect', { class: 'cursor', y: TOP, height: inner.height, visibility: 'hidden' }),
  );
  return geometry;
}

function grid({ scale, tick }, g) {
  return scale.ticks.flatMap((value) => {
    const y = Math.round(g.y(value)) + 0.5;
    return [
      s('line', { class: 'grid', x1: g.left, x2: g.left + g.width, y1: y, y2: y }),
      s('text', { class: 'tick', x: g.left - 8, y: y + 4, 'text-anchor': 'end' }, tick(value)),
    ];
  });
}

function later(rows, g) {
  const first = rows.findIndex((row) => row.later);
  if (first < 0) return [];
  const x = g.x(first);
  const width = g.left + g.width - x;
  const parts = [s('rect', { class: 'later', x, y: g.top, width, height: g.height })];
  if (width > MIN_LATER)
    parts.push(
      s('text', { class: 'tick', x: x + width / 2, y: g.top + 16, 'text-anchor': 'middle' }, 'not indexed yet'),
    );
  return parts;
}

/** Dated changes of method that fall inside the window. */
function marks({ rows, changes = [] }, g) {
  return changes.flatMap(({ at, text }) => {
    const i = rows.findIndex((row) => row.start <= at && at < row.end);
    if (i < 1) return [];
    const x = Math.round(g.x(i)) + 0.5;
    const left = x > g.left + g.width / 2;
    return [
      s('line', { class: 'change', x1: x, x2: x, y1: g.top - 8, y2: g.bottom }),
      s('text', { class: 'tick', x: x + (left ? -6 : 6), y: g.top, 'text-anchor': left ? 'end' : 'start' }, text),
    ];
  });
}

function xAxis(rows, g) {
  const named = rows.map((row, i) => ({ row, i })).filter(({ row }) => row.label);
  const every = labelEvery(named.length, g.width, 64 * g.em);
  const offset = (named.length - 1) % every;
  const texts = named.flatMap(({ row, i }, k) => {
    if (k % every !== offset) return [];
    const middle = g.x(i) + g.band / 2;
    const half = 3.4 * g.em * row.label.length;
    const x = Math.min(g.left + g.width - half, Math.max(g.left + half - 20, middle));
    return [s('text', { class: 'tick', x, y: g.bottom + 18 * g.em, 'text-anchor': 'middle' }, row.label)];
  });
  return [
    s('line', { class: 'axis', x1: g.left, x2: g.left + g.width, y1: g.bottom + 0.5, y2: g.bottom + 0.5 }),
    ...texts,
  ];
}

/** @type {Cursor | null} The cursor that shows its tooltip, or was the last to. */
let shown = null;

/** Hides the tooltip when something else is pressed. @param {PointerEvent} event */
export function hideOutside(event) {
  if (shown && !shown.svg.contains(event.target)) shown.move(null);
}

class Cursor {
  constructor(options, svg, tip) {
    /** @type {PlotOptions} */
    this.options = options;
    this.svg = svg;
    this.tip = tip;
    /** @type {number | null} */
    this.at = null;
    this.line = -1;
    /** @type {Geometry | null} */
    this.geometry = null;
    svg.addEventListener('pointermove', (event) => this.point(event));
    svg.addEventListener('pointerdown', (event) => this.point(event));
    // A finger that is lifted leaves too: what it has shown stays until something else is tapped.
    svg.addEventListener('pointerleave', (event) => event.pointerType === 'touch' || this.move(null));
    svg.addEventListener('blur', () => this.move(null));
    svg.addEventListener('keydown', (event) => this.key(event));
  }

  point(event) {
    const g = this.geometry;
    if (!g) return;
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    const i = Math.floor((x - g.left) / g.band);
    this.move(i >= 0 && i < this.options.rows.length ? i : null);
  }

  key(event) {
    const last = this.options.rows.length - 1;
    const from = this.at ?? last + 1;
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 }[event.key];
    if (step) this.move(Math.min(last, Math.max(0, from + step)));
    else if (event.key === 'Home') this.move(0);
    else if (event.key === 'End') this.move(last);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const lines = this.options.lines;
      this.line = (this.line + (event.key === 'ArrowUp' ? 1 : -1) + lines + 2) % (lines + 1);
      if (this.line === lines) this.line = -1;
      this.move(this.at ?? last);
    } else if (event.key === 'Escape') this.move(null);
    else return;
    event.preventDefault();
  }

  move(i) {
    const g = this.geometry;
    const mark = this.svg.querySelector('.cursor');
    this.at = i;
    if (i !== null) shown = this;
    this.tip.hidden = i === null || !g;
    if (mark) mark.setAttribute('visibility', i === null ? 'hidden' : 'visible');
    if (i === null || !g) return;
    mark.setAttribute('x', g.x(i));
    mark.setAttribute('width', g.band);
    this.svg.setAttribute('aria-valuenow', i + 1);
    this.svg.setAttribute('aria-valuetext', this.options.say(i, this.line));
    this.tip.replaceChildren(...this.options.tip(i, this.line));
    const middle = g.x(i) + g.band / 2;
    const width = this.tip.offsetWidth;
    const right = middle + g.band / 2 + 10;
    const left = right + width > g.left + g.width + RIGHT ? Math.max(0, middle - g.band / 2 - 10 - width) : right;
    this.tip.style.transform = `translate(${Math.round(left)}px, ${TOP}px)`;
  }
}
