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
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond.ProviderModelStats;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.proof.Compared;
import org.mor.throughput.proof.Proof;

/**
 * Everything that can be compared with the contract at the cursor's block: the whole walk over all
 * opens, and the sums of the rows beside the contract's own. Reads only.
 */
public final class CompletenessCheck {
  private static final int STATES_AT_ONCE = 1_500;

  private final ChainReader chain;
  private final IndexSettings settings;
  private final Ledger ledger;
  private final Patience patience;

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

  public CompletenessCheck(
      ChainReader chain, IndexSettings settings, Ledger ledger, Patience patience) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
    this.patience = patience;
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
                () ->
                    new NotIndexedException(
                        "There is no cursor in this store yet, so there is nothing to compare: run backfill or incremental first."));
    CursorGuard.check(chain, cursor);
    Proof proof = new ProofRun(chain, settings, ledger, patience).complete(cursor);
    RowTally rows = RowTally.read(ledger, cursor.lastBlock());
    ContractFigures contract = new ContractFigures(chain, settings.diamond(), cursor.lastBlock());
    List<Compared> figures = new ArrayList<>();
    figures.add(
        Compared.of(
            "opens",
            rows.opens() - proof.strays(),
            Optional.of(BigInteger.valueOf(contract.opens()))));
    figures.add(
        Compared.of(
            "opens by provider", rows.opens() - proof.strays(), totalSessions(contract, rows)));
    Optional<Collection<ProviderModelStats>> stats =
        contract.stats(rows.closesOf().keySet()).map(Map::values);
    figures.add(Compared.of("closes", rows.closes(), sum(stats, ProviderModelStats::totalCount)));
    figures.add(
        Compared.of(
            "undisputed closes", rows.undisputed(), sum(stats, ProviderModelStats::successCount)));
    figures.add(new Compared("paid wei", paid(rows, cursor.lastBlock()), contract.totalClaimed()));
    if (figures.stream().anyMatch(Compared::differs)) {
      new NewestState(chain, settings.diamond()).requireOldCalls(cursor.lastBlock());
    }
    return new Result(proof, figures, ledger.proof().find().facetChanges());
  }

  private static Optional<BigInteger> totalSessions(ContractFigures contract, RowTally rows) {
    SortedSet<Address> providers = new TreeSet<>(rows.providers());
    providers.addAll(contract.activeProviders());
    return contract.totalSessions(providers).map(totals -> sumOf(totals.values(), Long::longValue));
  }

  /**
   * What the sessions of the rows were paid by {@code block}. Claims leave no event, so sessions
   * that could have been paid since their row was read, and those still open, are read again.
   */
  private BigInteger paid(RowTally rows, long block) {
    List<Hash32> unsure = new ArrayList<>(rows.paidUnsure());
    unsure.addAll(rows.unclosed());
    ContractState state = new ContractState(chain, settings.diamond(), patience);
    BigInteger paid = rows.paid();
    for (int from = 0; from < unsure.size(); from += STATES_AT_ONCE) {
      List<Hash32> some = unsure.subList(from, Math.min(unsure.size(), from + STATES_AT_ONCE));
      for (SessionState session : state.storedSessions(some, block).values()) {
        paid = paid.add(session.paid().value());
      }
    }
    return paid;
  }

  private static <T> Optional<BigInteger> sum(
      Optional<? extends Collection<T>> values, ToLongFunction<T> figure) {
    return values.map(all -> sumOf(all, figure));
  }

  private static <T> BigInteger sumOf(Collection<T> values, ToLongFunction<T> figure) {
    return BigInteger.valueOf(values.stream().mapToLong(figure).sum());
  }
}
