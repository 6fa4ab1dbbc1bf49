package org.mor.throughput.demo;

/** The simulated contract refuses a call. */
final class RevertedException extends Exception {
  RevertedException(String reason) {
    super(reason);
  }
}
