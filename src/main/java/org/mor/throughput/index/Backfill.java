package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.proof.ProofRecord;

/**
 * Scans history. What coverage already holds is passed over unless a rescan is asked for, so a
 * backfill that was interrupted goes on where it was.
 */
public final class Backfill {
  private final ContractReader contract;
  private final Ledger ledger;
  private final Suspects suspects;
  private final RangeIndexer indexer;

  public Backfill(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
    this.suspects = new Suspects(contract, ledger);
    this.indexer = new RangeIndexer(contract, ledger, suspects::afterScan);
  }

  /**
   * Which blocks to scan.
   *
   * @param startBlock the first block
   * @param endBlock the last block; the safe head where absent
   * @param rescan whether blocks that are covered already are read again
   */
  public record Request(long startBlock, OptionalLong endBlock, boolean rescan) {
    public Request {
      if (startBlock < 0 || (endBlock.isPresent() && endBlock.getAsLong() < startBlock)) {
        throw new IllegalArgumentException(
            "The start block %d must not be negative nor lie behind the end block %s"
                .formatted(startBlock, endBlock.isPresent() ? endBlock.getAsLong() : "(head)"));
      }
    }
  }

  /**
   * What a backfill will scan.
   *
   * @param asked the whole request, cut at the safe head
   * @param ranges what of it is left to scan, in order
   * @param scanned what counted as scanned when this was planned
   */
  public record Plan(BlockRange asked, List<BlockRange> ranges, Heads heads, Coverage scanned) {
    public Plan {
      ranges = List.copyOf(ranges);
    }

    /** The same with what a rewind has added to it; {@code now} counts as scanned since. */
    Plan after(Coverage now) {
      List<BlockRange> all = new ArrayList<>(ranges);
      all.addAll(now.gaps(asked));
      return new Plan(asked, Coverage.of(all).ranges(), heads, now);
    }

    /** How many blocks are left to scan. */
    public long blocks() {
      return ranges.stream().mapToLong(BlockRange::size).sum();
    }
  }

  /**
   * What a backfill did: a report for each range it scanned, and the cursor afterwards.
   *
   * @param isPartial whether blocks are left for want of time
   * @param suspects what became of stored rows that were not found again
   * @param proof what is proven afterwards; empty while there is no cursor
   * @param rewound what the run went back by first, because the chain was reorganised; empty where
   *     it was not
   */
  public record Report(
      Plan plan,
      List<ScanReport> scans,
      boolean isPartial,
      Optional<Cursor> cursor,
      SuspectReport suspects,
      Optional<ProofRecord> proof,
      Optional<Rewinding.Done> rewound) {
    public Report {
      scans = List.copyOf(scans);
    }

    public long opens() {
      return scans.stream().mapToLong(ScanReport::opens).sum();
    }

    public long closes() {
      return scans.stream().mapToLong(ScanReport::closes).sum();
    }

    public long rowsAdded() {
      return scans.stream().mapToLong(ScanReport::rowsAdded).sum();
    }
  }

  /**
   * What there is to scan: the request cut at the safe head, without what is covered already.
   *
   * @throws BadRequestException when the range starts behind the safe head
   */
  public Plan plan(Request request) {
    Heads heads = contract.heads();
    long last = Math.min(request.endBlock().orElse(heads.safe()), heads.safe());
    if (request.startBlock() > last) {
      throw new BadRequestException(
          "Start block %d lies behind the last block that may be indexed, %d (newest block %d): give an earlier start block, or wait."
              .formatted(request.startBlock(), last, heads.latest().number()));
    }
    BlockRange asked = new BlockRange(request.startBlock(), last);
    Coverage scanned = ledger.coverage().find();
    List<BlockRange> ranges = request.rescan() ? List.of(asked) : scanned.gaps(asked);
    return new Plan(asked, ranges, heads, scanned);
  }

  /** What of these blocks does not count as scanned, as the store says now. */
  public List<BlockRange> missing(BlockRange within) {
    return ledger.scanned(ledger.position()).gaps(within);
  }

  /**
   * Missing blocks as ranges that hold so many of them each, and the last one fewer. Scanned blocks
   * may lie between those of one range.
   */
  public static List<BlockRange> pieces(List<BlockRange> missing, long blocks) {
    List<BlockRange> pieces = new ArrayList<>();
    long room = 0;
    for (BlockRange gap : missing) {
      Optional<BlockRange> rest = Optional.of(gap);
      while (rest.isPresent()) {
        boolean goesOn = room > 0;
        BlockRange part = rest.get().head(goesOn ? room : blocks);
        long first = goesOn ? pieces.remove(pieces.size() - 1).first() : part.first();
        pieces.add(new BlockRange(first, part.last()));
        room = (goesOn ? room : blocks) - part.size();
        rest = rest.get().after(part.last());
      }
    }
    return List.copyOf(pieces);
  }

  /** Carries a plan out, and what a rewind has added to it since. */
  public Report run(Plan plan, RunBudget budget, ScanListener listener) {
    Healing healing = new Healing(contract, ledger);
    List<ScanReport> scans = new ArrayList<>();
    Plan now = plan;
    Deque<BlockRange> left = new ArrayDeque<>(plan.ranges());
    listener.planned(plan.blocks());
    while (true) {
      Optional<Cursor> cursor = healing.settle();
      if (now.scanned().generation() != ledger.generation()) {
        now = now.after(ledger.scanned(cursor));
        left = new ArrayDeque<>(now.ranges());
        listener.planned(now.blocks());
      }
      try {
        scan(now, left, cursor, budget, listener, scans);
        ledger.letCursorCatchUp(now.asked(), contract.chain());
        SuspectReport found =
            scans.stream()
                .map(ScanReport::suspects)
                .reduce(SuspectReport.NONE, SuspectReport::plus)
                .plus(suspects.again(stateBlock(now), budget));
        Optional<Cursor> reached = ledger.position();
        return new Report(
            now,
            scans,
            !left.isEmpty(),
            reached,
            found,
            reached.map(new ProofRun(contract, ledger)::extend),
            healing.rewound());
      } catch (ChainReorganisedException e) {
        healing.interrupted(e);
      }
    }
  }

  /** Scans range by range; what was not scanned for want of time stays in {@code left}. */
  private void scan(
      Plan plan,
      Deque<BlockRange> left,
      Optional<Cursor> cursor,
      RunBudget budget,
      ScanListener listener,
      List<ScanReport> scans) {
    boolean goesOn = true;
    while (goesOn && !left.isEmpty()) {
      BlockRange range = left.remove();
      EventReader.Footing footing = EventReader.Footing.of(range, cursor, plan.scanned());
      try {
        goesOn =
            !indexer.index(range, footing, () -> stateBlock(plan), budget, listener).isPartial();
      } finally {
        ScanReport report = indexer.report();
        scans.add(report);
        report
            .done()
            .map(done -> range.after(done.last()))
            .orElse(Optional.of(range))
            .ifPresent(left::addFirst);
      }
    }
  }

  /** The safe head by now: a backfill takes longer than some nodes keep the state of a block. */
  private long stateBlock(Plan plan) {
    return Math.max(plan.heads().safe(), contract.heads().safe());
  }
}
