package org.mor.throughput.spark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.config.Variable;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.wiring.Engine;

/** The engine that the command line calls {@code spark}. */
public final class SparkEngine implements Engine {
  /** How many bytes of a month's partitions one task reads, about; a key of Spark's settings. */
  private static final String BYTES_PER_TASK = "spark.throughput.bytesPerTask";

  private static final long DEFAULT_BYTES = 16L << 20;

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public <T> T rollup(Place place, RowArchive rows, Function<RowSource, T> work) {
    // The URLs of endpoints hold keys, and a rollup's tasks ask none.
    Worker worker =
        new Worker(
            without(place, Variable.BASE_RPC_URL, Variable.RPC_SECRET_ID), place.home().toString());
    try (JavaSparkContext context = start(place, "rollup")) {
      long bytes = context.getConf().getLong(BYTES_PER_TASK, DEFAULT_BYTES);
      return work.apply(new SparkRows(context, worker, rows, bytes));
    }
  }

  @Override
  public Scanned backfill(Place place, List<BlockRange> missing, int concurrency) {
    if (missing.isEmpty()) {
      return new Scanned(0, 0);
    }
    try (JavaSparkContext context = start(place, "backfill")) {
      int tasks = Math.min(context.defaultParallelism(), concurrency);
      Map<String, String> variables = without(place);
      variables.put(Variable.RPC_CONCURRENCY.name(), Integer.toString(concurrency / tasks));
      Worker worker = new Worker(variables, place.home().toString());
      long blocks = missing.stream().mapToLong(BlockRange::size).sum();
      List<BlockRange> ranges = Backfill.pieces(missing, (blocks + tasks - 1) / tasks);
      return Failures.unwrapped(
          () ->
              context
                  .parallelize(ranges, ranges.size())
                  .map(new RangeTask(worker))
                  .reduce(RangeTask::sum));
    }
  }

  private static JavaSparkContext start(Place place, String command) {
    Logging.quiet("org.apache.hadoop", "org.apache.spark", "org.sparkproject");
    SparkConf conf = new SparkConf().setAppName("throughput-indexer " + command);
    conf.setIfMissing("spark.master", "local[*]");
    if (place.master() != null) {
      conf.setMaster(place.master());
    }
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    try {
      return new JavaSparkContext(conf);
    } catch (Exception e) {
      throw new BadRequestException(
          "Starting Spark on %s: %s. next: give --master local[2] or the URL of a cluster that runs"
              .formatted(conf.get("spark.master"), e.getMessage()));
    }
  }

  /** The settings without secrets that no task needs. */
  private static Map<String, String> without(Place place, Variable... needless) {
    Map<String, String> sent = new HashMap<>(place.variables());
    sent.remove(Variable.TELEMETRY_TOKEN.name());
    sent.remove(Variable.RELAY_SECRET.name());
    sent.remove(Variable.RELAY_SECRET_PREVIOUS.name());
    for (Variable variable : needless) {
      sent.remove(variable.name());
    }
    return sent;
  }
}
