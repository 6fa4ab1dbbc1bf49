package org.mor.throughput.store;

/** An opaque token that changes whenever an object's content changes (an ETag). */
public record ObjectVersion(String token) {
  public ObjectVersion {
    if (token.isEmpty()) {
      throw new IllegalArgumentException("An object version must not be empty");
    }
  }
}
