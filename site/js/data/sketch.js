// Histograms of whole numbers: a bucket of its own for each value below 128, above that 64 buckets to each power of
// two.
// The same as the indexer's; a percentile is the middle of its bucket, off by less than 0.8 %.

const SUB = 64;
/** One more than the bucket of the largest value of a receipt, 2^32 - 1. */
export const BUCKETS = 1728;

export function bucketOf(value) {
  let shift = 0;
  let rest = value;
  while (rest >= 2 * SUB) {
    rest = Math.floor(rest / 2);
    shift++;
  }
  return shift * SUB + rest;
}

export function middleOf(bucket) {
  const shift = Math.max(0, Math.floor(bucket / SUB) - 1);
  const scale = 2 ** shift;
  return (bucket - shift * SUB) * scale + Math.floor((scale - 1) / 2);
}

/** Counts by bucket; adding sketches adds counts, in any order. */
export class Sketch {
  constructor() {
    this.counts = null;
    this.total = 0;
    this.low = BUCKETS;
    this.high = -1;
  }

  add(bucket, count) {
    this.counts ??= new Uint32Array(BUCKETS);
    this.counts[bucket] += count;
    this.total += count;
    if (bucket < this.low) this.low = bucket;
    if (bucket > this.high) this.high = bucket;
  }

  merge(other) {
    for (const [bucket, count] of other.entries()) this.add(bucket, count);
    return this;
  }

  /** [bucket, count] in ascending order, without the empty ones. */
  entries() {
    const found = [];
    for (let b = this.low; b <= this.high; b++) if (this.counts[b] > 0) found.push([b, this.counts[b]]);
    return found;
  }

  /** The value at a rank from 1 to total. */
  atRank(rank) {
    let seen = 0;
    for (let b = this.low; b <= this.high; b++) {
      seen += this.counts[b];
      if (seen >= rank) return middleOf(b);
    }
    return null;
  }

  /** Nearest rank: ceil(percent / 100 * total); null without a sample. */
  percentile(percent) {
    return this.total === 0 ? null : this.atRank(Math.ceil((percent * this.total) / 100));
  }

  countAbove(value) {
    let above = 0;
    for (const [bucket, count] of this.entries()) if (middleOf(bucket) > value) above += count;
    return above;
  }
}
