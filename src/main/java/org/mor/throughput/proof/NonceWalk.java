package org.mor.throughput.proof;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionId;

/**
 * The walk over opens in (block, logIndex) order: the i-th must hash to its id with nonce i. An
 * open that does not fit is passed over: where a later one does fit, it was none of this chain (a
 * fork that was left, or nonsense in an old row); where none does, the nonce is missing. Holds a
 * fixed amount of memory.
 */
public final class NonceWalk {
  /** How many of the first opens decide whether the contract makes ids by the rule at all. */
  public static final int CALIBRATION = 100;

  /** How far behind a hole at the start the calibration looks for the nonce of an open. */
  private static final long CALIBRATION_REACH = 10_000;

  /**
   * How far a walk has come.
   *
   * @param next the first nonce that no open was found for; all before it were
   * @param strays opens passed over for good, because a later one fitted
   * @param unmatched opens since the last one that fitted
   */
  public record Progress(long next, long strays, long unmatched) {
    public static final Progress START = new Progress(0, 0, 0);

    public Progress {
      if (next < 0 || strays < 0 || unmatched < 0) {
        throw new IllegalArgumentException(
            "Impossible progress: nonce %d, %d strays, %d unmatched"
                .formatted(next, strays, unmatched));
      }
    }

    /** How many opens were walked over. */
    public long opens() {
      return next + strays + unmatched;
    }
  }

  private final List<OpenIdentity> first = new ArrayList<>();
  private Progress progress;

  public NonceWalk(Progress from) {
    this.progress = from;
  }

  /** Takes the next open in order. */
  public void add(OpenIdentity open) {
    if (open.fits(progress.next)) {
      progress = new Progress(progress.next + 1, progress.strays + progress.unmatched, 0);
      first.clear();
      return;
    }
    progress = new Progress(progress.next, progress.strays, progress.unmatched + 1);
    if (progress.next == 0 && first.size() < CALIBRATION) {
      first.add(open);
    }
  }

  public Progress progress() {
    return progress;
  }

  /**
   * Whether the rule is seen to hold: for the very first open, or else for some nonce of one of the
   * first 100. Also true while there is no open to tell by.
   *
   * @param count how many nonces the contract gave out
   */
  public boolean ruleHolds(long count) {
    long reach = Math.min(count, CALIBRATION_REACH);
    return progress.next > 0
        || first.isEmpty()
        || first.stream().anyMatch(open -> fitsAny(open, reach));
  }

  private static boolean fitsAny(OpenIdentity open, long reach) {
    for (long nonce = 1; nonce < reach; nonce++) {
      if (open.fits(nonce)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What an open's session id is made of, but for the nonce.
   *
   * @param user the wallet in plain; null where nobody knows it, and then no nonce fits
   */
  public record OpenIdentity(
      Hash32 sessionId, @Nullable Address user, Address provider, Hash32 bidId) {

    /** Whether the id is what the contract's rule gives for {@code nonce}. */
    boolean fits(long nonce) {
      return user != null && SessionId.of(user, provider, bidId, nonce).equals(sessionId);
    }
  }
}
