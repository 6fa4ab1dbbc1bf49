package org.mor.throughput.wiring;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.rollup.RowSource;

/**
 * Does a large rollup or backfill outside this process, by the same code. The class path says which
 * engines there are, as services.
 */
public interface Engine {
  /**
   * Where the work is done, and what is to be known there.
   *
   * @param variables of the configuration, by name
   * @param home relative directories of the configuration lie below it
   * @param master a cluster; null for what the engine's own configuration says
   */
  record Place(Map<String, String> variables, Path home, @Nullable String master) {
    public Place {
      variables = Map.copyOf(variables);
    }

    /** Names no value: some are secrets. */
    @Override
    public String toString() {
      return "Place " + variables.keySet();
    }
  }

  /** What ranges of blocks held. */
  record Scanned(long opens, long closes) implements Serializable {}

  /** What the command line calls it. */
  String name();

  /**
   * Starts the engine, hands over its rows and ends it.
   *
   * @param rows tells which months there are
   */
  <T> T rollup(Place place, RowArchive rows, Function<RowSource, T> work);

  /**
   * Scans blocks into the store, several ranges side by side, each as a backfill of its own.
   *
   * @param missing blocks that were never scanned, in order
   * @param concurrency requests in flight that all ranges share
   */
  Scanned backfill(Place place, List<BlockRange> missing, int concurrency);
}
