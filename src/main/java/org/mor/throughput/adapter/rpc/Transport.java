package org.mor.throughput.adapter.rpc;

/** Carries a JSON-RPC request to an endpoint and its answer back. */
interface Transport {
  /**
   * Answers with whatever HTTP status came back.
   *
   * @throws EndpointFailure when nothing whole came back: no connection, too slow, too large
   */
  HttpReply post(Endpoint endpoint, byte[] body);
}
