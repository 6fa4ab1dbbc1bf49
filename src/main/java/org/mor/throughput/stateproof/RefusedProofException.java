package org.mor.throughput.stateproof;

/** A header or a proof that does not lead from the trusted hash to what it claims. */
public final class RefusedProofException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean isUnknownForm;

  RefusedProofException(String message) {
    this(message, false);
  }

  RefusedProofException(String message, boolean isUnknownForm) {
    super(message);
    this.isUnknownForm = isUnknownForm;
  }

  RefusedProofException(String message, Throwable cause) {
    super(message, cause);
    this.isUnknownForm = false;
  }

  /** Whether it may be true all the same, but is of a form that is not known here. */
  public boolean isUnknownForm() {
    return isUnknownForm;
  }
}
