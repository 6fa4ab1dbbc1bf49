package org.mor.throughput.index;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.Sighting;
import org.mor.throughput.chain.ChainReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure, before a run scans, that the chain still has what the store stands on. After a
 * reorganisation it goes back to the newest kept block that the chain has, where the evidence is
 * good enough; else the run stops and says which block to give to {@code rewind}. For one run.
 */
final class Healing {
  private static final Logger LOG = LoggerFactory.getLogger(Healing.class);

  /** How often a run starts anew because the chain, or the store, changes under it. */
  private static final int MOST = 3;

  private final ContractReader contract;
  private final ChainReader chain;
  private final Ledger ledger;
  private OptionalLong suspect = OptionalLong.empty();
  private int interruptions;
  private Optional<Rewinding.Done> rewound = Optional.empty();

  Healing(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.chain = contract.chain();
    this.ledger = ledger;
  }

  /** What was rewound; empty where nothing was. */
  Optional<Rewinding.Done> rewound() {
    return rewound;
  }

  /**
   * A scan met another block than was read before: {@link #settle} is to look at it.
   *
   * @throws ChainUnavailableException when this has happened too often
   */
  void interrupted(ChainReorganisedException e) {
    interruptions++;
    if (interruptions == MOST) {
      throw new ChainUnavailableException(
          "The chain changed %d times while it was scanned; the last time: %s"
              .formatted(MOST, e.getMessage()),
          e);
    }
    LOG.info("{}", e.getMessage());
    contract.sessions().forget();
    suspect = OptionalLong.of(e.block());
  }

  /**
   * Where the run goes on from, on the chain as it is; empty while there is no cursor.
   *
   * @throws ChainReorganisedException when somebody has to decide
   * @throws ChainUnavailableException when the endpoints lag behind or do not answer
   */
  Optional<Cursor> settle() {
    for (int i = 0; i < MOST; i++) {
      Optional<Cursor> cursor = ledger.begin();
      if (cursor.isEmpty()) {
        return cursor;
      }
      CursorGuard.Standing standing = CursorGuard.standing(chain, cursor.get());
      if (standing.onChain().isDoubted()) {
        goBack(cursor.get(), cursor.get().lastBlock(), standing.sentence(cursor.get()));
      } else if (!suspectIsAnother(cursor.get())) {
        return cursor;
      } else if (suspect.getAsLong() > cursor.get().lastBlock()) {
        forgetAhead(cursor.get(), suspect.getAsLong());
      } else {
        goBack(
            cursor.get(),
            suspect.getAsLong(),
            "Block %d is another one than one of two runs scanned".formatted(suspect.getAsLong()));
      }
    }
    throw new ChainUnavailableException(
        "What the chain says of the cursor's block changed %d times: run again, or with another endpoint first in BASE_RPC_URL"
            .formatted(MOST));
  }

  /** Whether a block that a scan met was kept, and is another one now. */
  private boolean suspectIsAnother(Cursor cursor) {
    if (suspect.isEmpty()) {
      return false;
    }
    long block = suspect.getAsLong();
    return ledger.scanned(Optional.of(cursor)).kept().stream()
        .filter(kept -> kept.number() == block)
        .anyMatch(kept -> !KnownBlocks.has(chain, kept));
  }

  /**
   * What was scanned ahead of a cursor that is on the chain is in no document and no proof: it is
   * scanned again without more evidence.
   */
  private void forgetAhead(Cursor cursor, long changed) {
    Coverage stored = ledger.coverage().find();
    KnownBlocks known = KnownBlocks.upTo(changed, Optional.of(cursor), stored.in(cursor));
    int fitting = known.newestOn(chain, changed);
    if (fitting >= 0 && known.at(fitting).number() > cursor.lastBlock()) {
      BlockHeader to = known.at(fitting).header();
      rewind(cursor, to.number(), Optional.of(to), stored, changed);
    } else if (fitting >= 0 || cursor.lastBlockHash().isEmpty()) {
      rewind(cursor, cursor.lastBlock(), KnownBlocks.headerOf(cursor), stored, changed);
    }
  }

