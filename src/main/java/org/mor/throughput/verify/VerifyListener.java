package org.mor.throughput.verify;

import org.mor.throughput.archive.RowKind;
import org.mor.throughput.session.Month;

/** Hears how far a verification is. */
@FunctionalInterface
public interface VerifyListener {
  /** A month's partition was read, one of {@code months} of its kind. */
  void read(RowKind kind, Month month, int months);

  static VerifyListener none() {
    return (kind, month, months) -> {};
  }
}
