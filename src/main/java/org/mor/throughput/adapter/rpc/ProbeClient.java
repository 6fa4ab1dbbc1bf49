package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Asks one endpoint with a budget of requests and time, and a second try after a passing fault. */
final class ProbeClient {
  static final int MOST_REQUESTS = 60;
  static final Duration MOST_TIME = Duration.ofSeconds(60);

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
}
