package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException.StoreConflictException;

/**
 * Eight writers merge one row after the other into the same month, and none is lost. {@code
 * -Dcontention.commits=200} makes the long form.
 */
public abstract class ContentionContract {
  private static final int WRITERS = 8;
  private static final int COMMITS = Integer.getInteger("contention.commits", 25);
  private static final Month MONTH = Month.parse("2026-05");

  /** A client of the one store. */
  protected abstract ObjectStore client();

  /** Makes something go wrong with one of the next writes, where the store can. */
  protected void disturb(Random random) {}

  /** How the commits of one writer went. */
  private record Written(Set<Hash32> ids, List<Integer> tries, int exhausted, long millis) {}

  @Test
  void everyRowOfEightWritersIsStoredAndNoWriterStarves() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    List<Written> written = new ArrayList<>();
    try {
      CyclicBarrier start = new CyclicBarrier(WRITERS);
      List<Future<Written>> running = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int seed = writer;
        running.add(threads.submit(() -> write(seed, start)));
      }
      for (Future<Written> one : running) {
        written.add(one.get());
      }
    } finally {
      threads.shutdownNow();
    }
    report(written);

    Set<String> expected = new TreeSet<>();
    written.forEach(one -> one.ids().forEach(id -> expected.add(id.toHex())));
    List<String> stored = new ArrayList<>();
    new RowArchive(client(), UserPrivacy.plain(), CommitRetry.none())
        .forEachClose(MONTH, row -> stored.add(row.sessionId().toHex()));
    assertThat(expected).hasSize(WRITERS * COMMITS);
    assertThat(stored).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    assertThat(written).extracting(Written::exhausted).as("commits given up").containsOnly(0);
  }

  private Written write(int seed, CyclicBarrier start) throws Exception {
    Random random = new Random(seed);
    SampleRows rows = new SampleRows(seed);
    RowArchive archive =
        new RowArchive(
            client(),
            UserPrivacy.plain(),
            CommitRetry.fullJitter(ContentionContract::sleep, random::nextLong));
    Set<Hash32> ids = new TreeSet<>(java.util.Comparator.comparing(Hash32::toHex));
    List<Integer> tries = new ArrayList<>();
    int exhausted = 0;
    start.await();
    long started = System.nanoTime();
    while (ids.size() < COMMITS) {
      SessionClose row = rows.close(MONTH);
      disturb(random);
      int needed = 1;
      for (boolean done = false; !done; ) {
        try {
          needed += archive.merge(List.of(), List.of(row)).conflicts();
          done = true;
        } catch (StoreConflictException e) {
          needed += CommitLoop.MAX_TRIES;
          exhausted++;
        }
      }
      ids.add(row.sessionId());
      tries.add(needed);
    }
    return new Written(ids, tries, exhausted, (System.nanoTime() - started) / 1_000_000);
  }

  private void report(List<Written> written) {
    List<Integer> tries = new ArrayList<>();
    written.forEach(one -> tries.addAll(one.tries()));
    Collections.sort(tries);
    System.out.printf(
        "%s: %d commits; tries mean %.2f, p50 %d, p99 %d, worst %d; gave up %d; writers done after %s ms%n",
        getClass().getSimpleName(),
        tries.size(),
        tries.stream().mapToInt(Integer::intValue).average().orElseThrow(),
        tries.get(tries.size() / 2),
        tries.get(tries.size() * 99 / 100),
        tries.get(tries.size() - 1),
        written.stream().mapToInt(Written::exhausted).sum(),
        written.stream().map(Written::millis).sorted().toList());
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
