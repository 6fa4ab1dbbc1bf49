package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** A month whose rows are scattered over parts gives the figures of the month scanned as one. */
class MonthPartTest {
  private static final long DAY = 86400;
  private static final long FROM = 1_764_000_000;
  private static final long NOW = 1_776_345_678;
  private static final MetricRules RULES =
      new MetricRules(
          NaiveMetrics.CLAMP, FROM + 5 * DAY, NOW - 3 * DAY, Set.of(CloseBuilder.user(3)));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void partsOfAMonthMergeIntoTheMonth(long seed) {
    ListedRows rows = ListedRows.random(seed, 1500, FROM, NOW + DAY);
    Scattered scattered = new Scattered(rows, new Random(seed), 1 + (int) (seed % 5) * 3);
    AsOf asOf = new AsOf(1, NOW);
    Files whole = new Files();
    Files merged = new Files();

    Rollup rollup = Rollups.compute(scattered, RULES, asOf, PartialCache.none(), merged, 2);

    assertThat(rollup).isEqualTo(rows.rollup(RULES, asOf, whole));
    assertThat(rollup.unclosedOpens()).isNotEmpty();
    assertThat(merged.kept).isEqualTo(whole.kept).hasSizeGreaterThan(3);
  }

  /** Gives every event to a part drawn at random, so that sessions open here and close there. */
  private record Scattered(ListedRows rows, Random random, int parts) implements RowSource {
    @Override
    public SortedSet<Month> months() {
      return rows.months();
    }

    @Override
    public void opens(Month month, Consumer<OpenFacts> to) {
      rows.opens(month, to);
    }

    @Override
    public void closes(Month month, Consumer<CloseFacts> to) {
      rows.closes(month, to);
    }

    @Override
    public synchronized MonthPart part(Month month, MetricRules rules, AsOf asOf) {
      List<List<OpenFacts>> opens = empty();
      List<List<CloseFacts>> closes = empty();
      rows.opens(month, open -> opens.get(random.nextInt(parts)).add(open));
      rows.closes(month, close -> closes.get(random.nextInt(parts)).add(close));
      List<MonthPart> scanned =
          new ArrayList<>(
              IntStream.range(0, parts)
                  .mapToObj(i -> new ListedRows(opens.get(i), closes.get(i)))
                  .map(part -> sent(part.part(month, rules, asOf)))
                  .toList());
      Collections.shuffle(scanned, random);
      return scanned.stream().reduce(MonthPart::merge).orElseThrow();
    }

    private <T> List<List<T>> empty() {
      return IntStream.range(0, parts).<List<T>>mapToObj(i -> new ArrayList<>()).toList();
    }
  }

  /** What another machine reads of it. */
  private static MonthPart sent(MonthPart part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(part);
      out.flush();
      return (MonthPart)
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** The cells of each month as they were to be kept. */
  private static final class Files implements MonthFiles {
    private final Map<Month, PerformanceMonth> kept = Collections.synchronizedMap(new TreeMap<>());

    @Override
    public Optional<MonthFile> keep(PerformanceMonth month) {
      kept.put(month.month(), month);
      return Optional.empty();
    }

    @Override
    public boolean has(MonthFile file) {
      return false;
    }
  }
}
