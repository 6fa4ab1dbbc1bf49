package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Speaks JSON-RPC with one endpoint; every answer is matched to its call by id. */
final class RpcClient {
  private final Endpoint endpoint;
  private final Transport transport;
  private final RpcStats stats;
  private final RpcCodec codec = new RpcCodec();
  private final Diagnosis diagnosis;
  private final Window batches;
  private long nextId = 1;

  RpcClient(
      Endpoint endpoint, Transport transport, ErrorTable table, RpcStats stats, int batchSize) {
    this.endpoint = endpoint;
    this.transport = transport;
    this.stats = stats;
    this.diagnosis = new Diagnosis(endpoint, table);
    this.batches = new Window(batchSize, batchSize);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** A failure that the answer as such does not show; it is counted here like the others. */
  EndpointFailure failure(Reaction reaction, String detail) {
    stats.failed(reaction);
    return EndpointFailure.of(endpoint, reaction, detail);
  }

  /** How many calls a batch may hold, as far as known; 1 when batches are refused. */
  Window batches() {
    return batches;
  }

  /**
   * Asks one call.
   *
   * @throws EndpointFailure when it has no result
   */
  JsonNode ask(RpcCall call) {
    return exchange(List.of(call)).get(0).orThrow();
  }

  /**
   * Asks all calls in one HTTP request, answered in their order.
   *
   * @throws EndpointFailure when the exchange as a whole failed; with the reaction BATCH the limit
   *     has been learned and smaller batches, or single calls, may go through
   */
  List<Outcome> exchange(List<RpcCall> calls) {
    try {
      return exchangeOnce(calls);
    } catch (EndpointFailure failure) {
      stats.failed(failure.reaction());
      if (failure.reaction() == Reaction.BATCH) {
        batches.cap(failure.verdict().number(), calls.size());
      }
      throw failure;
    }
  }

  private List<Outcome> exchangeOnce(List<RpcCall> calls) {
    long firstId = nextId;
    nextId += calls.size();
    byte[] request = codec.encode(calls, firstId);
    stats.sent(calls);
    HttpReply reply = transport.post(endpoint, request);
    Optional<JsonNode> tree = codec.decode(reply.body());
    if (!reply.ok()) {
      throw diagnosis.ofStatus(calls, reply, tree.flatMap(RpcClient::errorIn));
    }
    JsonNode answer =
        tree.orElseThrow(() -> diagnosis.ofProtocol(calls, "the body is not JSON", reply.body()));
    return calls.size() == 1
        ? List.of(single(calls, answer, firstId, reply))
        : batch(calls, answer, firstId, reply);
  }

  private Outcome single(List<RpcCall> calls, JsonNode answer, long id, HttpReply reply) {
    Optional<RpcError> error = errorIn(answer);
    boolean named = isId(answer.path("id"), id);
    if (!named && !(error.isPresent() && answer.path("id").isNull())) {
      throw diagnosis.ofProtocol(calls, "the answer has another id than the call", reply.body());
    }
    return outcome(calls, answer, error, reply);
  }

  private List<Outcome> batch(List<RpcCall> calls, JsonNode answer, long firstId, HttpReply reply) {
    if (!answer.isArray()) {
      RpcError error =
          errorIn(answer)
              .orElseThrow(
                  () -> diagnosis.ofProtocol(calls, "no array answers a batch", reply.body()));
      throw diagnosis.ofError(calls, error, reply.retryAfter());
    }
    @Nullable Outcome[] outcomes = new @Nullable Outcome[calls.size()];
    for (JsonNode element : answer) {
      Optional<RpcError> error = errorIn(element);
      if (error.isPresent() && !element.path("id").isIntegralNumber()) {
        throw diagnosis.ofError(calls, error.get(), reply.retryAfter());
      }
      int index = indexOf(element.path("id"), firstId, calls.size());
      if (index < 0 || outcomes[index] != null) {
        throw diagnosis.ofProtocol(
            calls, "an id in the batch is unknown or answered twice", reply.body());
      }
      outcomes[index] = outcome(List.of(calls.get(index)), element, error, reply);
    }
    return complete(calls, outcomes, reply);
  }

  private List<Outcome> complete(
      List<RpcCall> calls, @Nullable Outcome[] outcomes, HttpReply reply) {
    List<Outcome> all = new ArrayList<>();
    for (@Nullable Outcome outcome : Arrays.asList(outcomes)) {
      if (outcome == null) {
        throw diagnosis.ofProtocol(calls, "calls of the batch are not answered", reply.body());
      }
      if (outcome instanceof Outcome.Failed failed) {
        if (failed.failure().reaction() == Reaction.BATCH) {
          throw failed.failure();
        }
      }
      all.add(outcome);
    }
    return all;
  }

  private Outcome outcome(
      List<RpcCall> call, JsonNode answer, Optional<RpcError> error, HttpReply reply) {
    if (error.isPresent()) {
      EndpointFailure failure = diagnosis.ofError(call, error.get(), reply.retryAfter());
      if (failure.reaction() != Reaction.REVERT) {
        stats.failed(failure.reaction());
      }
      return new Outcome.Failed(failure);
    }
    if (!answer.has("result")) {
      throw diagnosis.ofProtocol(call, "neither result nor error", reply.body());
    }
    return new Outcome.Answered(answer.get("result"));
  }

  private static int indexOf(JsonNode id, long firstId, int count) {
    for (int i = 0; i < count; i++) {
      if (isId(id, firstId + i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isId(JsonNode id, long expected) {
    return id.isIntegralNumber() && id.canConvertToLong() && id.longValue() == expected;
  }

  private static Optional<RpcError> errorIn(JsonNode answer) {
    JsonNode error = answer.path("error");
    return error.isMissingNode() || error.isNull()
        ? Optional.empty()
        : Optional.of(RpcError.read(error));
  }
}
