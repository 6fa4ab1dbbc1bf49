package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.mor.throughput.adapter.rpc.RpcClient.Outcome;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.Bytes;

/** Asks one endpoint with a budget of requests and time, and a second try after a passing fault. */
final class ProbeClient {
  static final int MOST_REQUESTS = 60;
  static final Duration MOST_TIME = Duration.ofSeconds(60);

  /** What helps where a getter runs out of gas. */
  static final String GAS_CAP =
      "raise the endpoint's gas cap for eth_call (geth: --rpc.gascap), or put another endpoint first in BASE_RPC_URL";

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final RpcClient client;
  private final Fields fields;
  private final Sleeper sleeper;
  private final Instant until;
  private int requests;

  ProbeClient(RpcClient client, Sleeper sleeper) {
    this.client = client;
    this.fields = new Fields(client);
    this.sleeper = sleeper;
    this.until = sleeper.now().plus(MOST_TIME);
  }

  /** No more may be asked. */
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  String name() {
    return client.endpoint().name();
  }

  Fields fields() {
    return fields;
  }

  int requests() {
    return requests;
  }

  JsonNode ask(RpcCall call) {
    return exchange(List.of(call)).get(0).orThrow();
  }

  Bytes bytes(RpcCall call) {
    return fields.bytes(ask(call), "the result of " + call.method());
  }

  List<Outcome> exchange(List<RpcCall> calls) {
    try {
      return once(calls);
    } catch (EndpointFailure failure) {
      if (!isPassing(failure)) {
        throw failure;
      }
      pause(failure);
      return once(calls);
    }
  }

  /** One call alone, its failure thrown after a second try. */
  private List<Outcome> once(List<RpcCall> calls) {
    if (requests == MOST_REQUESTS || sleeper.now().isAfter(until)) {
      throw new SpentException();
    }
    requests++;
    List<Outcome> outcomes = client.exchange(calls);
    if (calls.size() == 1) {
      outcomes.get(0).orThrow();
    }
    return outcomes;
  }

  private static boolean isPassing(EndpointFailure failure) {
    return failure.reaction() == Reaction.TRANSIENT || failure.reaction() == Reaction.RATE;
  }

  private void pause(EndpointFailure failure) {
    Duration wanted = failure.retryAfter().orElse(PAUSE);
    sleeper.sleep(wanted.compareTo(LONGEST_PAUSE) < 0 ? wanted : LONGEST_PAUSE);
  }

  /** What a person does about an endpoint that fails. */
  static String advice(Reaction reaction) {
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
