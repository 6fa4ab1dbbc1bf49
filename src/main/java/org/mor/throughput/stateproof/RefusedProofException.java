package org.mor.throughput.stateproof;

/**
 * A header or a proof that does not lead from the trusted hash to what it claims. Nothing of it may
 * be used. The message says which part broke; the caller names the endpoint.
 */
public final class RefusedProofException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedProofException(String message) {
    super(message);
  }

  RefusedProofException(String message, Throwable cause) {
    super(message, cause);
  }
}
