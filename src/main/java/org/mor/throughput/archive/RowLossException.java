package org.mor.throughput.archive;

/**
 * A write was about to drop rows that are stored; it was not done. This is a defect of the program,
 * never of the data.
 */
public final class RowLossException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  RowLossException(String message) {
    super(message);
  }
}
