package org.mor.throughput.cli;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mor.throughput.session.Month;

/** What the commands do, behind their options. Every method ends or throws; none prints. */
public interface Operations {
  /**
   * Which blocks to scan.
   *
   * @param start the first block; absent only with {@code gaps}
   * @param end the last block, included; absent for the confirmed head
   */
  record Backfill(OptionalLong start, OptionalLong end, boolean gaps, boolean dryRun) {}

  record Rollup(boolean stuck, boolean full) {}

  record EnrichCloses(
      Optional<Month> partition, OptionalInt limit, boolean dryRun, boolean publish) {}

  /**
   * A simulated marketplace, indexed and served on {@code port} (0: any free one) until stopped.
   */
  Report demo(int port);

  Report backfill(Backfill request);

  Report incremental();

  Report rollup(Rollup request);

  Report enrichCloses(EnrichCloses request);

  Report spotCheck(int recent);

  Report status();

  /** Serves the documents on {@code port} (0: any free one) of the local address until stopped. */
  Report serve(int port);

  /** Builds the operations for one command. */
  @FunctionalInterface
  interface Factory {
    Operations open(Config config, Surroundings surroundings);
  }
}
