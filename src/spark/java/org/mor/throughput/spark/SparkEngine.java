package org.mor.throughput.spark;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.config.Variable;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.rollup.RowSource;
import org.mor.throughput.wiring.RowEngine;

/** The engine that the command line calls {@code spark}. */
public final class SparkEngine implements RowEngine {
  /** How many bytes of a month's partitions one task reads, about; a key of Spark's settings. */
  static final String BYTES_PER_TASK = "spark.throughput.bytesPerTask";

  private static final long DEFAULT_BYTES = 16L << 20;

  @Override
  public String name() {
    return "spark";
  }

  @Override
  public <T> T use(
      Map<String, String> variables,
      Path home,
      @Nullable String master,
      RowArchive rows,
      Function<RowSource, T> work) {
    Logging.quiet("org.apache.hadoop", "org.apache.spark", "org.sparkproject");
    SparkConf conf = new SparkConf().setAppName("throughput-indexer rollup");
    conf.setIfMissing("spark.master", "local[*]");
    if (master != null) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      Worker worker = new Worker(withoutChain(variables), home.toString());
      return work.apply(
          new SparkRows(context, worker, rows, conf.getLong(BYTES_PER_TASK, DEFAULT_BYTES)));
    }
  }

  /** Nobody but this process needs the endpoints, whose URLs hold keys. */
  private static Map<String, String> withoutChain(Map<String, String> variables) {
    Map<String, String> sent = new HashMap<>(variables);
    sent.remove(Variable.BASE_RPC_URL.name());
    sent.remove(Variable.RPC_SECRET_ID.name());
    sent.remove(Variable.TELEMETRY_TOKEN.name());
    sent.remove(Variable.RELAY_SECRET.name());
    sent.remove(Variable.RELAY_SECRET_PREVIOUS.name());
    return sent;
  }
}
