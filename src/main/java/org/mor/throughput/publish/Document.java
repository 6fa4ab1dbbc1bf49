package org.mor.throughput.publish;

import java.time.Instant;
import org.mor.throughput.chain.Address;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.store.ObjectKey;

/** A document ready to be stored: compact JSON in UTF-8 with one line end. */
@SuppressWarnings("ArrayRecordComponent") // content is handed over, never compared
public record Document(ObjectKey key, byte[] body) {
  /**
   * What every document starts with.
   *
   * @param network the name of the network profile
   * @param generatedAt when it was computed; the only thing in a document that a clock decides
   */
  public record DocumentHead(String network, Address diamond, AsOf asOf, Instant generatedAt) {
    /** Goes up whenever a reader of the documents would have to change. */
    public static final int SCHEMA_VERSION = 1;
  }
}
