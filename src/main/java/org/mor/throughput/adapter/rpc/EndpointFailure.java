package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.Optional;
import org.mor.throughput.adapter.rpc.ErrorTable.Meaning;
import org.mor.throughput.chain.Bytes;

/**
 * One endpoint did not answer. The message names its host and holds nothing else of its URL; there
 * is no cause, since the causes of the HTTP client quote the URL.
 */
final class EndpointFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Meaning meaning;
  private final Optional<Duration> retryAfter;
  private final Bytes revertData;

  EndpointFailure(
      String message, Meaning meaning, Optional<Duration> retryAfter, Bytes revertData) {
    super(message);
    this.meaning = meaning;
    this.retryAfter = retryAfter;
    this.revertData = revertData;
  }

  /** The detail must be scrubbed already. */
  static EndpointFailure of(Endpoint endpoint, Reaction reaction, String detail) {
    return new EndpointFailure(
        endpoint.name() + ": " + detail, Meaning.of(reaction), Optional.empty(), Bytes.EMPTY);
  }

  /** The same failure with its likely cause behind the message. */
  EndpointFailure because(String cause) {
    return new EndpointFailure(text() + "; " + cause, meaning, retryAfter, revertData);
  }

  Meaning meaning() {
    return meaning;
  }

  Reaction reaction() {
    return meaning.reaction();
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
