package org.mor.throughput.wiring;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.rollup.RowSource;

/**
 * Reads the rows of a rollup elsewhere than in this process, by the same code. The class path says
 * which engines there are, as services.
 */
public interface RowEngine {
  /** What the command line calls it. */
  String name();

  /**
   * Starts the engine, hands over its rows and ends it.
   *
   * @param variables of the configuration, by name
   * @param home relative directories of the configuration lie below it
   * @param master where it runs; null for what its own configuration says
   * @param rows tells which months there are
   */
  <T> T use(
      Map<String, String> variables,
      Path home,
      @Nullable String master,
      RowArchive rows,
      Function<RowSource, T> work);
}
