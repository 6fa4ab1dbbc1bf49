package org.mor.throughput.demo;

import static org.mor.throughput.contract.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.ReceiptFormat.SEVEN_FIELD;
import static org.mor.throughput.contract.ReceiptFormat.UNRECOGNIZED;

import org.mor.throughput.contract.ReceiptFormat;

/** What somebody closes a session with, and what an indexer must take it for. */
enum ReceiptKind {
  FIVE(FIVE_FIELD),
  SEVEN(SEVEN_FIELD),
  /** Every number at its 32-bit maximum; genuine in form. */
  MAXIMUM(SEVEN_FIELD),
  SIX_WORDS(UNRECOGNIZED),
  /** Seven words and 31 bytes more. */
  EXTRA_BYTES(UNRECOGNIZED),
  /** Seven words, a token count of which does not fit 32 bits. */
  WIDE_WORD(UNRECOGNIZED),
  /** Five words, then junk up to 4 KB. */
  JUNK(UNRECOGNIZED),
  OTHER_SESSION(UNRECOGNIZED),
  OTHER_CHAIN(UNRECOGNIZED);

  private final ReceiptFormat format;

  ReceiptKind(ReceiptFormat format) {
    this.format = format;
  }

  ReceiptFormat format() {
    return format;
  }
}
