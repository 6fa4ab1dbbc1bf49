package org.mor.throughput.archive;

import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;

/**
 * A stored row that the chain may no longer have. It counts until there is evidence.
 *
 * @param month whose partition it is in
 * @param block of its event, as stored
 */
public record Suspect(RowKind kind, Month month, Hash32 sessionId, long block, Why why) {
  /** What speaks against the row. */
  public enum Why {
    /** The block's logs lack the event. */
    NO_EVENT("no-event", "its block was read again without its event"),
    /** The contract's state says something else of the session. */
    OTHER_STATE("other-state", "the contract's state contradicts it"),
    /** The event stands in another block, which is not safe yet. */
    MOVED("moved", "its event stands in a block that is not safe yet"),
    /**
     * A row of the session that was read later stands in another month: this one does not count.
     */
    SUPERSEDED("superseded", "a later reading stands in another month, and counts instead");

    private final String code;
    private final String text;

    Why(String code, String text) {
      this.code = code;
      this.text = text;
    }

    /** As it is stored. */
    public String code() {
      return code;
    }

    /** For people. */
    public String text() {
      return text;
    }

    static Why of(String code) {
      for (Why why : values()) {
        if (why.code.equals(code)) {
          return why;
        }
      }
      throw new IllegalArgumentException("unknown reason " + code);
    }
  }

  /** Which row it is and why, for people. */
  public String text() {
    return "session %s in %s of block %d (%s)"
        .formatted(sessionId, kind.key(month), block, why.text());
  }

  /** Whether both mean the same stored row. */
  boolean isSameRow(Suspect other) {
    return kind == other.kind && month.equals(other.month) && sessionId.equals(other.sessionId);
  }
}
