package org.mor.throughput.cli;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.index.Status;
import org.mor.throughput.session.Month;

/**
 * How many rows of each partition count, so without retracted and superseded ones.
 *
 * @param opens no number for a month whose partition cannot be read
 * @param closes the same
 * @param trouble why the first such partition could not be read
 */
record StoredRows(
    SortedMap<Month, Long> opens,
    SortedMap<Month, Long> closes,
    Optional<RuntimeException> trouble) {

  static StoredRows count(RowArchive archive, Status status) {
    SortedMap<Month, Long> opens = new TreeMap<>();
    SortedMap<Month, Long> closes = new TreeMap<>();
    Optional<RuntimeException> ofOpens =
        count(
            status.opens().keySet(),
            (month, rows) -> archive.forEachOpenFacts(month, row -> rows.incrementAndGet()),
            opens);
    Optional<RuntimeException> ofCloses =
        count(
            status.closes().keySet(),
            (month, rows) -> archive.forEachCloseFacts(month, row -> rows.incrementAndGet()),
            closes);
    return new StoredRows(opens, closes, ofOpens.or(() -> ofCloses));
  }

  private static Optional<RuntimeException> count(
      Collection<Month> months, BiConsumer<Month, AtomicLong> read, SortedMap<Month, Long> counts) {
    Optional<RuntimeException> first = Optional.empty();
    for (Month month : months) {
      AtomicLong rows = new AtomicLong();
      try {
        read.accept(month, rows);
        counts.put(month, rows.get());
      } catch (RuntimeException e) { // told at the end: the other partitions are worth showing
        first = first.or(() -> Optional.of(e));
      }
    }
    return first;
  }
}
