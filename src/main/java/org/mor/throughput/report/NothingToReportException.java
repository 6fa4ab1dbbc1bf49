package org.mor.throughput.report;

/** A month that the published documents say nothing of; the message says which they know. */
public final class NothingToReportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NothingToReportException(String message) {
    super(message);
  }
}
