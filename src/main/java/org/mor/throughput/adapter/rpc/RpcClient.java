package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks JSON-RPC with one endpoint; every answer is matched to its call by id. */
final class RpcClient {
  private static final Logger LOG = LoggerFactory.getLogger(RpcClient.class);

  private final Endpoint endpoint;
  private final Transport transport;
  private final RpcStats stats;
  private final RpcCodec codec = new RpcCodec();
  private final Experience experience = new Experience();
  private final Diagnosis diagnosis;
  private final Window batches;
  private long nextId = 1;
  private boolean saidAlone;

  RpcClient(
      Endpoint endpoint, Transport transport, ErrorTable table, RpcStats stats, int batchSize) {
    this.endpoint = endpoint;
    this.transport = transport;
    this.stats = stats;
    this.diagnosis = new Diagnosis(endpoint, table, experience);
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

  /** How many calls a batch may hold by the endpoint's own word; 1 when it allows none. */
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
   * @throws EndpointFailure when the exchange as a whole failed; with the reaction BATCH smaller
   *     batches, or single calls, may go through
   */
  List<Outcome> exchange(List<RpcCall> calls) {
    try {
      return exchangeOnce(calls);
    } catch (EndpointFailure failure) {
      stats.failed(failure.reaction());
      if (failure.reaction() == Reaction.BATCH && failure.verdict().number().isPresent()) {
        batches.cap(failure.verdict().number(), calls.size());
      }
      throw failure;
    }
  }

  /** A batch failed and the same calls one by one did not. Said once. */
  void answersAlone(EndpointFailure batch) {
    if (!saidAlone) {
      saidAlone = true;
      LOG.warn(
          "{} answers calls one by one that it does not answer in a batch ({}): they go one by one, and a batch is tried again now and then",
          endpoint.name(),
          batch.text());
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
                  () -> diagnosis.ofBatch(calls, "no array answers a batch", reply.body()));
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
        throw diagnosis.ofBatch(calls, "calls of the batch are not answered", reply.body());
      }
      if (outcome instanceof Outcome.Failed failed) {
        if (failed.failure().reaction() == Reaction.BATCH) {
          throw failed.failure();
        }
      }
      all.add(outcome);
    }
    experience.answeredBatch(calls.size());
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
    experience.answered(call.get(0));
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
