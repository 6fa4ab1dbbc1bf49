package org.mor.throughput.adapter.rpc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mor.throughput.adapter.rpc.ErrorTable.Meaning;
import org.mor.throughput.chain.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what an endpoint said into the failure that names the reaction. */
final class Diagnosis {
  private static final Logger LOG = LoggerFactory.getLogger(Diagnosis.class);

  /** How much of an error's text is searched for a known message. */
  private static final int SEARCHED = 20_000;

  private static final int SHOWN = 300;
  private static final int SHOWN_IN_FULL = 4_000;
  private static final int UNKNOWNS_KEPT = 100;
  private static final String BARE_REVERT =
      " without a reason; the endpoint's gas cap for eth_call may be too small";

  /** What content delivery networks and firewalls in front of a node write when they block. */
  private static final Pattern CDN =
      Pattern.compile(
          "cloudflare|error code: 1\\d{3}\\b|attention required|just a moment|cloudfront|akamai|incapsula|imperva|sucuri|errors\\.edgesuite");

  private static final String PLAN_ADVICE =
      "; the plan or the node behind this endpoint does not allow it: take another plan or endpoint";

  private final Endpoint endpoint;
  private final ErrorTable table;
  private final Experience experience = new Experience();
  private final Set<String> unknownsLogged = new HashSet<>();

  Diagnosis(Endpoint endpoint, ErrorTable table) {
    this.endpoint = endpoint;
    this.table = table;
  }

  /** The call has a result. */
  void answered(RpcCall call) {
    experience.answered(call.method(), call.size());
  }

  /** Each call of a batch was answered, be it with an error. */
  void answeredBatch(int calls) {
    experience.answered(Experience.BATCH, calls);
  }

  /** The failure behind an error object that answers {@code calls}. */
  EndpointFailure ofError(List<RpcCall> calls, RpcError error, Optional<Duration> retryAfter) {
    String shown = "error %d: %s".formatted(error.code(), endpoint.scrub(error.text(), SHOWN));
    if (calls.get(0).method().equals("eth_call") && error.isRevert()) {
      return error.isBareRevert()
          ? failure(calls, shown + BARE_REVERT, Meaning.of(Reaction.GAS), retryAfter, Bytes.EMPTY)
          : failure(calls, shown, Meaning.of(Reaction.REVERT), retryAfter, error.revertData());
    }
    Optional<Meaning> known = table.read(bounded(error.text()));
    Meaning verdict =
        known.orElseGet(
            () -> guess(calls, byCode(calls, error), "code " + error.code(), error.text()));
    String advice = advice(200, false, verdict.reaction());
    return failure(calls, shown + advice, verdict, retryAfter, Bytes.EMPTY);
  }

  /** The failure behind an HTTP status other than success. */
  EndpointFailure ofStatus(List<RpcCall> calls, Transport.Reply reply, Optional<RpcError> error) {
    String body = bounded(new String(reply.body(), StandardCharsets.UTF_8));
    Optional<Meaning> known = table.read(error.map(RpcError::text).orElse("") + "\n" + body);
    boolean cdn = CDN.matcher(body.toLowerCase(Locale.ROOT)).find();
    String full = error.map(RpcError::text).orElse(body);
    Reaction reaction = byStatus(calls, reply.status(), cdn, known, error);
    Meaning verdict =
        known
            .filter(told -> told.reaction() == reaction)
            .orElseGet(() -> guess(calls, Meaning.of(reaction), "HTTP " + reply.status(), full));
    String shown =
        "HTTP %d %s%s"
            .formatted(
                reply.status(),
                endpoint.scrub(full, SHOWN),
                advice(reply.status(), cdn, verdict.reaction()));
    return failure(calls, shown, verdict, reply.retryAfter(), Bytes.EMPTY);
  }

