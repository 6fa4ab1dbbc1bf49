// What adds up. Parts of tokens are kept in thousandths, so that sums of estimates stay exact.

export const zero = () => ({
  sessions: 0,
  disputed: 0,
  flagged: 0,
  withTokens: 0,
  legacy: 0,
  missing: 0,
  idle: 0,
  early: 0,
  input: 0,
  output: 0,
  estMilli: 0,
  disputedMilli: 0,
  tokensFlagged: 0,
  seconds: 0,
});
const KEYS = Object.keys(zero());

export function addInto(sum, other) {
  for (const key of KEYS) sum[key] += other[key];
  return sum;
}

export const total = (list) => list.reduce(addInto, zero());

/**
 * The amounts of a bucket of a series document; a missing number makes the sums it enters unknown (NaN), never
 * smaller.
 */
export function ofBucket(bucket) {
  const number = (key) => (typeof bucket[key] === 'number' ? bucket[key] : NaN);
  return {
    sessions: number('sessionsClosed'),
    disputed: number('sessionsDisputed'),
    flagged: number('sessionsFlagged'),
    withTokens: number('sessionsWithTokens'),
    legacy: number('sessionsLegacyEst'),
    missing: number('sessionsMissingTokens'),
    idle: number('sessionsIdle'),
    early: number('sessionsClosedEarly'),
    input: number('inputTokens'),
    output: number('outputTokens'),
    estMilli: Math.round(1000 * number('tokensLegacyEst')),
    disputedMilli: Math.round(1000 * number('tokensDisputed')),
    tokensFlagged: number('tokensFlagged'),
    seconds: number('sessionSeconds'),
  };
}

/** All tokens that receipts state. */
export const receipt = (a) => a.input + a.output;

/** Tokens as the switches ask for them: with estimates, without implausible ones. */
export function tokens(a, state) {
  const plain = receipt(a) - (state.flagged === '0' ? a.tokensFlagged : 0);
  return state.est === '1' ? plain + a.estMilli / 1000 : plain;
}

/** What the main chart's measure counts, without the estimates, which are a series of their own. */
export function measure(a, state) {
  if (state.measure === 'sessions') return a.sessions;
  if (state.measure === 'hours') return a.seconds / 3600;
  return tokens(a, { ...state, est: '0' });
}
