package org.mor.throughput.archive;

/**
 * A month has more rows than one partition holds: nothing was written to it, and what is stored
 * stays as it is.
 */
public final class PartitionFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PartitionFullException(String message) {
    super(message);
  }
}
