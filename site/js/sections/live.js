// What happens now: figures of the market and of what runs near its peak, from a live server, where the page names one.
// Aggregates only. Of a session's events the page keeps the time at which they came, and nothing else.
import { LIVE_DRAW_MS, LIVE_NEW_MS, LIVE_RETRY_MS, LIVE_ROWS, LIVE_TICK_MS } from '../config.js';
import { button, byId, h, name, replace } from '../page/dom.js';
import { address, compact, decimal, duration, exact, percent, plural } from '../figures/format.js';

const EVENTS = ['Throughput', 'Contention', 'SessionOpened', 'SessionClosed'];
const WINDOW = '5m';
const STATES = {
  waiting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost; trying again',
};

/** The strip, from the server at `base`, until the tab is hidden; then it goes on when the tab is seen again. */
export class LiveStrip {
  /** @type {EventSource | null} */
  #source = null;
  /** @type {any} */
  #throughput = null;
  /** @type {any} */
  #contention = null;
  /** @type {Record<string, number>} When the last session opened and closed, on this device's clock. */
  #last = {};
  #state = 'waiting';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #again;
  #waits = false;

  /**
   * @param {string} base the live server, with a slash at the end
   * @param {() => {model: {id: string, name: string | null}[]}} names what documents call a model
   */
  constructor(base, names) {
    this.url = `${base}v1/sse?events=${EVENTS.join(',')}`;
    this.names = names;
    this.isPaused = false;
    document.addEventListener('visibilitychange', () => this.#follow());
    this.#follow();
    setInterval(() => this.draw(), LIVE_TICK_MS);
    this.draw();
  }

  /** Listens while somebody looks. */
  #follow() {
    clearTimeout(this.#again);
    this.#source?.close();
    this.#source = null;
    if (document.visibilityState === 'hidden' || this.isPaused) return this.draw();
    const source = new EventSource(this.url);
    this.#source = source;
    source.onmessage = (event) => this.#hear(event.data);
    source.onerror = () => {
      this.#state = 'lost';
      // The browser connects again by itself, unless the server refused.
      if (source.readyState === EventSource.CLOSED) {
        this.#again = setTimeout(() => this.#follow(), LIVE_RETRY_MS);
      }
      this.draw();
    };
    return undefined;
  }

  /** @param {string} text a message of the server */
  #hear(text) {
    /** @type {any} */
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    this.#state = 'live';
    const { event_name: event, payload, snapshot } = message ?? {};
    if (snapshot) {
      this.#throughput = snapshot.throughput ?? null;
      this.#contention = snapshot.contention ?? null;
    } else if (event === 'Throughput') this.#throughput = payload;
    else if (event === 'Contention') this.#contention = payload;
    else if (event === 'SessionOpened' || event === 'SessionClosed') {
      this.#last[event] = Date.now();
    }
    this.#later();
  }

  /** Draws once for all that arrives within a moment. */
  #later() {
    if (this.#waits) return;
    this.#waits = true;
    setTimeout(() => {
      this.#waits = false;
      this.draw();
    }, LIVE_DRAW_MS);
  }

  draw() {
    const section = byId('live-strip');
    section.dataset.state = this.isPaused ? 'paused' : this.#state;
    const words = this.isPaused ? 'Paused' : STATES[this.#state];
    replace(
      section,
      h(
        'div',
        { class: 'live-head' },
        h('h2', { id: 'live-strip-h' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), words),
        button(
          this.isPaused ? 'Go on' : 'Pause',
          { 'data-key': 'live-pause', 'aria-label': this.isPaused ? 'Go on with live figures' : 'Pause live figures' },
          () => this.#pause(),
        ),
      ),
      h('dl', { class: 'live-figures' }, this.#figures()),
      this.#contended(),
    );
  }

  #pause() {
    this.isPaused = !this.isPaused;
    this.#follow();
    this.draw();
  }

  #figures() {
    const window = this.#throughput?.windows?.[WINDOW];
    const isWhole = window?.complete === true;
    const rate = (value, text) => (isWhole && Number.isFinite(value) ? text(value) : '–');
    const perMinute = (value) => rate(value, (known) => decimal(known, 1));
    const open = this.#throughput?.open_sessions;
    return [
      figure('Open now', Number.isFinite(open) ? exact(open) : '–', 'sessions'),
      figure('Tokens/s', rate(window?.tokens_per_second, compact), 'last 5 min'),
      figure(
        'Opened/min',
        perMinute(window?.sessions_opened_per_minute),
        this.#ago('SessionOpened'),
        this.#isNew('SessionOpened'),
      ),
      figure(
        'Closed/min',
        perMinute(window?.sessions_closed_per_minute),
        this.#ago('SessionClosed'),
        this.#isNew('SessionClosed'),
      ),
    ];
  }

  #isNew(event) {
    return Date.now() - (this.#last[event] ?? 0) < LIVE_NEW_MS;
  }

  #ago(event) {
    const at = this.#last[event];
    if (!at) return 'last 5 min';
    const seconds = Math.max(0, Math.round((Date.now() - at) / 1_000));
    return `last one ${seconds < 60 ? `${seconds} s` : duration(seconds / 60)} ago`;
  }

  /** What runs nearest to its own peak. */
  #contended() {
    const rows = (list, label) =>
      (Array.isArray(list) ? list : [])
        .filter((one) => one.open > 0)
        .slice(0, LIVE_ROWS)
        .map((one) =>
          h(
            'li',
            { title: `${plural(one.open, 'open session')}; the most in 30 days were ${exact(one.peak_30d)}` },
            label(one),
            ` ${percent(one.open, one.peak_30d)}`,
          ),
        );
    const found = [
      ...rows(this.#contention?.models, (one) => this.#model(String(one.model_id))),
      ...rows(this.#contention?.providers, (one) => h('span', { class: 'mono' }, address(String(one.provider)))),
    ];
    return h(
      'div',
      { class: 'live-contended' },
      h('h3', null, 'Near their 30-day peak'),
      found.length > 0 ? h('ul', null, found) : h('p', null, this.#contention ? 'Nothing runs now' : '–'),
    );
  }

  #model(id) {
    const known = this.names().model.find((one) => one.id === id)?.name;
    return known ? name(known) : h('span', { class: 'mono' }, address(id));
  }
}

function figure(label, value, note, isNew = false) {
  return h(
    'div',
    { class: isNew ? 'live-figure new' : 'live-figure' },
    h('dt', null, label),
    h('dd', null, h('b', null, value), note ? h('small', null, note) : null),
  );
}
