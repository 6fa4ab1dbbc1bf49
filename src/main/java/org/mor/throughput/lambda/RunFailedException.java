package org.mor.throughput.lambda;

/**
 * The invocation failed; Lambda reports it and counts it. Holds the redacted message alone: a cause
 * would be reported with it, and its message is somebody else's.
 */
public final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunFailedException(String message) {
    super(message, null, false, false);
  }
}
