package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.Optional;
import org.mor.throughput.chain.Bytes;

/**
 * One endpoint did not answer. The message names its host and holds nothing else of its URL; there
 * is no cause, since the causes of the HTTP client quote the URL.
 */
final class EndpointFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Verdict verdict;
  private final Optional<Duration> retryAfter;
  private final Bytes revertData;

  EndpointFailure(
      String message, Verdict verdict, Optional<Duration> retryAfter, Bytes revertData) {
    super(message);
    this.verdict = verdict;
    this.retryAfter = retryAfter;
    this.revertData = revertData;
  }

  /** The detail must be scrubbed already. */
  static EndpointFailure of(Endpoint endpoint, Reaction reaction, String detail) {
    return new EndpointFailure(
        endpoint.name() + ": " + detail, Verdict.of(reaction), Optional.empty(), Bytes.EMPTY);
  }

  /** The same failure with its likely cause behind the message. */
  EndpointFailure because(String cause) {
    return new EndpointFailure(text() + "; " + cause, verdict, retryAfter, revertData);
  }

  Verdict verdict() {
    return verdict;
  }

  Reaction reaction() {
    return verdict.reaction();
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** What the contract reverted with, for REVERT. */
  Bytes revertData() {
    return revertData;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
