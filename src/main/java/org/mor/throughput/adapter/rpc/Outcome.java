package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/** How one call of an exchange ended. */
sealed interface Outcome {
  /** The result; JSON null is a result. */
  record Answered(JsonNode result) implements Outcome {}

  record Failed(EndpointFailure failure) implements Outcome {}

  /**
   * The result.
   *
   * @throws EndpointFailure when the call failed
   */
  default JsonNode orThrow() {
    if (this instanceof Failed failed) {
      throw failed.failure();
    }
    return ((Answered) this).result();
  }
}
