package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Speaks JSON-RPC with one endpoint; every answer is matched to its call by id. */
final class RpcClient {
  /** How one call of an exchange ended. */
  sealed interface Outcome {
    /** The result; JSON null is a result. */
    record Answered(JsonNode result) implements Outcome {}

    record Failed(EndpointFailure failure) implements Outcome {}

    /**
     * The result.
     *
     * @throws EndpointFailure when the call failed
     */
    default JsonNode orThrow() {
      if (this instanceof Failed failed) {
        throw failed.failure();
      }
      return ((Answered) this).result();
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(RpcClient.class);

  /** A log has about 30 tokens; the bound keeps a body of empty objects from filling the heap. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxTokenCount(3_000_000)
                          .maxStringLength(Transport.MOST_BYTES)
                          .maxNumberLength(80)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Endpoint endpoint;
  private final Transport transport;
  private final RpcStats stats;
  private final Diagnosis diagnosis;
  private final RequestSize batches;
  private final Pace pace;
  private long nextId = 1;
  private boolean saidAlone;

  RpcClient(
      Endpoint endpoint, Transport transport, ErrorTable table, RpcStats stats, int batchSize) {
    this(endpoint, transport, table, stats, batchSize, Pace.alone());
  }

  RpcClient(
      Endpoint endpoint,
      Transport transport,
      ErrorTable table,
      RpcStats stats,
      int batchSize,
      Pace pace) {
    this.endpoint = endpoint;
    this.transport = transport;
    this.stats = stats;
    this.diagnosis = new Diagnosis(endpoint, table);
    this.batches = new RequestSize(batchSize, batchSize);
    this.pace = pace;
  }

  Pace pace() {
    return pace;
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
  RequestSize batches() {
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
    long ticket = pace.begin();
    Pace.End end = Pace.End.FAILED;
    try {
      List<Outcome> outcomes = exchangeOnce(calls);
      end = outcomes.stream().anyMatch(RpcClient::isRefused) ? Pace.End.REFUSED : Pace.End.ANSWERED;
      return outcomes;
    } catch (EndpointFailure failure) {
      end = failure.reaction() == Reaction.RATE ? Pace.End.REFUSED : Pace.End.FAILED;
      stats.failed(failure.reaction());
      if (failure.reaction() == Reaction.BATCH && failure.meaning().number().isPresent()) {
        batches.cap(failure.meaning().number(), calls.size());
      }
      throw failure;
    } finally {
      pace.end(ticket, end);
    }
  }

  private static boolean isRefused(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed && failed.failure().reaction() == Reaction.RATE;
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
    stats.sent(calls);
    byte[] request = request(calls, firstId);
    Transport.Reply reply = pace.away(() -> transport.post(endpoint, request));
    Optional<JsonNode> tree = pace.away(() -> tree(reply.body()));
    if (!reply.ok()) {
      throw diagnosis.ofStatus(calls, reply, tree.flatMap(RpcClient::errorIn));
    }
    JsonNode answer =
        tree.orElseThrow(() -> diagnosis.ofProtocol(calls, "the body is not JSON", reply.body()));
    return calls.size() == 1
        ? List.of(single(calls, answer, firstId, reply))
        : batch(calls, answer, firstId, reply);
  }

  private static byte[] request(List<RpcCall> calls, long firstId) {
    try {
      return MAPPER.writeValueAsBytes(RpcCall.request(calls, firstId));
    } catch (IOException e) {
      throw new IllegalStateException("A request could not be written as JSON", e);
    }
  }

  /** The body as a tree; empty when it is not one JSON value within the bounds. */
  private static Optional<JsonNode> tree(byte[] body) {
    try {
      JsonNode tree = MAPPER.readTree(body);
      return tree == null || tree.isMissingNode() ? Optional.empty() : Optional.of(tree);
    } catch (IOException e) {
      // The exception quotes the body; the caller says what it can of it, redacted.
      return Optional.empty();
    }
  }

  private Outcome single(List<RpcCall> calls, JsonNode answer, long id, Transport.Reply reply) {
    Optional<RpcError> error = errorIn(answer);
    JsonNode told = answer.path("id");
    boolean named = told.isIntegralNumber() && told.canConvertToLong() && told.longValue() == id;
    if (!named && !(error.isPresent() && told.isNull())) {
      throw diagnosis.ofProtocol(calls, "the answer has another id than the call", reply.body());
    }
    return outcome(calls, answer, error, reply);
  }

  private List<Outcome> batch(
      List<RpcCall> calls, JsonNode answer, long firstId, Transport.Reply reply) {
    if (!answer.isArray()) {
      RpcError error =
          errorIn(answer)
              .orElseThrow(
                  () -> diagnosis.ofBatch(calls, "no array answers a batch", reply.body()));
      throw diagnosis.ofError(calls, error, reply.retryAfter());
    }
    Map<Long, Outcome> outcomes = new TreeMap<>();
    for (JsonNode element : answer) {
      Optional<RpcError> error = errorIn(element);
      JsonNode id = element.path("id");
      if (error.isPresent() && !id.isIntegralNumber()) {
        throw diagnosis.ofError(calls, error.get(), reply.retryAfter());
      }
      long index = id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() - firstId : -1;
      if (index < 0 || index >= calls.size() || outcomes.containsKey(index)) {
        throw diagnosis.ofProtocol(
            calls, "an id in the batch is unknown or answered twice", reply.body());
      }
      outcomes.put(index, outcome(List.of(calls.get((int) index)), element, error, reply));
    }
    for (Outcome outcome : outcomes.values()) {
      if (outcome instanceof Outcome.Failed failed
          && failed.failure().reaction() == Reaction.BATCH) {
        throw failed.failure();
      }
    }
    if (outcomes.size() < calls.size()) {
      throw diagnosis.ofBatch(calls, "calls of the batch are not answered", reply.body());
    }
    diagnosis.answeredBatch(calls.size());
    return List.copyOf(outcomes.values());
  }

  private Outcome outcome(
      List<RpcCall> call, JsonNode answer, Optional<RpcError> error, Transport.Reply reply) {
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
    diagnosis.answered(call.get(0));
    return new Outcome.Answered(answer.get("result"));
  }

  private static Optional<RpcError> errorIn(JsonNode answer) {
    JsonNode error = answer.path("error");
    return error.isMissingNode() || error.isNull()
        ? Optional.empty()
        : Optional.of(RpcError.read(error));
  }
}
