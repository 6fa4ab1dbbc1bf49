package org.mor.throughput.index;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.index.ProvenRows.Finding;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.stateproof.ProvenBlock;
import org.mor.throughput.stateproof.ProvenStorage;
import org.mor.throughput.stateproof.SessionSlots;

/**
 * Proves stored closes, the count of sessions and the total paid against one block's hash, so that
 * no endpoint's word counts but for that hash. Reads only.
 */
public final class TrustlessCheck {
  private static final BigDecimal DOUBT = new BigDecimal("0.01");

  private final StateProver prover;
  private final IndexSettings settings;
  private final Ledger ledger;

  public TrustlessCheck(ChainReader chain, IndexSettings settings, Ledger ledger) {
    this.prover = new StateProver(chain, settings.diamond());
    this.settings = settings;
    this.ledger = ledger;
  }

  /**
   * Which closes to prove, and against which block.
   *
   * @param sample how many; 0 for all
   * @param month the closes of this month only
   * @param block the hash to trust; empty for one that the endpoints agree on
   * @param countsOpens whether the stored opens are counted too, which reads all of them
   */
  public record Request(
      int sample, long seed, Optional<Month> month, Optional<Hash32> block, boolean countsOpens) {}

  /**
   * What was proven.
   *
   * @param basis where the block's hash comes from
   * @param count how many sessions the contract has opened by the block
   * @param opens how many open rows there are up to the block; empty where they were not to be
   *     counted, and where not all blocks up to it are scanned
   * @param totalClaimed what providers were paid in all, in wei
   * @param rowsPaid what the closes that were read by then say was paid, in wei; at most the total
   * @param population how many closes could be sampled
   * @param later of them that were read at a later block: what they say was paid lies between what
   *     the state has and what the provider earned
   * @param left closes that cannot be sampled: of later blocks, and of the earlier indexer
   * @param proven of the {@code sampled} ones
   * @param findings the first differences
   * @param limits what of the sampled rows is not proven, in words
   * @param refusals what endpoints sent that is not true, by host
   * @param failures why endpoints did not answer, by host
   */
  public record Report(
      ProvenBlock block,
      String basis,
      long count,
      OptionalLong opens,
      Wei totalClaimed,
      Wei rowsPaid,
      long population,
      long later,
      Left left,
      long sampled,
      long proven,
      List<Finding> findings,
      List<String> limits,
      Map<String, String> refusals,
      Map<String, String> failures) {
    /** How many closes stand in blocks after the proven one, and how many lack what is proven. */
    public record Left(long afterBlock, long legacy) {}

    public Report {
      findings = List.copyOf(findings);
      limits = List.copyOf(limits);
      refusals = Map.copyOf(refusals);
      failures = Map.copyOf(failures);
    }

    /** Whether a row, the count or the total is not what the state says. */
    public boolean differs() {
      return proven < sampled || countDiffers() || paidDiffers();
    }

    public boolean countDiffers() {
      return opens.isPresent() && opens.getAsLong() != count;
    }

    public boolean paidDiffers() {
      return rowsPaid.compareTo(totalClaimed) > 0;
    }

    /** What the sample says of all closes that could be sampled. */
    public String meaning() {
      if (sampled == 0) {
        return "there is no close to prove";
      }
      String all =
          "%,d of %,d closes proven, %,d differ".formatted(proven, sampled, sampled - proven);
      if (proven < sampled) {
        return all;
      }
      return sampled == population
          ? all + ": that is every close in question"
          : "%s: with 99 %% confidence fewer than %s %% of the closes differ"
              .formatted(all, mostPercent(sampled));
    }
  }

  /**
   * The share of rows in percent, in tenths, that a sample without a difference leaves possible:
   * the smallest p with (1 - p)^n at most 1 %.
   */
  static String mostPercent(long sampled) {
    int low = 0;
    int high = 1_000;
    while (low < high) {
      int middle = (low + high) / 2;
      BigDecimal same = BigDecimal.valueOf(1_000 - middle, 3);
      boolean enough =
          same.pow((int) Math.min(sampled, 999_999_999), MathContext.DECIMAL64).compareTo(DOUBT)
              <= 0;
      if (enough) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return BigDecimal.valueOf(low, 1).stripTrailingZeros().toPlainString();
  }

  /**
   * Proves.
   *
   * @throws org.mor.throughput.chain.ChainUnavailableException when no endpoint proves what is
   *     asked
   */
  public Report run(Request request) {
    StateProver.Anchor anchor = prover.anchor(request.block());
    ProvenBlock block = anchor.block();
    ProvenStorage figures = prover.storage(block);
    prover.prove(figures, List.of(SessionSlots.COUNT, SessionSlots.TOTAL_CLAIMED));
    long count = Diamond.sessionCount(figures.value(SessionSlots.COUNT));
    ProvenRows rows =
        new ProvenRows(prover, block, count, settings.chainId(), ledger.rows().privacy());
    Reading reading = new Reading(block.number(), request);
    for (Month month : ledger.rows().months(RowKind.CLOSES)) {
      ledger.rows().forEachClose(month, row -> reading.take(month, row, rows));
    }
    reading.sample.chosen().forEach(rows::add);
    rows.flush();
    return new Report(
        block,
        anchor.basis(),
        count,
        request.countsOpens() ? opens(block.number()) : OptionalLong.empty(),
        Wei.of(new BigInteger(1, figures.value(SessionSlots.TOTAL_CLAIMED).toArray())),
        reading.paid,
        reading.population,
        reading.later,
        new Report.Left(reading.afterBlock, reading.legacy),
        rows.judged(),
        rows.proven(),
        rows.findings(),
        rows.limits(),
        prover.refusals(),
        prover.failures());
  }

  /** Goes once over all closes. */
  private static final class Reading {
    private final long block;
    private final Request request;
    private final StratifiedSample sample;
    private Wei paid = Wei.ZERO;
    private long population;
    private long later;
    private long afterBlock;
    private long legacy;

    private Reading(long block, Request request) {
      this.block = block;
      this.request = request;
      this.sample = new StratifiedSample(request.sample(), request.seed());
    }

    private void take(Month month, CloseRow any, ProvenRows rows) {
      boolean isAsked = request.month().isEmpty() || request.month().get().equals(month);
      if (!(any instanceof SessionClose row)) {
        legacy += isAsked ? 1 : 0;
        return;
      }
      if (row.position().block() > block) {
        afterBlock += isAsked ? 1 : 0;
        return;
      }
      boolean isLater = row.readAtBlock() > block;
      if (!isLater) {
        paid = paid.plus(row.paid());
      }
      if (!isAsked) {
        return;
      }
      later += isLater ? 1 : 0;
      population++;
      if (request.sample() == 0) {
        rows.add(row);
      } else {
        sample.offer(row);
      }
    }
  }

  private OptionalLong opens(long block) {
    Optional<Cursor> cursor = ledger.position();
    long start = settings.startBlock().orElse(Long.MAX_VALUE);
    if (cursor.isEmpty()
        || start > block
        || cursor.get().lastBlock() < block
        || !ledger.scanned(cursor).covers(new BlockRange(start, block))) {
      return OptionalLong.empty();
    }
    List<Long> opens = new ArrayList<>(List.of(0L));
    for (Month month : ledger.rows().months(RowKind.OPENS)) {
      ledger
          .rows()
          .forEachOpen(
              month, row -> opens.set(0, opens.get(0) + (row.position().block() <= block ? 1 : 0)));
    }
    return OptionalLong.of(opens.get(0));
  }
}
