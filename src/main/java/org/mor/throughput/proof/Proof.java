package org.mor.throughput.proof;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is proven of the stored opens.
 *
 * @param asOfBlock the cursor's block; opens behind it are not looked at
 * @param walkedTo the last block of the opens that were walked: {@code asOfBlock}, or the end of
 *     the blocks scanned from the start block on; -1 where none was
 * @param proven nonces 0 to proven - 1 each have their open
 * @param count how many the contract gave out up to asOfBlock; empty where it was not asked
 * @param strays stored opens whose id fits no nonce there could be: not of this chain
 */
public record Proof(
    long asOfBlock, long walkedTo, ProofState state, long proven, OptionalLong count, long strays) {
  public Proof {
    if (asOfBlock < 0 || walkedTo < -1 || walkedTo > asOfBlock || proven < 0 || strays < 0) {
      throw new IllegalArgumentException(
          "Impossible proof at block %d: walked to %d, %d proven, %d strays"
              .formatted(asOfBlock, walkedTo, proven, strays));
    }
    if (state.isProven() && (count.isEmpty() || count.getAsLong() != proven)) {
      throw new IllegalArgumentException(
          "Proven with %d opens where the contract counts %s".formatted(proven, count));
    }
  }

  /** The proof of history that is not scanned from the start block on. */
  public static Proof partial(long asOfBlock, long walkedTo, NonceWalk.Progress walked) {
    return new Proof(
        asOfBlock,
        walkedTo,
        ProofState.PARTIAL,
        walked.next(),
        OptionalLong.empty(),
        walked.strays());
  }

  /**
   * The proof of history that is scanned whole.
   *
   * @param count how many opens the contract counts up to {@code asOfBlock}
   */
  public static Proof of(long asOfBlock, NonceWalk walk, long count) {
    NonceWalk.Progress walked = walk.progress();
    ProofState state;
    if (!walk.ruleHolds(count) || walked.next() > count) {
      state = ProofState.NOT_APPLICABLE;
    } else if (walked.next() < count) {
      state = ProofState.gapAt(walked.next());
    } else {
      state = ProofState.PROVEN;
    }
    // Behind the last nonce nothing can fit; behind a gap nobody knows yet.
    long strays = walked.strays() + (state.isProven() ? walked.unmatched() : 0);
    return new Proof(asOfBlock, asOfBlock, state, walked.next(), OptionalLong.of(count), strays);
  }

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
}
