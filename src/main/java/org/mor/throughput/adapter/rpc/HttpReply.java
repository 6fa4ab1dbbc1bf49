package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.Optional;

/** What came back over HTTP. */
final class HttpReply {
  private final int status;
  private final Optional<Duration> retryAfter;
  private final byte[] body;

  HttpReply(int status, Optional<Duration> retryAfter, byte[] body) {
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }

  int status() {
    return status;
  }

  boolean ok() {
    return status >= 200 && status < 300;
  }

  /** The wait the server asked for. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** The body itself, not a copy. */
  byte[] body() {
    return body;
  }
}
