package org.mor.throughput.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.testing.Worlds;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Graph.Tempo;

/**
 * The peak of a run that adds to a month of many closes: {@code MemoryBench ROOT CLOSES [FLAG...]}.
 */
final class MemoryBench {
  private MemoryBench() {}

  public static void main(String[] arguments) {
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    int closes = Integer.parseInt(arguments[1]);
    String[] flags = java.util.Arrays.copyOfRange(arguments, 2, arguments.length);
    try (FunctionWorld world = new FunctionWorld()) {
      long month = fill(world, closes);
      world.market.extend(3_000, 40);
      try (FunctionProcess function =
          new FunctionProcess(Path.of(arguments[0]).toAbsolutePath(), world.variables(), flags)) {
        JsonNode report = function.report("{}", Duration.ofMinutes(15));
        System.out.printf(
            "%d closes in the month: run %d ms, %d closes added, peak %d MB%n",
            month,
            report.path("milliseconds").longValue(),
            report.path("closes").longValue(),
            FunctionBench.peakMegabytes(function));
      }
    }
    System.exit(0);
  }

  /** Scans the small market, then stores each close of its last month many times over. */
  private static long fill(FunctionWorld world, int closes) {
    Map<String, String> variables = new HashMap<>(world.variables());
    variables.put("BASE_RPC_URL", world.node.url(FunctionWorld.KEY));
    Graph graph =
        new Graph(Config.parse(variables), Path.of("target"), new Redactor(), Tempo.real());
    Ledger ledger = graph.ledger();
    Worlds.backfill(graph.reader(), ledger, world.market.startBlock(), OptionalLong.empty(), false);
    Month month = ledger.rows().partitions(RowKind.CLOSES).lastKey();
    List<SessionClose> stored = new ArrayList<>();
    ledger
        .rows()
        .forEachClose(
            month,
            row -> {
              if (row instanceof SessionClose close) {
                stored.add(close);
              }
            });
    List<SessionClose> copies = new ArrayList<>();
    for (int i = 0; copies.size() < closes; i++) {
      copies.add(withId(stored.get(i % stored.size()), i));
    }
    ledger.rows().merge(List.of(), copies);
    return (long) stored.size() + copies.size();
  }

  private static SessionClose withId(SessionClose row, int number) {
    byte[] id = row.sessionId().toArray();
    ByteBuffer.wrap(id).putInt(number);
    return new SessionClose(
        Hash32.of(id),
        row.user(),
        row.provider(),
        row.bidId(),
        row.modelId(),
        row.modelName(),
        row.openedAt(),
        row.endsAt(),
        row.closedAt(),
        row.stake(),
        row.pricePerSecond(),
        row.paid(),
        row.closeoutType(),
        row.directPayment(),
        row.receipt(),
        row.position(),
        row.txHash(),
        row.reading());
  }
}
