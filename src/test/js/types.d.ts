// Types of the page's modules. The browser never reads this file: `tsc` checks the JSDoc of the modules against it.

type Granularity = 'hour' | 'day' | 'week' | 'month';
type Kind = 'model' | 'provider';
type Speed = 'ttft' | 'tps';

/** What is shown, as the address says it. Every field but the three lists of ids is one of a few words. */
interface State {
  range: '24h' | '7d' | '30d' | '90d' | '1y' | 'all';
  by: 'auto' | Granularity;
  measure: 'tokens' | 'sessions' | 'hours';
  stack: Kind | 'none';
  share: '0' | '1';
  log: '0' | '1';
  est: '0' | '1';
  flagged: '0' | '1';
  heat: Speed;
  heatby: 'model' | 'size';
  in: string;
  out: string;
  msort: string;
  psort: string;
  model: string[];
  provider: string[];
  rec: string;
}

type Change = (part: Partial<State>) => void;

/** Milliseconds since 1970, UTC; `end` is excluded. */
interface Bucket {
  start: number;
  end: number;
  partial?: boolean;
  later?: boolean;
}

/** What adds up. Estimates and disputed tokens are in thousandths of a token. */
interface Amounts {
  sessions: number;
  disputed: number;
  flagged: number;
  withTokens: number;
  legacy: number;
  missing: number;
  idle: number;
  early: number;
  input: number;
  output: number;
  estMilli: number;
  disputedMilli: number;
  tokensFlagged: number;
  seconds: number;
}

/** A bucket with its amounts; null where none are known. */
interface Row extends Bucket {
  a: Amounts | null;
}

/** Which cells are added up; null takes all. Models, providers and classes are places. */
interface Choice {
  from: number;
  to: number;
  models: Set<number> | null;
  providers: Set<number> | null;
  inClass: number | null;
  outClass: number | null;
}

/** The cells of one month, a column for each field; cell `i` is the `i`-th element of each. */
interface Block {
  n: number;
  day: Float64Array;
  model: Int32Array;
  provider: Int32Array;
  inClass: Int8Array;
  outClass: Int8Array;
  tps: Int32Array;
  ttft: Int32Array;
  tpsAt: Int32Array;
  ttftAt: Int32Array;
  [amount: string]: any;
}

type KeyOf = (block: Block, i: number) => number;

/** One series of the main chart, from the bottom up. `kind` is its colour, or the word for its pattern. */
interface Series {
  label: string;
  id: string | null;
  kind: number | string;
  values: (number | null)[];
  /** Those that the series of the others stands for. */
  parts?: { label: string; values: number[] }[];
}

/** A percentile: how many samples it rests on, how many it lacks, and its 95 % interval. */
interface Measured {
  n: number;
  lacks: number;
  value: number | null;
  low: number | null;
  high: number | null;
}

type Content = Node | string | number | null | undefined | false | Content[];

interface Column {
  key: string;
  label: string;
  head?: Content;
  num?: boolean;
  sort?: boolean;
  /** What the values are measured in, for the headers of files. */
  unit?: string;
  /** Decimals that the page shows; a file has the exact value beside it. */
  digits?: number;
  /** false: not in files. */
  file?: boolean;
  show?: (value: any, row: any) => Content;
}

/** What a section shows as a table and gives as a file. */
interface TableData {
  name: string;
  title?: string;
  /** The days or the time that it is about, in words and for the file's name. */
  window?: string;
  span?: string;
  columns: Column[];
  rows: any[];
  /** "key.desc": the order of the screen. */
  sort?: string;
  rest?: any;
  total?: any;
  fileColumns?: Column[];
  head?: Record<string, unknown>;
}

/** Where a chart draws, in pixels; y is null where a value has no place. */
interface Geometry {
  left: number;
  top: number;
  bottom: number;
  width: number;
  height: number;
  band: number;
  /** Text size by that of a browser's default. */
  em: number;
  x: (i: number) => number;
  y: (value: number) => number | null;
}

interface PlotOptions {
  key: string;
  title: string;
  rows: (Bucket & { label: string })[];
  scale: { of: (value: number) => number | null; ticks: number[] };
  size: string;
  lines: number;
  changes?: { at: number; text: string }[];
  say: (i: number, line: number) => string;
  tip: (i: number, line: number) => Node[];
  tick: (value: number) => string;
  draw: (g: Geometry) => Node[];
}

type View = import('./js/figures/view.js').View;
type Store = import('./js/data/store.js').Store;
type Sum = import('./js/data/cells.js').Sum;
type Sketch = import('./js/data/sketch.js').Sketch;