  /**
   * A failure of the protocol itself: no JSON, ids that do not match. A node that never answered a
   * batch may answer so what it does not understand.
   */
  EndpointFailure ofProtocol(List<RpcCall> calls, String detail, byte[] body) {
    boolean batch = calls.size() > 1 && !experience.hasBatch();
    return ofBody(calls, batch ? Reaction.BATCH : Reaction.TRANSIENT, detail, body);
  }

  /** An answer that is sound but for being no answer to a batch, or to a part of it. */
  EndpointFailure ofBatch(List<RpcCall> calls, String detail, byte[] body) {
    return ofBody(calls, Reaction.BATCH, detail, body);
  }

  private EndpointFailure ofBody(
      List<RpcCall> calls, Reaction reaction, String detail, byte[] body) {
    String start = endpoint.scrub(bounded(new String(body, StandardCharsets.UTF_8)), 80);
    String shown = "%s (%d bytes: %s)".formatted(detail, body.length, start);
    return failure(calls, shown, Meaning.of(reaction), Optional.empty(), Bytes.EMPTY);
  }

  private Reaction byStatus(
      List<RpcCall> calls,
      int status,
      boolean cdn,
      Optional<Meaning> known,
      Optional<RpcError> error) {
    if (status == 429) {
      return Reaction.RATE;
    }
    if (status == 402) {
      return Reaction.PLAN;
    }
    if (status >= 300 && status < 400) {
      return Reaction.REFUSED;
    }
    if (known.isPresent() && known.get().reaction() != Reaction.TRANSIENT) {
      return known.get().reaction();
    }
    // These codes say more than the HTTP status they came with.
    if (error.filter(told -> told.isRate() || told.isUnknownMethod()).isPresent()) {
      return byCode(calls, error.get()).reaction();
    }
    if (status == 401 || status == 403) {
      // A firewall blocks single requests of a machine that it has let through before.
      return status == 403 && cdn && !experience.isEmpty() ? Reaction.TRANSIENT : Reaction.REFUSED;
    }
    if (status == 413) {
      return Reaction.DENSITY;
    }
    if (status >= 500 && status <= 501 && calls.size() > 1 && !experience.hasBatch()) {
      return Reaction.BATCH;
    }
    if (status >= 500 || status == 408 || known.isPresent()) {
      return Reaction.TRANSIENT;
    }
    if (error.isPresent() || calls.size() > 1) {
      return byCode(calls, error.orElse(RpcError.NONE)).reaction();
    }
    if (status == 404 || status == 405 || status == 410) {
      return experience.isEmpty() ? Reaction.REFUSED : Reaction.TRANSIENT;
    }
    return Reaction.UNKNOWN;
  }

  /** An error in unknown words that answers a whole batch may refuse no more than the batch. */
  private Meaning byCode(List<RpcCall> calls, RpcError error) {
    if (error.isRate()) {
      return Meaning.of(Reaction.RATE);
    }
    if (calls.size() > 1) {
      return Meaning.of(Reaction.BATCH);
    }
    if (error.isUnknownMethod()) {
      return Meaning.of(experience.has(calls) ? Reaction.TRANSIENT : Reaction.PLAN);
    }
    return Meaning.of(Reaction.UNKNOWN);
  }

  private static String advice(int status, boolean cdn, Reaction reaction) {
    if (reaction == Reaction.PLAN) {
      return PLAN_ADVICE;
    }
    if (reaction != Reaction.REFUSED) {
      return "";
    }
    if (cdn) {
      return "; a firewall in front of the node blocks this machine: use another endpoint";
    }
    return switch (status) {
      case 401, 403 -> "; the key in this endpoint's URL may be wrong or expired";
      case 404, 405, 410 -> "; no node answers there: check the path in this endpoint's URL";
      default -> "; check scheme (http or https), path and key of this endpoint's URL";
    };
  }

  private EndpointFailure failure(
      List<RpcCall> calls, String shown, Meaning verdict, Optional<Duration> wait, Bytes revert) {
    String message = "%s: %s: %s".formatted(endpoint.name(), methods(calls), shown);
    return new EndpointFailure(message, verdict, wait, revert);
  }

