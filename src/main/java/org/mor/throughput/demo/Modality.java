package org.mor.throughput.demo;

/** What a simulated model does, which decides what its receipts hold. */
enum Modality {
  /** Reports tokens. */
  CHAT,
  /** Reports no tokens; old nodes reported absurd rates. */
  OTHER
}
