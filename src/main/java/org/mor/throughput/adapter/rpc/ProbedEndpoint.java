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
    List<Finding> findings,
    long requests) {
  public ProbedEndpoint {
    findings = List.copyOf(findings);
  }

  /**
   * One thing found out about an endpoint.
   *
   * @param topic what was looked at, in a word or two
   * @param found what was found; holds nothing of the URL but its host
   * @param next what a person does about it; empty for FINE
   */
  public record Finding(String topic, Level level, String found, String next) {
    /** What a finding calls for. */
    public enum Level {
      FINE,
      /** Worth knowing; everything works all the same. */
      NOTE,
      /** A person must act, or part of the indexer's work fails. */
      ACT
    }

    static Finding fine(String topic, String found) {
      return new Finding(topic, Level.FINE, found, "");
    }

    static Finding note(String topic, String found, String next) {
      return new Finding(topic, Level.NOTE, found, next);
    }

    static Finding act(String topic, String found, String next) {
      return new Finding(topic, Level.ACT, found, next);
    }
  }
}
