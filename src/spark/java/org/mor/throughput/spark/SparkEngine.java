package org.mor.throughput.spark;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
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

  private static final String SCHEDULER = "org.apache.spark.scheduler.TaskSchedulerImpl";

  /** A range of fewer blocks is not worth a task. */
  private static final long LEAST_BLOCKS = 2_000;

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public <T> T rollup(Place place, RowArchive rows, Function<RowSource, T> work) {
    Worker worker = Worker.at(place, Variable.USER_HASH_KEY);
    try (JavaSparkContext context = start(place, "rollup")) {
      long bytes = context.getConf().getLong(BYTES_PER_TASK, DEFAULT_BYTES);
      return quietlyEnded(() -> work.apply(new SparkRows(context, worker, rows, bytes)));
    }
  }

  @Override
  public Scanned backfill(Place place, List<BlockRange> missing, int concurrency) {
    if (missing.isEmpty()) {
      return new Scanned(0, 0);
    }
    Worker worker = Worker.at(place, Variable.USER_HASH_KEY, Variable.BASE_RPC_URL);
    try (JavaSparkContext context = start(place, "backfill")) {
      long blocks = missing.stream().mapToLong(BlockRange::size).sum();
      // How many cores a cluster has shows only once its executors have come.
      int tasks =
          context.isLocal() ? Math.min(context.defaultParallelism(), concurrency) : concurrency;
      long each = Math.max(LEAST_BLOCKS, (blocks + tasks - 1) / tasks);
      List<BlockRange> ranges = Backfill.pieces(missing, each);
      int share = Math.max(1, concurrency / ranges.size());
      RangeTask task =
          new RangeTask(worker.with(Variable.RPC_CONCURRENCY, Integer.toString(share)));
      return quietlyEnded(
          () ->
              Failures.unwrapped(
                  () ->
                      context.parallelize(ranges, ranges.size()).map(task).reduce(RangeTask::sum)));
    }
  }

  /** Does work; tasks that still run when it ends have nothing to say any more. */
  private static <T> T quietlyEnded(Supplier<T> work) {
    try {
      return work.get();
    } finally {
      Logging.quiet(SCHEDULER);
    }
  }

  private static JavaSparkContext start(Place place, String command) {
    Logging.quiet("org.apache.hadoop", "org.apache.spark", "org.sparkproject");
    // It says when no executor comes.
    Logging.warnings(SCHEDULER);
    SparkConf conf = new SparkConf().setAppName("throughput-indexer " + command);
    conf.setIfMissing("spark.master", "local[*]");
    if (place.master() != null) {
      conf.setMaster(place.master());
    }
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Records are sent, which its other serializer cannot do.
    conf.set("spark.serializer", "org.apache.spark.serializer.JavaSerializer");
    try {
      return new JavaSparkContext(conf);
    } catch (Exception e) {
      throw new BadRequestException(
          "Starting Spark on %s: %s. next: give --master local[2] or the URL of a cluster that runs, and look at Spark's own settings"
              .formatted(conf.get("spark.master"), e.getMessage()));
    }
  }
}
