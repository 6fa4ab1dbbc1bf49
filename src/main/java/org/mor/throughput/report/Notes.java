package org.mor.throughput.report;

/** How a report is to be read. */
final class Notes {
  static final String TEXT =
      """
      ## How to read this

      - A session counts on the day it was closed. Tokens, tokens a second and time to first token are what the provider signed in the closing receipt: the contract checks the signature, not the truth. Receipts that the provider did not sign (disputed) count as sessions and never for speed.
      - Speed is a mean over each session, end to end: it includes the wait for the first token, so short outputs look slow. A percentile here is one over sessions, not over requests.
      - Tokens are implausible where a session claims more than 2,000 output tokens for each second that was paid for. They are left out of the key figure of tokens, of charts, shares and orders, and stand in a row of their own.
      - Size is the volume of a whole session, never the length of a prompt: receipts hold no request count.
      - A percentile is shown from 30 samples on (p50), 72 (p95) and 368 (p99). Two values whose intervals overlap are no clear difference.
      - Estimated tokens are those of December 2025 and January 2026, when receipts held no totals. They are not in the key figure of tokens and stand in a row of their own; charts, shares and orders count them.
      - A wallet is not a person.
      """;

  private Notes() {}
}