  /**
   * @param lacking the block that does not fit
   * @param why the same for the message of a run that stops
   */
  private void goBack(Cursor cursor, long lacking, String why) {
    Coverage stored = ledger.coverage().find();
    long head = chain.head(HeadTag.LATEST).number();
    KnownBlocks known =
        KnownBlocks.upTo(Math.min(head, lacking), Optional.of(cursor), stored.in(cursor));
    int fitting = known.newestOn(chain, lacking);
    if (fitting + 1 == known.size() && lacking == cursor.lastBlock()) {
      throw CursorGuard.lagging(cursor);
    }
    if (fitting + 1 == known.size() || known.isOn(chain, fitting + 1)) {
      return; // another run has gone back by now, or the chain has
    }
    String objection = fitting < 0 ? "no known block is on the chain" : objection(known, fitting);
    if (!objection.isEmpty()) {
      String block =
          fitting < 0 ? "B, with a block B before the change" : "" + known.at(fitting).number();
      throw new ChainReorganisedException(
          "%s. Nothing was changed: the run does not go back by itself, because %s.\nnext: compare with another endpoint; if the chain did change: indexer rewind --to-block %s, then indexer backfill --gaps and indexer rollup --stuck"
              .formatted(why, objection, block),
          cursor.lastBlock());
    }
    BlockHeader to = known.at(fitting).header();
    rewind(cursor, to.number(), Optional.of(to), stored, known.at(fitting + 1).number());
  }

  private void rewind(
      Cursor cursor, long to, Optional<BlockHeader> header, Coverage stored, long changed) {
    Cursor now = ledger.rewind(cursor, to, header, stored);
    contract.sessions().forget();
    long from = rewound.map(Rewinding.Done::fromBlock).orElse(cursor.lastBlock());
    rewound = Optional.of(new Rewinding.Done(now.generation(), from, to));
    LOG.warn(
        "The chain was reorganised: block {} is another one than was scanned. The store went back to block {} (generation {}); the blocks above are scanned again.",
        changed,
        to,
        now.generation());
  }

  /**
   * Why the run may not go back by itself; empty where it may. Either the change lies above the
   * block that the node calls final, or two endpoints agree on it. The final block must be on the
   * chain that was scanned, and a single endpoint must be the one that gave the blocks that it
   * lacks now: else it may simply be on another chain.
   */
  private String objection(KnownBlocks known, int fitting) {
    KeptBlock changed = known.at(fitting + 1);
    Optional<BlockHeader> finalized = finalized();
    if (finalized.isEmpty()) {
      return "the endpoint does not say which block is final";
    }
    long last = finalized.get().number();
    int below = known.newestUpTo(last, fitting);
    if (below < 0 || (below < fitting && !KnownBlocks.has(chain, known.at(below)))) {
      return "no kept block up to the final one, %d, is on the chain".formatted(last);
    }
    var now = chain.sightings(changed.number());
    var before = chain.sightings(known.at(fitting).number());
    if (now.isEmpty() || before.isEmpty()) {
      throw new ChainUnavailableException(
          "Block %d is another one than was scanned, and no endpoint gave it a second time: run again"
              .formatted(changed.number()));
    }
    boolean agree =
        now.stream().map(Sighting::header).distinct().count() == 1
            && now.stream().noneMatch(seen -> known.isAt(fitting + 1, seen.header()))
            && before.stream().allMatch(seen -> known.isAt(fitting, seen.header()));
    Set<String> hosts = new TreeSet<>(now.stream().map(Sighting::host).toList());
    hosts.retainAll(before.stream().map(Sighting::host).toList());
    if (!agree) {
      return "the endpoints do not agree on block %d".formatted(changed.number());
    }
    if (hosts.size() < 2 && changed.number() <= last) {
      return "the change is below the final block, %d, and no second endpoint confirms it"
          .formatted(last);
    }
    if (hosts.size() < 2 && !known.areAllFrom(hosts, fitting + 1)) {
      return "block %d was read from another endpoint than the only one that was asked now"
          .formatted(changed.number());
    }
    return "";
  }

  private Optional<BlockHeader> finalized() {
    try {
      return Optional.of(chain.head(HeadTag.FINALIZED));
    } catch (ChainUnavailableException e) {
      LOG.info("{}", e.getMessage());
      return Optional.empty();
    }
  }
}
