package org.mor.throughput.adapter.rpc;

/** What a person does about an endpoint that fails. */
final class ProbeAdvice {
  /** What helps where a getter runs out of gas. */
  static final String GAS_CAP =
      "raise the endpoint's gas cap for eth_call (geth: --rpc.gascap), or put another endpoint first in BASE_RPC_URL";

  private ProbeAdvice() {}

  static String on(Reaction reaction) {
    return switch (reaction) {
      case RATE -> "its plan allows too few requests: wait, or take a larger plan";
      case PLAN -> "take a plan that includes it, or another endpoint";
      case REFUSED -> "check the key and the address in BASE_RPC_URL";
      case PRUNED -> "put an endpoint with full history first for a backfill";
      case LAG -> "the node is behind: try again later, or put another endpoint first";
      case GAS -> GAS_CAP;
      case CONTRADICTION -> "do not index from this endpoint; put another one first";
      case TRANSIENT -> "try again later, or put another endpoint first in BASE_RPC_URL";
      default -> "put another endpoint first, and report the message if it is a common provider's";
    };
  }
}
