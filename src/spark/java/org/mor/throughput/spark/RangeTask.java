package org.mor.throughput.spark;

import java.util.OptionalLong;
import org.apache.spark.api.java.function.Function;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.wiring.Engine.Scanned;
import org.mor.throughput.wiring.Graph;

/** Scans a range of blocks into the store; what was scanned before a failure stays scanned. */
record RangeTask(Worker worker) implements Function<BlockRange, Scanned> {
  @Override
  public Scanned call(BlockRange range) {
    Graph graph = worker.graph();
    Backfill backfill = new Backfill(graph.reader(), graph.ledger());
    Backfill.Plan plan;
    try {
      plan =
          backfill.plan(new Backfill.Request(range.first(), OptionalLong.of(range.last()), false));
    } catch (BadRequestException behindTheHead) {
      // The node that answers here is behind the one that the range was planned with.
      return new Scanned(0, 0);
    }
    Backfill.Report report = backfill.run(plan, RunBudget.unlimited(), ScanListener.none());
    return new Scanned(report.opens(), report.closes());
  }

  static Scanned sum(Scanned one, Scanned other) {
    return new Scanned(one.opens() + other.opens(), one.closes() + other.closes());
  }
}
