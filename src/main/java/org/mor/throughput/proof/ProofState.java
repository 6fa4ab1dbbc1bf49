package org.mor.throughput.proof;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the proof says.
 *
 * @param nonce the first missing one; -1 unless there is a gap
 */
public record ProofState(Kind kind, long nonce) {
  /** The four things it can say. */
  public enum Kind {
    /** Every nonce that the contract gave out has its open. */
    PROVEN("proven"),
    /** A nonce has none, although all blocks count as scanned. */
    GAP("gap at nonce"),
    /** History is not scanned from the start block on. */
    PARTIAL("partial"),
    /** The contract does not make ids by the rule. */
    NOT_APPLICABLE("not applicable");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  public static final ProofState PROVEN = new ProofState(Kind.PROVEN, -1);
  public static final ProofState PARTIAL = new ProofState(Kind.PARTIAL, -1);
  public static final ProofState NOT_APPLICABLE = new ProofState(Kind.NOT_APPLICABLE, -1);

  private static final Pattern GAP = Pattern.compile(Kind.GAP.text + " (\\d{1,18})");

  public ProofState {
    if ((kind == Kind.GAP) != nonce >= 0) {
      throw new IllegalArgumentException("State %s with nonce %d".formatted(kind, nonce));
    }
  }

  public static ProofState gapAt(long nonce) {
    return new ProofState(Kind.GAP, nonce);
  }

  /** {@code proven}, {@code gap at nonce i}, {@code partial} or {@code not applicable}. */
  public String text() {
    return kind == Kind.GAP ? kind.text + " " + nonce : kind.text;
  }

  /**
   * Reads what {@link #text} gives.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ProofState parse(String text) {
    Matcher gap = GAP.matcher(text);
    if (gap.matches()) {
      return gapAt(Long.parseLong(gap.group(1)));
    }
    for (Kind kind : Kind.values()) {
      if (kind != Kind.GAP && kind.text.equals(text)) {
        return new ProofState(kind, -1);
      }
    }
    throw new IllegalArgumentException("'%s' is no state of the proof".formatted(text));
  }

  /** The first missing nonce; empty unless there is a gap. */
  public OptionalLong firstGap() {
    return kind == Kind.GAP ? OptionalLong.of(nonce) : OptionalLong.empty();
  }

  public boolean isProven() {
    return kind == Kind.PROVEN;
  }
}
