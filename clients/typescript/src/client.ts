import type {
  ContentionPayload,
  EventName,
  Health,
  Hex,
  Lifecycle,
  LiveEvent,
  Resume,
  Stage,
  Status,
  ThroughputPayload,
} from './events.js';
import { type Ended, isFinal, overEvents, overSocket, reasonOf, refusal, type SocketClass } from './transport.js';

/** What to hear of a channel; what is missing is not narrowed. */
export interface Subscription {
  readonly events?: readonly EventName[];
  readonly providers?: readonly Hex[];
  readonly models?: readonly Hex[];
  /** Each event is delivered once, when its block gets there. Default `proposed`. */
  readonly minStage?: Stage;
}

/** Events that this client missed, or may have missed, and what is known of it. */
export type Gap =
  | { readonly reason: 'snapshot'; readonly after_seqno: number; readonly resume: Resume }
  | { readonly reason: 'dropped'; readonly after_seqno: number; readonly through_seqno: number; readonly dropped: number }
  | { readonly reason: 'skipped_rows'; readonly block_number: number; readonly skipped_rows: number };

export interface LiveOptions extends Subscription {
  /** Default: all events. */
  readonly channel?: 'sessions' | 'throughput' | 'contention' | 'lifecycle' | 'market';
  /** The `position` of an earlier client: everything after it follows. */
  readonly resumeFrom?: number;
  /** Begins with the stored events of this block. Excludes `resumeFrom`. */
  readonly fromBlock?: number;
  /** Called between the events where something is missing. */
  readonly onGap?: (gap: Gap) => void;
  /** Called when the connection ended and a new one follows after `delay` milliseconds. */
  readonly onRetry?: (retry: Ended & { readonly delay: number }) => void;
  /** Milliseconds before the n-th attempt in a row, from 1. Default: up to 0.5 s, 1 s, 2 s ... 30 s by chance. */
  readonly backoff?: (attempt: number) => number;
  /** Events that wait for `for await`; with more, the client disconnects until half are taken. Default 10,000. */
  readonly maxQueue?: number;
  /** Milliseconds without a sign of life after which the client connects anew. Default 60,000. */
  readonly silence?: number;
  /** Default: the global one. Where there is none (Node 20), or with null, Server-Sent Events are used. */
  readonly WebSocket?: SocketClass | null;
  readonly fetch?: typeof fetch;
}

/** The server refused something, or could not be reached in time. */
export class LiveError extends Error {
  override readonly name = 'LiveError';
  /** @param code the WebSocket's close code, the HTTP status, or 0 */
  constructor(
    message: string,
    readonly code = 0,
  ) {
    super(message);
  }
}

type Message =
  | Resume
  | { type: 'live_from'; block_number: number; skipped_rows: number }
  | { type: 'through'; through_seqno: number; dropped: number }
  | { type: 'subscribed' }
  | { type: 'error'; code: string; message: string };
type Waiter<T> = { resolve: (value: T) => void; reject: (error: LiveError) => void };
type Ask = Waiter<void> & { wanted: Subscription };

/** The server drops messages for a client only where so many others wait for it. */
const SERVER_QUEUE = 4_096;
const FULL = 'the queue is full';
const NARROWED = 'another subscription';
const randomly = (attempt: number): number => Math.random() * Math.min(30_000, 250 * 2 ** attempt);

/** A stream of events that survives its connections: `for await (const event of client)`. */
export class LiveClient implements AsyncIterable<LiveEvent> {
  readonly #base: string;
  readonly #options: LiveOptions;
  readonly #fetch: typeof fetch;
  readonly #Socket: SocketClass | null;
  readonly #queue: (LiveEvent | { gap: Gap } | { through: number })[] = [];
  readonly #greeted = new Set<Waiter<Resume>>();
  #asked: Ask[] = [];
  #takers: (() => void)[] = [];
  #subscription: Subscription;
  #running = false;
  #end: { error?: LiveError } | undefined;
  #resume: Resume | undefined;
  #cut: (why: string) => void = () => {};
  #rouse: () => void = () => {};
  #send: ((text: string) => void) | undefined;
  #tried: Ask | undefined;
  #complaint = '';
  #worked = false;
  #room = 0;
  /** Everything up to here was received or reported; what came after it is in `seen`. */
  #through: number;
  #seen = new Set<number>();
  #received = 0;
  #dropped = 0;
  /** Block and log up to which the past was received, which no later event of a session repeats. */
  #past: readonly [number, number] | undefined;
  #position: number | undefined;

