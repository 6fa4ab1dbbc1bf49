package org.mor.throughput.adapter.rpc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.BlockHeader;

/**
 * What probing one endpoint told.
 *
 * @param host its host, and nothing else of the URL
 * @param answered whether it said which chain it is of, and its head if that is the right one
 * @param head its newest block; empty when it did not say or is of another chain
 * @param headReadAt when that was
 * @param findings what was found, in the order it was looked at
 * @param requests HTTP requests it took
 */
public record ProbedEndpoint(
    String host,
    boolean answered,
    Optional<BlockHeader> head,
    Instant headReadAt,
    List<ProbeFinding> findings,
    long requests) {
  public ProbedEndpoint {
    findings = List.copyOf(findings);
  }
}
