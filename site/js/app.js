// All that the page remembers, in one place. What is shown follows from `state` and from the documents in the store;
// main.js alone changes `state`.
import { defaults } from './figures/state.js';

export const app = {
  /** What is shown. All of it stands in the address. */
  state: defaults(),

  /** @type {string[]} Values of the address that were not understood. */
  ignored: [],

  /** @type {any} The newest summary; null until one is read. */
  summary: null,

  /** What the visitor has unfolded. It is of this visit only and does not stand in the address. */
  unfolded: {
    /** @type {Set<string>} Sections whose table is shown below their chart. */
    tables: new Set(),
    /** @type {Set<string>} Sections that show the commands for their documents. */
    commands: new Set(),
    /** @type {Set<string>} Tables that show all of their rows. */
    rows: new Set(),
    /** @type {Map<string, string>} Open lists, and what is typed into each. */
    lists: new Map(),
  },

  /** @type {Map<string, unknown>} Sections that could not be drawn, and why. */
  failed: new Map(),
};
