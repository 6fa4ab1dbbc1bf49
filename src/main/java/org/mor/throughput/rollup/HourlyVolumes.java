package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

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
    hours = List.copyOf(hours);
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
      long seconds) {
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
  static final class Collector {
    private final Map<Key, Cell> cells = new HashMap<>();

    private record Key(long hour, int model, int provider) {}

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

    void merge(Collector other, Translation translation) {
      other.cells.forEach(
          (key, cell) ->
              add(
                  key.hour(),
                  cell.at(
                      in(key.model(), translation.models()),
                      in(key.provider(), translation.providers()))));
    }

    private static int in(int number, int[] numbers) {
      return number == Names.NONE ? Names.NONE : numbers[number];
    }

    HourlyVolumes finish(Horizon horizon, Directory directory) {
      SortedMap<Hash32, Integer> models = places(Key::model, directory.models().values());
      SortedMap<Address, Integer> providers = places(Key::provider, directory.providers().values());
      List<SortedMap<Long, Cell>> hours = new ArrayList<>();
      for (int i = 0; i < Horizon.HOURS; i++) {
        hours.add(new TreeMap<>());
      }
      cells.forEach(
          (key, cell) -> {
            int model = place(key.model(), directory.models().values(), models);
            int provider = place(key.provider(), directory.providers().values(), providers);
            int hour = (int) ((key.hour() - horizon.firstHour()) / 3_600);
            hours.get(hour).put(((long) model << 32) + provider, cell.at(model, provider));
          });
      return new HourlyVolumes(
          horizon.firstHour(),
          List.copyOf(models.keySet()),
          List.copyOf(providers.keySet()),
          hours.stream().map(hour -> List.copyOf(hour.values())).toList());
    }

    /** The values that occur, sorted, with their places. */
    private <T> SortedMap<T, Integer> places(Function<Key, Integer> part, List<T> values) {
      SortedMap<T, Integer> places = new TreeMap<>();
      for (Key key : cells.keySet()) {
        if (part.apply(key) != Names.NONE) {
          places.put(values.get(part.apply(key)), 0);
        }
      }
      int next = 0;
      for (Map.Entry<T, Integer> entry : places.entrySet()) {
        entry.setValue(next++);
      }
      return places;
    }

    private static <T> int place(int number, List<T> values, Map<T, Integer> places) {
      return number == Names.NONE
          ? Names.NONE
          : places.getOrDefault(values.get(number), Names.NONE);
    }
  }
}