  private static String methods(List<RpcCall> calls) {
    return calls.stream().map(RpcCall::method).distinct().collect(Collectors.joining("+"));
  }

  /**
   * Settles what an error means that is not in the table, and logs it in full once. When the
   * endpoint has answered as much before, it comes and goes: a rate.
   */
  private Meaning guess(List<RpcCall> calls, Meaning verdict, String code, String said) {
    if (verdict.reaction() != Reaction.UNKNOWN && verdict.reaction() != Reaction.BATCH) {
      return verdict;
    }
    String text = endpoint.scrub(said, SHOWN_IN_FULL);
    // Digits vary from call to call, so they do not make a message a new one.
    String same = code + text.replaceAll("[0-9a-fA-Fx]+", "#");
    boolean passing = experience.isPassing(calls, same);
    String taken = verdict.reaction() == Reaction.BATCH ? "; taken for a refusal of the batch" : "";
    if (unknownsLogged.size() < UNKNOWNS_KEPT && unknownsLogged.add(same)) {
      LOG.warn(
          "{} answered {} with an error this program does not know: {}, {}{}",
          endpoint.name(),
          methods(calls),
          code,
          text,
          passing ? "; it answered as much before, so this is taken for a rate limit" : taken);
    }
    return passing ? Meaning.of(Reaction.RATE) : verdict;
  }

  private static String bounded(String text) {
    return text.length() <= SEARCHED ? text : text.substring(0, SEARCHED);
  }

  /**
   * The most that an endpoint has answered of each method. An error in unknown words about as much
   * as was answered before comes and goes, so it is about the moment and not about the question.
   */
  private static final class Experience {
    /** Failures in a row that are taken for the moment's; then what was answered counts no more. */
    private static final int PATIENCE = 3;

    private static final int TEXTS_KEPT = 100;
    private static final String BATCH = "batch";

    /** What failed in which unknown words, and how much of it was asked for. */
    private record Failed(long size, String text) {}

    private final Map<String, Long> most = new HashMap<>();
    private final Map<String, Failed> unexplained = new HashMap<>();
    private final Map<String, Integer> failuresInARow = new HashMap<>();

    /** Errors that came and went. */
    private final Set<String> passing = new HashSet<>();

    void answered(String what, long size) {
      most.merge(what, size, Math::max);
      failuresInARow.remove(what);
      Failed before = unexplained.remove(what);
      if (before != null && before.size() <= size && passing.size() < TEXTS_KEPT) {
        passing.add(before.text());
      }
    }

    boolean isEmpty() {
      return most.isEmpty();
    }

    /** Whether any batch was answered. */
    boolean hasBatch() {
      return most.containsKey(BATCH);
    }

    /** Whether the endpoint has answered as much of each call, together if they are several. */
    boolean has(List<RpcCall> calls) {
      return most.getOrDefault(BATCH, 1L) >= calls.size()
          && calls.stream().allMatch(call -> most.getOrDefault(call.method(), 0L) >= call.size());
    }

    /**
     * Whether an error in words that nobody knows is about the moment: as much was answered before,
     * or the same error has come and gone. Not for ever, since the same range can be denser.
     *
     * @param text the same for errors that differ in their numbers only
     */
    boolean isPassing(List<RpcCall> calls, String text) {
      String what = calls.size() > 1 ? BATCH : calls.get(0).method();
      if (!has(calls) && !passing.contains(text)) {
        unexplained.put(
            what, new Failed(calls.size() > 1 ? calls.size() : calls.get(0).size(), text));
        return false;
      }
      if (failuresInARow.merge(what, 1, Integer::sum) <= PATIENCE) {
        passing.add(text);
        return true;
      }
      most.remove(what);
      passing.remove(text);
      failuresInARow.remove(what);
      return false;
    }
  }
}
