package org.mor.throughput.adapter.rpc;

import java.util.Locale;

/** What a failed answer calls for. */
enum Reaction {
  /** The endpoint never answers for more blocks than this: remember it and stay below. */
  CAP,
  /** Too much in this one answer: ask for less this time. */
  DENSITY,
  /** The node has not reached the block: wait or ask another, but for just as much. */
  LAG,
  /** The node has dropped the block or its state: unfit for this depth. */
  PRUNED,
  /** Asked too often: back off. */
  RATE,
  /** The batch is refused, not what it asks: smaller batches or none. */
  BATCH,
  /** The key or the address is not accepted: asking again does not help. */
  REFUSED,
  /** The plan is used up or does not include the method: asking again does not help. */
  PLAN,
  /** The contract reverted the call and said why. */
  REVERT,
  /** A revert without a reason, as by a call that ran out of gas below the endpoint's gas cap. */
  GAS,
  /** A fault of the moment: network, server, or a body that is no answer. */
  TRANSIENT,
  /** The answer contradicts the question or itself. */
  CONTRADICTION,
  /** An error whose message is not known. */
  UNKNOWN;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
