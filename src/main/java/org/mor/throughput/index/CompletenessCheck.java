package org.mor.throughput.index;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond.ProviderModelStats;
import org.mor.throughput.proof.Compared;
import org.mor.throughput.proof.Proof;

/**
 * Everything that can be compared with the contract at the cursor's block: the whole walk over all
 * opens, and the sums of the rows beside the contract's own. Reads only.
 */
public final class CompletenessCheck {
  private final ContractReader contract;
  private final Ledger ledger;

  /**
   * What was found. While the state is {@code partial}, figures differ because blocks are not
   * scanned.
   *
   * @param facetChanges blocks in which the diamond was cut
   */
  public record Result(Proof proof, List<Compared> figures, SortedSet<Long> facetChanges) {
    public Result {
      figures = List.copyOf(figures);
      facetChanges = new TreeSet<>(facetChanges);
    }

    /** Whether opens are proven complete and no figure differs. */
    public boolean agrees() {
      return proof.state().isProven() && figures.stream().noneMatch(Compared::differs);
    }
  }

  public CompletenessCheck(ContractReader contract, Ledger ledger) {
    this.contract = contract;
    this.ledger = ledger;
  }

  /**
   * Compares at the cursor's block, so the node must still have that block's state.
   *
   * @throws NotIndexedException while there is no cursor
   */
  public Result run() {
    Cursor cursor =
        ledger
            .position()
            .orElseThrow(
                () -> NotIndexedException.noCursor("compare: run backfill or incremental first."));
    CursorGuard.check(contract.chain(), cursor);
    Proof proof = new ProofRun(contract, ledger).complete(cursor);
    RowTally rows = RowTally.read(ledger, cursor.lastBlock());
    ContractFigures counted = new ContractFigures(contract, cursor.lastBlock());
    List<Compared> figures = new ArrayList<>();
    figures.add(
        Compared.of(
            "opens",
            rows.opens() - proof.strays(),
            Optional.of(BigInteger.valueOf(counted.opens()))));
    figures.add(
        Compared.of(
            "opens by provider",
            rows.opens() - proof.strays(),
            counted
                .totalSessions(rows.providers())
                .map(totals -> sumOf(totals.values(), Long::longValue))));
    Optional<Collection<ProviderModelStats>> stats =
        counted.stats(rows.closesOf().keySet()).map(Map::values);
    figures.add(Compared.of("closes", rows.closes(), sum(stats, ProviderModelStats::totalCount)));
    figures.add(
        Compared.of(
            "undisputed closes", rows.undisputed(), sum(stats, ProviderModelStats::successCount)));
    figures.add(new Compared("paid wei", paid(rows, cursor.lastBlock()), counted.totalClaimed()));
    if (figures.stream().anyMatch(Compared::differs)) {
      new NewestState(contract).requireOldCalls(cursor.lastBlock());
    }
    return new Result(proof, figures, ledger.proof().find().facetChanges());
  }

  /**
   * What the sessions of the rows were paid by {@code block}. Claims leave no event, so sessions
   * that could have been paid since their row was read, and those still open, are read again.
   */
  private BigInteger paid(RowTally rows, long block) {
    List<Hash32> unsure = new ArrayList<>(rows.paidUnsure());
    unsure.addAll(rows.unclosed());
    BigInteger[] paid = {rows.paid()};
    contract
        .sessions()
        .forEachStored(
            unsure, block, (id, session) -> paid[0] = paid[0].add(session.paid().value()));
    return paid[0];
  }

  private static <T> Optional<BigInteger> sum(
      Optional<? extends Collection<T>> values, ToLongFunction<T> figure) {
    return values.map(all -> sumOf(all, figure));
  }

  private static <T> BigInteger sumOf(Collection<T> values, ToLongFunction<T> figure) {
    return BigInteger.valueOf(values.stream().mapToLong(figure).sum());
  }
}
