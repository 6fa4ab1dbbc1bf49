package org.mor.throughput.wiring;

/**
 * What became of telling the CDN.
 *
 * @param path what it was to forget; empty unless it was asked
 * @param problem why it refused; empty unless it did
 */
public record CdnReport(State state, String path, String problem) {
  /** Nothing was done that a CDN needs to know. */
  public static final CdnReport NOTHING = without(State.NOT_NEEDED);

  /** How it ended. */
  public enum State {
    /** No distribution stands before this store. */
    NONE,
    /** Nothing was published, or no figure changed. */
    NOT_NEEDED,
    /** The CDN was asked and accepted. */
    REQUESTED,
    /**
     * The CDN was asked and did not accept; a warning, because documents expire within a minute.
     */
    FAILED
  }

  static CdnReport without(State state) {
    return new CdnReport(state, "", "");
  }
}
