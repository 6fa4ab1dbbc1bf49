// Elements without markup strings: text goes in as text, so nothing from the chain can be anything else.

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value' || key === 'checked') element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

/**
 * An HTML element; keys that start with "on" are listeners, everything else is an attribute.
 *
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {Content[]} children
 * @returns {any}
 */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An SVG element.
 *
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {Content[]} children
 * @returns {any}
 */
export function s(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** @param {string} id of an element that the page has @returns {HTMLElement} */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The first part of an element that fits a selector, which it is known to have. @returns {HTMLElement} */
export const partOf = (element, selector) => /** @type {HTMLElement} */ (element.querySelector(selector));

/** A name from the chain: isolated, so that its direction cannot leak. */
export function name(text) {
  return h('bdi', { class: 'name', title: text }, text);
}

export function button(label, attributes, onclick) {
  return h('button', { type: 'button', class: 'btn', ...attributes, onclick }, label);
}

/** @type {ReturnType<typeof setTimeout>} */
let said;
/** Tells screen readers, at most about three times a second. */
export function announce(text) {
  clearTimeout(said);
  said = setTimeout(() => (byId('live').textContent = text), 300);
}

/** Keeps the keyboard where it was when the parts of a section are made anew. */
export function replace(parent, ...children) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const key = parent.contains(focused) ? focused?.dataset.key : null;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  parent.removeAttribute('aria-busy');
  if (!key) return;
  const again = /** @type {HTMLElement | null} */ (parent.querySelector(`[data-key="${CSS.escape(key)}"]`));
  again?.focus({ preventScroll: true });
  // Within a list of its own, what was chosen may stand elsewhere now.
  if (again?.closest('.picker-panel')) again.scrollIntoView({ block: 'nearest' });
}
