package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.proof.NonceWalk;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.ProofRecord;
import org.mor.throughput.proof.ProofRecord.MonthMark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that no open is missing: walks over the stored ones and compares with the contract's own
 * count at the cursor's block.
 */
public final class ProofRun {
  private static final Logger LOG = LoggerFactory.getLogger(ProofRun.class);

  /** Nodes without old state keep that of so many blocks. */
  private static final long STATE_IS_KEPT_FOR_BLOCKS = 128;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final Patience patience;

  public ProofRun(ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.patience = patience;
  }

  /**
   * Extends the kept proof to the cursor's block and keeps it: only months that changed since are
   * walked again.
   *
   * @return this proof and what else is kept, also where another writer has kept that of a later
   *     block
   */
  public ProofRecord extend(Cursor cursor) {
    ProofRecord known = ledger.proof().find().in(cursor.generation());
    long asOf = cursor.lastBlock();
    long limit = scannedTo(cursor);
    // Without a proof, the marks are those that a rewind has left, which end before its block.
    boolean marksFit = known.proof().map(proof -> proof.walkedTo() <= limit).orElse(true);
    OpenWalk.Walked walked = walk(marksFit ? known.marks() : List.of(), limit);
    Proof proof =
        conclude(asOf, limit, walked, block -> countUnlessForgotten(block, walked.walk()));
    int generation = cursor.generation();
    ProofRecord kept = ledger.proof().advance(proof, walked.marks(), generation);
    return new ProofRecord(Optional.of(proof), walked.marks(), kept.facetChanges(), generation);
  }

  /**
   * The proof at the cursor's block from the rows alone: nothing that is kept of earlier walks is
   * used, and nothing is kept of this one.
   *
   * @throws ChainUnavailableException also when the node has forgotten the state of that block
   */
  public Proof complete(Cursor cursor) {
    long limit = scannedTo(cursor);
    OpenWalk.Walked walked = walk(List.of(), limit);
    return conclude(
        cursor.lastBlock(),
        limit,
        walked,
        block -> {
          long count = count(block);
          notCounted(block, count, walked.walk())
              .ifPresent(
                  reason -> {
                    throw new ChainUnavailableException(reason);
                  });
          return OptionalLong.of(count);
        });
  }

  private OpenWalk.Walked walk(List<MonthMark> marks, long limit) {
    // What is asked of a session here never changes, so any later block will do.
    PlainUsers users =
        new PlainUsers(
            new ContractState(chain, settings.diamond(), patience),
            () -> Heads.read(chain, settings).safe());
    return new OpenWalk(ledger.rows(), users).run(marks, limit);
  }

  private static Proof conclude(
      long asOf, long limit, OpenWalk.Walked walked, LongFunction<OptionalLong> counts) {
    if (limit < asOf) {
      return Proof.partial(asOf, limit, walked.walk().progress());
    }
    OptionalLong count = counts.apply(asOf);
    return count.isPresent()
        ? Proof.of(asOf, walked.walk(), count.getAsLong())
        : Proof.partial(asOf, limit, walked.walk().progress());
  }

  /** The last block up to the cursor that everything from the start block on is scanned to. */
  private long scannedTo(Cursor cursor) {
    long asOf = cursor.lastBlock();
    long start = settings.startBlock().orElse(0);
    Coverage coverage = ledger.scanned(Optional.of(cursor));
    return coverage.ranges().stream()
        .filter(range -> range.contains(start))
        .mapToLong(BlockRange::last)
        .map(last -> Math.min(last, asOf))
        .findFirst()
        .orElse(-1);
  }

  /**
   * How many opens the contract counts.
   *
   * @throws WrongChainException when it counts none and is not the diamond
   */
  private long count(long block) {
    ContractFigures contract = new ContractFigures(chain, settings.diamond(), block);
    long count = contract.opens();
    if (count == 0 && contract.totalClaimed().isEmpty()) {
      throw new WrongChainException(
          "Reading the count of sessions of %s at block %d: it is 0, and getProvidersTotalClaimed() reverts or returns nothing, so the contract there is not the diamond\nnext: check DIAMOND_ADDRESS and NETWORK"
              .formatted(settings.diamond().address(), block));
    }
    return count;
  }

  /** Why a count that is higher than the stored opens is not the one of its block. */
  private Optional<String> notCounted(long block, long count, NonceWalk walk) {
    return count > walk.progress().next()
        ? new NewestState(chain, settings.diamond()).inStorage(block, count)
        : Optional.empty();
  }

  /**
   * The count, but for a cursor so far behind that a node may have forgotten its block's state, and
   * for an endpoint that gives the newest count instead.
   */
  private OptionalLong countUnlessForgotten(long block, NonceWalk walk) {
    try {
      long count = count(block);
      Optional<String> reason = notCounted(block, count, walk);
      reason.ifPresent(text -> LOG.warn("The proof says partial: {}", text));
      return reason.isPresent() ? OptionalLong.empty() : OptionalLong.of(count);
    } catch (ChainUnavailableException e) {
      if (Heads.read(chain, settings).latest().number() - block < STATE_IS_KEPT_FOR_BLOCKS) {
        throw e;
      }
      LOG.warn(
          "The contract's count of opens at block {} could not be read, so the proof says partial:"
              + " {}",
          block,
          e.getMessage());
      return OptionalLong.empty();
    }
  }
}
