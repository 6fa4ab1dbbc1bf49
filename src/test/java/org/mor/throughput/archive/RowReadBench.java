package org.mor.throughput.archive;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.mor.throughput.base.Patience;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;

/** Prints the processor time a row takes to read, write and merge. Not a test: run its main. */
final class RowReadBench {
  private static final int ROWS = 200_000;
  private static final Month MONTH = Month.parse("2026-05");

  private RowReadBench() {}

  public static void main(String[] args) {
    SampleRows sample = new SampleRows(1);
    List<CloseRow> closes = new ArrayList<>();
    List<OpenRow> opens = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      closes.add(sample.close(MONTH));
      opens.add(sample.open(MONTH));
    }
    MemoryObjectStore store = new MemoryObjectStore();
    RowArchive archive = new RowArchive(store, UserPrivacy.plain(), Patience.none());
    time("merge of opens and closes", () -> archive.merge(opens, closes).closesAdded());
    store
        .list("raw/")
        .forEach(object -> System.out.println(object.key() + " " + object.size() + " bytes"));
    closes.clear();
    opens.clear();
    byte[] body = store.find(RowKind.CLOSES.key(MONTH)).orElseThrow().body();
    for (int round = 0; round < 6; round++) {
      time("lines", () -> lines(body));
      time("opens", () -> count(n -> archive.forEachOpen(MONTH, row -> n[0]++)));
      time("closes", () -> count(n -> archive.forEachClose(MONTH, row -> n[0]++)));
      time("facts", () -> count(n -> archive.forEachCloseFacts(MONTH, row -> n[0]++)));
    }
    time(
        "merge of one more",
        () -> archive.merge(List.of(), List.of(sample.close(MONTH))).closesAdded());
  }

  private static long lines(byte[] body) {
    long count = 0;
    try (LineReader lines = new LineReader(RowKind.CLOSES.key(MONTH), body)) {
      while (lines.next()) {
        count++;
      }
    }
    return count;
  }

  private static long count(Consumer<long[]> reader) {
    long[] count = new long[1];
    reader.accept(count);
    return count[0];
  }

  private static void time(String what, LongSupplier work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    long count = work.getAsLong();
    long micros = (threads.getCurrentThreadCpuTime() - start) / 1000;
    System.out.printf(
        Locale.ROOT,
        "%-26s %8d rows %8.2f ms %6.2f us/row%n",
        what,
        count,
        micros / 1e3,
        (double) micros / ROWS);
  }
}
