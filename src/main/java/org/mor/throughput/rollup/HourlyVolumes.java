package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Order;
import org.mor.throughput.rollup.Directory.Translation;

/**
 * What closed in each of the last hours, by model and provider, as far as it can be drawn: no
 * speeds and no sizes. Amounts are whole numbers of at most 2^53 - 1.
 *
 * @param firstHour the first second of the first hour
 * @param models ids that occur, sorted; cells speak of places in it
 * @param providers likewise
 * @param hours for each hour its cells, sorted by model, then by provider
 */
public record HourlyVolumes(
    long firstHour, List<Hash32> models, List<Address> providers, List<List<Cell>> hours) {
  private static final long MOST = (1L << 53) - 1;

  public HourlyVolumes {
    models = List.copyOf(models);
    providers = List.copyOf(providers);
    hours = hours.stream().map(List::copyOf).toList();
  }

  /**
   * One model and provider in one hour.
   *
   * @param model place in models; -1 where an old row does not name it
   * @param provider likewise
   * @param tokens that receipts state, implausible ones included
   * @param legacyMilliTokens estimated, in thousandths
   */
  public record Cell(
      int model,
      int provider,
      long sessions,
      long tokens,
      long tokensFlagged,
      long legacyMilliTokens,
      long seconds)
      implements Serializable {
    private static final Comparator<Cell> ORDER =
        Comparator.comparingInt(Cell::model).thenComparingInt(Cell::provider);

    private Cell and(Cell other) {
      return new Cell(
          model,
          provider,
          sum(sessions, other.sessions),
          sum(tokens, other.tokens),
          sum(tokensFlagged, other.tokensFlagged),
          sum(legacyMilliTokens, other.legacyMilliTokens),
          sum(seconds, other.seconds));
    }

    private Cell at(int otherModel, int otherProvider) {
      return new Cell(
          otherModel, otherProvider, sessions, tokens, tokensFlagged, legacyMilliTokens, seconds);
    }

    private static long sum(long one, long two) {
      return Math.min(MOST, Math.min(MOST, one) + Math.min(MOST, two));
    }
  }

  /** Collects closes; model and provider are numbers of a directory. */
  static final class Collector implements Serializable {
    private final Map<Key, Cell> cells = new HashMap<>();

    private record Key(long hour, int model, int provider) implements Serializable {}

    void add(Contribution one, long hour) {
      long tokens = one.tokens().total();
      add(
          hour,
          new Cell(
              one.model(),
              one.provider(),
              1,
              tokens,
              one.flagged() ? tokens : 0,
              one.legacyMilliTokens(),
              one.seconds()));
    }

    private void add(long hour, Cell cell) {
      cells.merge(new Key(hour, cell.model(), cell.provider()), cell, Cell::and);
    }

    void merge(Collector other, Translation to) {
      other.cells.forEach(
          (key, cell) ->
              add(key.hour(), cell.at(to.model(cell.model()), to.provider(cell.provider()))));
    }

    HourlyVolumes finish(Horizon horizon, Directory directory) {
      Order<Hash32> models = Order.of(directory.models(), occurring(Key::model));
      Order<Address> providers = Order.of(directory.providers(), occurring(Key::provider));
      List<List<Cell>> hours =
          Stream.<List<Cell>>generate(ArrayList::new).limit(Horizon.HOURS).toList();
      cells.forEach(
          (key, cell) ->
              hours
                  .get((int) ((key.hour() - horizon.firstHour()) / 3_600))
                  .add(cell.at(models.place(key.model()), providers.place(key.provider()))));
      hours.forEach(hour -> hour.sort(Cell.ORDER));
      return new HourlyVolumes(horizon.firstHour(), models.sorted(), providers.sorted(), hours);
    }

    private IntPredicate occurring(Function<Key, Integer> part) {
      return cells.keySet().stream().map(part).collect(Collectors.toSet())::contains;
    }
  }
}
