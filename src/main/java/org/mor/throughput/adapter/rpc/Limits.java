package org.mor.throughput.adapter.rpc;

/** What is accepted from a node, and sent to it, in one exchange. */
final class Limits {
  /** A response body; a real log takes 400 bytes or more, so this is some 80,000 of them. */
  static final int RESPONSE_BYTES = 32 << 20;

  static final int LOGS = 200_000;
  static final int JSON_DEPTH = 32;

  /** A log has about 30 tokens; the bound keeps a body of empty objects from filling the heap. */
  static final long JSON_TOKENS = 3_000_000;

  static final int REQUEST_BYTES = 512 << 10;

  /** How much of an error's text is searched for a known message. */
  static final int ERROR_TEXT = 20_000;

  private Limits() {}
}
