package org.mor.throughput.adapter.rpc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mor.throughput.chain.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what an endpoint said into the failure that names the reaction. */
final class Diagnosis {
  private static final Logger LOG = LoggerFactory.getLogger(Diagnosis.class);
  private static final int SHOWN = 300;
  private static final int SHOWN_IN_FULL = 4_000;
  private static final int UNKNOWNS_KEPT = 100;
  private static final String BARE_REVERT =
      " without a reason; the endpoint's gas cap for eth_call may be too small";

  private final Endpoint endpoint;
  private final ErrorTable table;
  private final Set<String> unknownsLogged = new HashSet<>();

  Diagnosis(Endpoint endpoint, ErrorTable table) {
    this.endpoint = endpoint;
    this.table = table;
  }

  /** The failure behind an error object that answers {@code calls}. */
  EndpointFailure ofError(List<RpcCall> calls, RpcError error, Optional<Duration> retryAfter) {
    String shown = "error %d: %s".formatted(error.code(), endpoint.scrub(error.text(), SHOWN));
    if (calls.get(0).method().equals("eth_call") && error.isRevert()) {
      return error.isBareRevert()
          ? failure(calls, shown + BARE_REVERT, Verdict.of(Reaction.GAS), retryAfter, Bytes.EMPTY)
          : failure(calls, shown, Verdict.of(Reaction.REVERT), retryAfter, error.revertData());
    }
    Optional<Verdict> known = table.read(bounded(error.text()));
    Verdict verdict = known.orElseGet(() -> byCode(calls, error));
    if (known.isEmpty()) {
      logOnce(calls, verdict, "code " + error.code(), error.text());
    }
    return failure(calls, shown, verdict, retryAfter, Bytes.EMPTY);
  }

  /** The failure behind an HTTP status other than success. */
  EndpointFailure ofStatus(List<RpcCall> calls, HttpReply reply, Optional<RpcError> error) {
    String body = new String(reply.body(), StandardCharsets.UTF_8);
    String text = error.map(RpcError::text).orElse("") + "\n" + bounded(body);
    Optional<Verdict> known = table.read(text);
    Verdict verdict = byStatus(calls.size(), reply.status(), known);
    String full = error.map(RpcError::text).orElse(bounded(body));
    if (known.isEmpty()) {
      logOnce(calls, verdict, "HTTP " + reply.status(), full);
    }
    String said = endpoint.scrub(full, SHOWN);
    String shown = "HTTP %d %s%s".formatted(reply.status(), said, advice(reply.status()));
    return failure(calls, shown, verdict, reply.retryAfter(), Bytes.EMPTY);
  }

  /** A failure of the protocol itself: no JSON, ids that do not match. */
  EndpointFailure ofProtocol(List<RpcCall> calls, String detail, byte[] body) {
    String start = endpoint.scrub(bounded(new String(body, StandardCharsets.UTF_8)), 80);
    String shown = "%s (%d bytes: %s)".formatted(detail, body.length, start);
    return failure(calls, shown, Verdict.of(Reaction.TRANSIENT), Optional.empty(), Bytes.EMPTY);
  }

  private static Verdict byStatus(int calls, int status, Optional<Verdict> known) {
    if (status == 429) {
      return Verdict.of(Reaction.RATE);
    }
    if (known.isPresent() && known.get().reaction() != Reaction.TRANSIENT) {
      return known.get();
    }
    if (status == 401 || status == 403 || (status >= 300 && status < 400)) {
      return Verdict.of(Reaction.REFUSED);
    }
    if (status == 413) {
      return Verdict.of(Reaction.DENSITY);
    }
    if (status >= 500 || status == 408) {
      return Verdict.of(Reaction.TRANSIENT);
    }
    return Verdict.of(status == 400 && calls > 1 ? Reaction.BATCH : Reaction.UNKNOWN);
  }

  /** An unknown "invalid request" or "parse error" in answer to a batch refuses the batch. */
  private static Verdict byCode(List<RpcCall> calls, RpcError error) {
    if (error.code() == 429) {
      return Verdict.of(Reaction.RATE);
    }
    boolean malformed = error.code() == -32600 || error.code() == -32700;
    return Verdict.of(malformed && calls.size() > 1 ? Reaction.BATCH : Reaction.UNKNOWN);
  }

  private static String advice(int status) {
    if (status == 401 || status == 403) {
      return "; the key in this endpoint's URL may be wrong or expired";
    }
    return status >= 300 && status < 400
        ? "; redirects are not followed: configure the final address"
        : "";
  }

  private EndpointFailure failure(
      List<RpcCall> calls, String shown, Verdict verdict, Optional<Duration> wait, Bytes revert) {
    String message = "%s: %s: %s".formatted(endpoint.name(), methods(calls), shown);
    return new EndpointFailure(message, verdict, wait, revert);
  }

  private static String methods(List<RpcCall> calls) {
    return calls.stream().map(RpcCall::method).distinct().collect(Collectors.joining("+"));
  }

  /** A message that is not in the table and yet decides how the endpoint is asked from now on. */
  private void logOnce(List<RpcCall> calls, Verdict verdict, String code, String said) {
    if (verdict.reaction() != Reaction.UNKNOWN && verdict.reaction() != Reaction.BATCH) {
      return;
    }
    String text = endpoint.scrub(said, SHOWN_IN_FULL);
    // Digits vary from call to call, so they do not make a message a new one.
    if (unknownsLogged.size() < UNKNOWNS_KEPT
        && unknownsLogged.add(code + text.replaceAll("[0-9a-fA-Fx]+", "#"))) {
      LOG.warn(
          "{} answered {} with an error this program does not know: {}, {}{}",
          endpoint.name(),
          methods(calls),
          code,
          text,
          verdict.reaction() == Reaction.BATCH ? "; taken for a refusal of the batch" : "");
    }
  }

  private static String bounded(String text) {
    return text.length() <= Limits.ERROR_TEXT ? text : text.substring(0, Limits.ERROR_TEXT);
  }
}
