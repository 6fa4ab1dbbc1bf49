// The documents the page has, what failed and why. Keeps the last good ones when a refresh fails or goes backwards.
import { decodeMonth } from './cells.js';
import { LIGHT_BYTES } from '../config.js';
import { LoadError } from './documents.js';
import { load } from './load.js';
import { next, startOf } from '../figures/time.js';

const INDEX = 'rollup/performance-index.json';
const MIXED =
  'The cells of the running month and their index are of different moments, so nothing is added up from them. ' +
  'Both are read again within a minute.';

export class Store {
  constructor(onChange) {
    this.docs = new Map();
    this.months = new Map();
    this.index = { model: new Map(), provider: new Map() };
    /** @type {Record<Kind, {id: string, name: string | null, type: string | null}[]>} by place */
    this.names = { model: [], provider: [] };
    this.warning = null;
    this.pollFailed = null;
    this.onChange = onChange;
  }

  data(name) {
    return this.docs.get(name)?.data ?? null;
  }

  error(name) {
    const doc = this.docs.get(name);
    return doc && !doc.data ? (doc.error ?? null) : null;
  }

  get summary() {
    return this.data('summary.json');
  }

  /** Whether a document is still to come; when it is there, everything is drawn again. */
  get isLoading() {
    return [...this.docs.values()].some((doc) => doc.loading);
  }

  /** Chosen ids that no document knows; none while the names are still to come. */
  unknown({ model, provider, rec }) {
    if (!this.data(INDEX)) return [];
    const lacks = (kind) => (id) => !this.index[kind].has(id);
    return [...new Set([...model, rec].filter(Boolean))]
      .filter(lacks('model'))
      .concat(provider.filter(lacks('provider')));
  }

  /** Starts loading a document that is not there yet. */
  need(name) {
    if (!this.docs.has(name)) this.fetch(name, false);
  }

  /** Loads again what failed or does not fit together, and what a newer summary speaks of. */
  retry() {
    if (this.docs.get('summary.json')?.error) return this.poll();
    const mixed = this.mixed();
    this.fetchAgain((name, doc) => doc.error || mixed.includes(name));
    return this.onChange(true);
  }

  fetchAgain(which) {
    for (const [name, doc] of this.docs) if (name !== 'summary.json' && which(name, doc)) this.fetch(name, true);
  }

  /** Reads a document and tells whether anything that is shown has changed. */
  async fetch(name, fresh) {
    const old = this.docs.get(name);
    if (old?.loading) return;
    this.docs.set(name, { ...old, loading: true });
    try {
      this.accept(name, await load(name, fresh));
    } catch (error) {
      this.docs.set(name, { ...this.docs.get(name), loading: false, error: this.named(error, name) });
    }
    const now = this.docs.get(name);
    this.onChange(now.data !== old?.data || now.error?.message !== old?.error?.message);
  }

  /** What goes wrong in the page's own script is for its makers; people are told which document it was. */
  named(error, name) {
    if (error instanceof LoadError) return error;
    console.error(`${name}:`, error);
    return new LoadError('bad', `${name} is not as this page expects it.`);
  }

  accept(name, loaded) {
    const old = this.docs.get(name)?.data;
    if (old && loaded.data.asOfBlock < old.asOfBlock) {
      this.warning =
        `A refresh of ${name} brought block ${loaded.data.asOfBlock}, older than the ` +
        `${old.asOfBlock} shown: it was not used.`;
      this.docs.set(name, { ...this.docs.get(name), loading: false, error: null });
      return;
    }
    if (old && loaded.sha256 && loaded.sha256 === this.docs.get(name).sha256) {
      this.docs.set(name, { ...this.docs.get(name), loading: false, error: null });
      return;
    }
    if (name === INDEX) this.learnNames(loaded.data);
    if (loaded.data.cells) this.months.set(name, this.decode(loaded.data, name));
    this.docs.set(name, {
      ...loaded,
      data: loaded.data.cells ? { ...loaded.data, cells: null, keys: null } : loaded.data,
      loading: false,
      error: null,
    });
  }

  decode(data, name) {
    return { from: startOf(data.month), block: decodeMonth(data, (kind, id) => this.placeOf(kind, id), name) };
  }

  placeOf(kind, id) {
    const index = this.index[kind];
    if (!index.has(id)) {
      index.set(id, index.size);
      this.names[kind].push({ id, name: null, type: null });
    }
    return index.get(id);
  }

  learnNames(data) {
    for (const model of data.models) Object.assign(this.names.model[this.placeOf('model', model.id)], model);
    for (const id of data.providers) this.placeOf('provider', id);
  }

  /** The files of cells that hold days in [from, to). */
  monthFiles(from, to) {
    const performance = this.data(INDEX);
    if (!performance) return [];
    return [...performance.months, performance.current]
      .filter(({ month }) => startOf(month) < to && next('month', startOf(month)) > from)
      .map(({ file }) => file);
  }

  /** Whether the cells of [from, to) are there already or small enough to be read for a comparison alone. */
  isLight(from, to) {
    const sizes = new Map(this.data(INDEX)?.months.map(({ file, bytes }) => [file, bytes]));
    const missing = this.monthFiles(from, to).filter((file) => !this.months.has(file));
    return missing.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) <= LIGHT_BYTES;
  }

  /**
   * The index and the file of the running month where they are of different months, as they can be when a month ends:
   * one of the two months would be counted twice, or not at all. Otherwise none.
   */
  mixed() {
    const current = this.data(INDEX)?.current;
    const month = this.months.get(current?.file);
    return month && month.from !== startOf(current.month) ? [INDEX, current.file] : [];
  }

  /**
   * Cells of [from, to): {blocks, error}; blocks is null until all are there and fit together. Loads what is missing.
   */
  cells(from, to) {
    this.need(INDEX);
    const error = this.error(INDEX);
    if (error || !this.data(INDEX)) return { blocks: null, error };
    const files = this.monthFiles(from, to);
    for (const file of files) this.need(file);
    const failed = files.find((file) => this.error(file));
    if (failed) return { blocks: null, error: this.error(failed) };
    if (!files.every((file) => this.months.has(file))) return { blocks: null, error: null };
    const mixed = this.mixed();
    if (mixed.some((name) => files.includes(name))) {
      const settles = mixed.some((name) => this.docs.get(name).loading);
      return { blocks: null, error: settles ? null : new LoadError('mixed', MIXED) };
    }
    return { blocks: files.map((file) => this.months.get(file).block), error: null };
  }

  /**
   * Asks for a newer summary; when there is one, everything that moves is read again, and what failed or does not fit
   * in any case.
   */
  async poll() {
    const before = this.summary;
    await this.fetch('summary.json', true);
    const doc = this.docs.get('summary.json');
    this.pollFailed = doc.error;
    if (!doc.error) {
      const isNewer = before && this.summary.generatedAt !== before.generatedAt;
      if (isNewer) this.warning = null;
      const mixed = this.mixed();
      this.fetchAgain(
        (name, { error }) => error || mixed.includes(name) || (isNewer && !name.startsWith('rollup/performance/')),
      );
    }
    this.onChange(false);
  }
}
