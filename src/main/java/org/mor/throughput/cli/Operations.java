package org.mor.throughput.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mor.throughput.config.Config;
import org.mor.throughput.session.Month;

/** What the commands do, behind their options. Every method ends or throws; none prints. */
public interface Operations {
  /**
   * Which blocks to scan.
   *
   * @param start the first block; absent for the network's start block
   * @param end the last block, included; absent for the confirmed head
   * @param rescan whether what was scanned before is scanned again
   */
  record Backfill(OptionalLong start, OptionalLong end, boolean rescan, boolean dryRun) {}

  record Rollup(boolean stuck, boolean full) {}

  record EnrichCloses(
      Optional<Month> partition, OptionalInt limit, boolean dryRun, boolean publish) {}

  /**
   * A simulated marketplace.
   *
   * @param port where the result is served until stopped; 0 for any free port, absent to end
   *     instead
   */
  record Demo(OptionalInt port, long seed, int sessions) {}

  /**
   * A month in Markdown.
   *
   * @param out the Markdown file; absent for one named after the month
   */
  record MonthReport(Month month, Optional<Path> out) {}

  /** A simulated marketplace, indexed, compared with its own ledger and served. */
  Report demo(Demo request);

  Report backfill(Backfill request);

  Report incremental();

  Report rollup(Rollup request);

  Report enrichCloses(EnrichCloses request);

  Report spotCheck(int recent);

  Report status();

  /** Finds what rows lack and reads it again; with {@code dryRun} it only says so. */
  Report repair(boolean dryRun);

  /** Writes a month's report and its charts. */
  Report report(MonthReport request);

  /**
   * What of the rows is compared with the chain.
   *
   * @param sample how many rows; 0 for none
   * @param seed decides which; absent for any
   */
  record Verify(int sample, OptionalLong seed) {}

  Report verify(Verify request);

  /** Probes every endpoint, the store and the clock. */
  Report doctor();

  /** How things stand, as metrics in Prometheus' text. */
  Report metrics();

  /** Serves the documents on {@code port} (0: any free one) of the local address until stopped. */
  Report serve(int port);

  /** Builds the operations for one command. */
  @FunctionalInterface
  interface Factory {
    Operations open(Config config, Surroundings surroundings);
  }
}
