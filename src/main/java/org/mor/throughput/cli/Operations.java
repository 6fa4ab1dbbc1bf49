package org.mor.throughput.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config;
import org.mor.throughput.export.Span;
import org.mor.throughput.export.TableFormat;
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

  /**
   * A copy of the store.
   *
   * @param to the directory; absent for {@code local-raw} below the home directory
   * @param partition the only month whose rows are copied; absent for all rows and the state
   */
  record Pull(Optional<Path> to, Optional<Month> partition) {}

  /**
   * Rows as a table.
   *
   * @param out the file or directory; absent for {@code local-raw} below the home directory
   * @param printed where the table is printed instead of written to a file
   * @param force whether a file that is there is written over
   */
  record Export(
      TableFormat format,
      RowKind what,
      Span span,
      Optional<Path> out,
      Optional<PrintWriter> printed,
      boolean force) {}

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

  /** Goes back to block {@code to}; with {@code dryRun} it only says what that would do. */
  Report rewind(long to, boolean dryRun);

  /** Writes a month's report and its charts. */
  Report report(MonthReport request);

  /** Copies rows and state into a directory. */
  Report pull(Pull request);

  /** Writes stored rows as a table. */
  Report export(Export request);

  /**
   * What of the rows is compared with the chain.
   *
   * @param sample how many rows; 0 for none
   * @param seed decides which; absent for any
   */
  record Verify(int sample, OptionalLong seed) {}

  Report verify(Verify request);

  /**
   * Which closes to prove against the state root of one block.
   *
   * @param sample how many; 0 for all
   * @param seed decides which; absent for any
   * @param month the closes of this month only
   * @param block the hash to trust; empty for one that the endpoints agree on
   */
  record Trustless(int sample, OptionalLong seed, Optional<Month> month, Optional<Hash32> block) {}

  Report trustless(Trustless request);

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
