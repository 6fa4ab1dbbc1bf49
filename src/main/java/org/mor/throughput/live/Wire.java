package org.mor.throughput.live;

import java.util.List;
import org.eclipse.jetty.util.Callback;

/** One client's connection. */
interface Wire {
  /** Sends messages in order; {@code done} hears when the network has taken them. */
  void send(List<Message> batch, Callback done);

  /**
   * Ends the connection.
   *
   * @param code of RFC 6455, section 7.4.1
   * @param reason at most 120 bytes
   */
  void close(int code, String reason);

  /** Ends it at once, where the client no longer reads. */
  void abort();

  /** Whether a client answers what it is sent, so that its silence means that it is gone. */
  boolean answers();
}