  /** @param server such as `https://live.example.com`; connects at the first use */
  constructor(server: string | URL, options: LiveOptions = {}) {
    this.#base = new URL(server).href.replace(/^ws/, 'http').replace(/\/+$/, '');
    this.#options = options;
    this.#fetch = options.fetch ?? ((...all) => fetch(...all));
    this.#Socket = options.WebSocket === undefined ? ((globalThis as any).WebSocket ?? null) : options.WebSocket;
    const { events, providers, models, minStage } = options;
    this.#subscription = { events, providers, models, minStage } as Subscription;
    this.#through = options.resumeFrom ?? -1;
    this.#position = options.resumeFrom;
    this.#past = options.fromBlock === undefined ? undefined : [options.fromBlock, -1];
  }

  /** What to give as `resumeFrom` later: all events up to it were taken. Undefined before the first one. */
  get position(): number | undefined {
    return this.#position;
  }

  /** Each event once. Throws LiveError when the server refuses the stream; ends after `close`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<LiveEvent, void, undefined> {
    this.#start();
    for (;;) {
      const next = this.#queue.shift();
      if (next === undefined) {
        if (this.#end?.error) throw this.#end.error;
        if (this.#end) return;
        await new Promise<void>((resolve) => this.#takers.push(resolve));
      } else if ('gap' in next) {
        this.#options.onGap?.(next.gap);
      } else if ('through' in next) {
        this.#position = next.through;
      } else {
        this.#position = next.server_seqno ?? this.#position;
        yield next;
      }
    }
  }

  /** How the current connection began; `snapshot` says that it begins now. */
  waitForResume(timeout = 10_000): Promise<Resume> {
    this.#start();
    if (this.#resume) return Promise.resolve(this.#resume);
    if (this.#end) return Promise.reject(this.#end.error ?? new LiveError('the client is closed'));
    return new Promise((resolve, reject) => {
      const waiter = { resolve: (value: Resume) => done(() => resolve(value)), reject: (error: LiveError) => done(() => reject(error)) };
      const late = `${this.#base} did not begin a stream in ${timeout} ms${this.#complaint && `: ${this.#complaint}`}`;
      const timer = setTimeout(() => waiter.reject(new LiveError(late)), timeout);
      const done = (settle: () => void) => {
        clearTimeout(timer);
        this.#greeted.delete(waiter);
        settle();
      };
      this.#greeted.add(waiter);
    });
  }

  /** Replaces what is heard from now on. Rejects with the server's message where it refuses. */
  subscribe(wanted: Subscription): Promise<void> {
    this.#start();
    if (this.#end) return Promise.reject(this.#end.error ?? new LiveError('the client is closed'));
    return new Promise((resolve, reject) => {
      const ask = { wanted, resolve, reject };
      this.#asked.push(ask);
      if (this.#resume) this.#ask(ask);
    });
  }

  /** Disconnects; what was received can still be taken. */
  close(): void {
    this.#finish({});
  }

  status = (): Promise<Status> => this.#get('/v1/status') as Promise<Status>;
  tps = (): Promise<ThroughputPayload> => this.#get('/v1/tps') as Promise<ThroughputPayload>;
  contention = (): Promise<ContentionPayload> => this.#get('/v1/contention') as Promise<ContentionPayload>;
  lifecycle = (): Promise<Lifecycle> => this.#get('/v1/lifecycle') as Promise<Lifecycle>;
  /** Does not throw where the server says that it is stale. */
  health = (): Promise<Health> => this.#get('/health', 503) as Promise<Health>;

  async #get(path: string, accepted = 200): Promise<unknown> {
    const answer = await this.#fetch(this.#base + path, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
      throw new LiveError(`GET ${this.#base}${path}: ${reasonOf(error)}`);
    });
    if (answer.ok || answer.status === accepted) return answer.json();
    const { code, reason } = await refusal(answer);
    throw new LiveError(`GET ${this.#base}${path}: HTTP ${code}: ${reason}`, code);
  }

  #start(): void {
    if (this.#running || this.#end) return;
    this.#running = true;
    this.#run().catch((error: unknown) => this.#finish({ error: error as LiveError }));
  }

  #finish(end: { error?: LiveError }): void {
    if (this.#end) return;
    this.#end = end;
    this.#cut('closed by the client');
    this.#rouse();
    const error = end.error ?? new LiveError('the client is closed');
    [...this.#greeted, ...this.#asked].forEach((waiter) => waiter.reject(error));
    this.#asked = [];
    this.#wake();
  }

  #wake(): void {
    this.#takers.splice(0).forEach((take) => take());
  }

  async #run(): Promise<void> {
    const most = this.#options.maxQueue ?? 10_000;
    for (let failed = 0; !this.#end; ) {
      const ended = await this.#connect(most);
      this.#resume = this.#send = undefined;
      if (this.#end) return;
      if (this.#tried && ended.code === 400) {
        this.#asked.shift()?.reject(new LiveError(ended.reason, 400));
      } else if (isFinal(ended.code)) {
        const said = this.#complaint || ended.reason;
        return this.#finish({ error: new LiveError(`${this.#base} refused the stream (${ended.code}): ${said}`, ended.code) });
      } else if (ended.reason !== FULL && ended.reason !== NARROWED) {
        failed = this.#worked ? 1 : failed + 1;
        const delay = (this.#options.backoff ?? randomly)(failed);
        this.#complaint ||= ended.reason;
        this.#options.onRetry?.({ code: ended.code, reason: this.#complaint, delay });
        await this.#sleep(delay);
      }
      while (this.#queue.length > most / 2 && this.#asked.length === 0 && !this.#end) await this.#sleep(50);
    }
  }

  #sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#rouse = () => (clearTimeout(timer), resolve());
    });
  }

  /** One connection from its beginning to its end. */
  async #connect(most: number): Promise<Ended> {
    const connection = new AbortController();
    const { signal } = connection;
    this.#cut = (why) => connection.abort(why);
    this.#room = this.#queue.length > most / 2 ? this.#queue.length + most : most;
    this.#worked = false;
    this.#received = 0;
    this.#complaint = '';
    const silence = this.#options.silence ?? 60_000;
    let last = Date.now();
    const watch = setInterval(() => {
      if (Date.now() - last > silence) connection.abort(`nothing was heard for ${silence} ms`);
    }, silence / 4);
    const heard = (text: string) => {
      last = Date.now();
      if (text === '' || signal.aborted) return;
      try {
        this.#take(JSON.parse(text) as Message | LiveEvent);
      } catch {
        connection.abort('a message was not understood');
      }
    };
    try {
      const url = this.#url();
      return this.#Socket
        ? await overSocket(this.#Socket, this.#fetch, url, signal, heard, (send) => (this.#send = send))
        : await overEvents(this.#fetch, url, signal, heard);
    } catch (error) {
      return { code: 0, reason: signal.aborted ? String(signal.reason) : reasonOf(error) };
    } finally {
      clearInterval(watch);
      connection.abort('over');
      // Before so many messages none can have been dropped that `through` had told of.
      if (this.#received < SERVER_QUEUE) {
        this.#seen.forEach((seqno) => (this.#through = Math.max(this.#through, seqno)));
        this.#seen.clear();
      }
    }
  }

  #url(): string {
    const { channel } = this.#options;
    // Server-Sent Events have no way back: another subscription is another request.
    this.#tried = this.#Socket ? undefined : this.#asked[0];
    const { events, providers, models, minStage } = this.#tried?.wanted ?? this.#subscription;
    const query = new URLSearchParams();
    if (events) query.set('events', events.join(','));
    if (providers?.length) query.set('providers', providers.join(','));
    if (models?.length) query.set('models', models.join(','));
    if (minStage) query.set('min_stage', minStage);
    if (this.#through >= 0) query.set('resume_from', String(this.#through));
    else if (this.#past) query.set('from_block', String(this.#past[0]));
    return `${this.#base}/v1/${this.#Socket ? 'ws' : 'sse'}${channel ? `/${channel}` : ''}?${query}`;
  }

  #ask({ wanted: { events, providers, models, minStage } }: Ask): void {
    if (!this.#Socket) this.#cut(NARROWED);
    this.#send?.(JSON.stringify({ subscribe: { events, providers, models, min_stage: minStage } }));
  }

  #take(message: Message | LiveEvent): void {
    if ('event_name' in message) {
      this.#worked = true;
      this.#event(message);
    } else if (message.type === 'resume') {
      this.#greet(message);
    } else if (message.type === 'live_from') {
      const { block_number, skipped_rows } = message;
      // A seam may be lower than what an earlier connection brought.
      if (!this.#past || this.#past[0] <= block_number) this.#past = [block_number + 1, -1];
      if (skipped_rows > 0) this.#put({ gap: { reason: 'skipped_rows', block_number, skipped_rows } });
    } else if (message.type === 'through') {
      this.#worked = true;
      const { through_seqno, dropped } = message;
      if (dropped > this.#dropped) {
        const lost = dropped - this.#dropped;
        this.#put({ gap: { reason: 'dropped', after_seqno: this.#through, through_seqno, dropped: lost } });
      }
      this.#dropped = dropped;
      this.#reach(through_seqno);
    } else if (message.type === 'subscribed') {
      this.#adopt();
    } else if (message.type === 'error') {
      if (this.#resume && message.code === 'bad_subscription') this.#asked.shift()?.reject(new LiveError(message.message));
      else this.#complaint = message.message;
    }
  }

  #greet(resume: Resume): void {
    if (resume.mode === 'snapshot') {
      if (this.#through >= 0) this.#put({ gap: { reason: 'snapshot', after_seqno: this.#through, resume } });
      this.#reach(resume.newest_seqno);
    }
    this.#dropped = 0;
    this.#resume = resume;
    if (this.#tried) this.#adopt();
    this.#greeted.forEach((waiter) => waiter.resolve(resume));
    this.#asked.forEach((ask) => this.#ask(ask));
  }

  #adopt(): void {
    const ask = this.#asked.shift();
    if (ask) this.#subscription = ask.wanted;
    ask?.resolve();
  }

  /** Nothing up to here is asked for again. */
  #reach(seqno: number): void {
    this.#through = seqno;
    this.#seen.clear();
    this.#put({ through: seqno });
  }

  #event(event: LiveEvent): void {
    this.#received++;
    const { server_seqno: seqno, block_number: block, log_index: log } = event;
    const [lastBlock, lastLog] = this.#past ?? [0, -1];
    const isPast = block < lastBlock || (block === lastBlock && log !== null && log <= lastLog);
    if (seqno === undefined) {
      if (isPast) return;
      this.#past = [block, log ?? -1];
    } else {
      if (seqno <= this.#through || this.#seen.has(seqno)) return;
      // Until the first number there is nothing to resume from but the block.
      if (this.#through < 0) this.#through = seqno;
      else this.#seen.add(seqno);
      if (isPast && event.event_name.startsWith('Session')) return;
    }
    this.#put(event);
    if (this.#queue.length >= this.#room) this.#cut(FULL);
  }

  #put(item: LiveEvent | { gap: Gap } | { through: number }): void {
    this.#queue.push(item);
    this.#wake();
  }
}
