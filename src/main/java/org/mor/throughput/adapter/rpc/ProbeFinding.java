package org.mor.throughput.adapter.rpc;

/**
 * One thing found out about an endpoint.
 *
 * @param topic what was looked at, in a word or two
 * @param found what was found; holds nothing of the URL but its host
 * @param next what a person does about it; empty for FINE
 */
public record ProbeFinding(String topic, Level level, String found, String next) {
  /** What a finding calls for. */
  public enum Level {
    FINE,
    /** Worth knowing; everything works all the same. */
    NOTE,
    /** A person must act, or part of the indexer's work fails. */
    ACT
  }

  static ProbeFinding fine(String topic, String found) {
    return new ProbeFinding(topic, Level.FINE, found, "");
  }

  static ProbeFinding note(String topic, String found, String next) {
    return new ProbeFinding(topic, Level.NOTE, found, next);
  }

  static ProbeFinding act(String topic, String found, String next) {
    return new ProbeFinding(topic, Level.ACT, found, next);
  }
}
