package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.Optional;

/** Carries a JSON-RPC request to an endpoint and its answer back. */
interface Transport {
  /** A response body; a real log takes 400 bytes or more, so this is some 80,000 of them. */
  int MOST_BYTES = 32 << 20;

  /**
   * Answers with whatever HTTP status came back.
   *
   * @throws EndpointFailure when nothing whole came back: no connection, too slow, too large
   */
  Reply post(Endpoint endpoint, byte[] body);

  /**
   * What came back over HTTP.
   *
   * @param retryAfter the wait the server asked for
   * @param body itself, not a copy
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Reply(int status, Optional<Duration> retryAfter, byte[] body) {
    boolean ok() {
      return status >= 200 && status < 300;
    }
  }
}
