package org.mor.throughput.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.base.Json;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.demo.ReceiptWriter.ReceiptNumbers;
import org.mor.throughput.demo.SimulatedMarket.SimulatedLog;
import org.mor.throughput.demo.SimulatedModel.ModelVersion;
import org.mor.throughput.session.Month;

/**
 * A month's closes as an earlier indexer left them: no schema, no receipt format, no log index,
 * amounts as floating point MOR, and an estimate of tokens.
 */
public final class LegacyRows {
  private static final double ESTIMATE_CLAMP = 500;

  private LegacyRows() {}

  /** One JSON object a line, without line ends, in the order the sessions closed. */
  public static List<String> closes(SimulatedMarket market, Month month) {
    return market.logs(market.startBlock(), market.head()).stream()
        .filter(SimulatedLog::close)
        .filter(log -> Month.of(BlockClock.timeOf(log.block())).equals(month))
        .map(log -> line(market, log))
        .toList();
  }

  private static String line(SimulatedMarket market, SimulatedLog log) {
    SimulatedSession session = log.session();
    SessionPlan plan = session.plan();
    ObjectNode row = Json.PLAIN.createObjectNode();
    row.put("sessionId", session.id().toHex());
    row.put("user", plan.user().toHex());
    row.put("provider", plan.bid().provider().address().toHex());
    row.put("bidId", plan.bid().id().toHex());
    row.put("modelId", plan.bid().model().id().toHex());
    Optional<ModelVersion> version = plan.bid().model().at(log.block());
    row.put("modelName", version.map(ModelVersion::name).orElse(null));
    row.put("openedAt", plan.openedAt());
    row.put("endsAt", plan.endsAt());
    row.put("closedAt", BlockClock.timeOf(log.block()));
    row.put("durationSeconds", session.paidSeconds(log.block()));
    row.put("stake", mor(plan.stake()));
    row.put("pricePerSecond", mor(plan.bid().pricePerSecond()));
    row.put("providerWithdrawn", mor(session.paid(log.block())));
    row.put("closeoutType", plan.disputed() ? 1 : 0);
    putEstimate(row, session, log.block());
    row.put("blockNumber", log.block());
    row.put("txHash", market.txHash(log).toHex());
    try {
      return Json.PLAIN.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values cannot be written", e);
    }
  }

  /** It gave up on receipts that it could not read, and wrote nulls. */
  private static void putEstimate(ObjectNode row, SimulatedSession session, long block) {
    ReceiptNumbers numbers = session.plan().numbers();
    if (session.plan().receipt().format() == ReceiptFormat.UNRECOGNIZED) {
      row.putNull("tps");
      row.putNull("ttftMs");
      row.putNull("tokensEst");
      return;
    }
    double tps = numbers.tpsScaled1000() / 1000.0;
    row.put("tps", tps);
    row.put("ttftMs", numbers.ttftMs());
    row.put("tokensEst", Math.min(tps, ESTIMATE_CLAMP) * session.paidSeconds(block));
  }

  private static double mor(BigInteger wei) {
    return new BigDecimal(wei, 18).doubleValue();
  }
}
