package org.mor.throughput.archive;

/**
 * A month has more rows than one partition holds: nothing was written, and what is stored and
 * published stays as it is.
 */
public final class PartitionFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PartitionFullException(String message) {
    super(message);
  }
}
