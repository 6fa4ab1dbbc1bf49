package org.mor.throughput.export;

import static org.mor.throughput.export.TableColumn.Kind.FLAG;
import static org.mor.throughput.export.TableColumn.Kind.NUMBER;
import static org.mor.throughput.export.TableColumn.Kind.TEXT;
import static org.mor.throughput.export.TableColumn.Kind.TIME;
import static org.mor.throughput.export.TableColumn.Kind.WEI;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.MetricRules.TokenClass;
import org.mor.throughput.session.SessionClose;

/**
 * Closes as a table: the keys of the row in their order, then what the metrics make of it, so that
 * published figures are plain sums over it.
 */
final class CloseTable {
  /** A row, and what the metrics need of it, made once. */
  record Close(CloseRow row, CloseFacts facts) {
    static Close of(CloseRow row) {
      return new Close(row, row.facts());
    }

    /** Input and output tokens; null where the row has none. */
    @Nullable TokenTotals tokens() {
      return facts.tokenTotals();
    }
  }

  private CloseTable() {}

  static List<TableColumn<Close>> columns(ModelNames models, MetricRules rules) {
    return Stream.of(who(models), when(), receipt(), where(), derived(models, rules))
        .flatMap(List::stream)
        .toList();
  }

  private static List<TableColumn<Close>> who(ModelNames models) {
    return List.of(
        new TableColumn<>("schema", NUMBER, close -> (long) close.row.schema()),
        new TableColumn<>("sessionId", TEXT, close -> Cells.hex(close.row.sessionId())),
        new TableColumn<>("user", TEXT, close -> Cells.hex(close.facts.user())),
        new TableColumn<>("provider", TEXT, close -> Cells.hex(close.facts.provider())),
        new TableColumn<>("bidId", TEXT, full(close -> close.bidId().toHex())),
        new TableColumn<>("modelId", TEXT, close -> Cells.hex(close.facts.modelId())),
        new TableColumn<>(
            "modelName",
            TEXT,
            close -> models.name(close.facts.modelId(), close.facts.modelName())));
  }

  private static List<TableColumn<Close>> when() {
    return List.of(
        new TableColumn<>("openedAt", TIME, close -> Cells.time(close.facts.openedAt())),
        new TableColumn<>("endsAt", TIME, full(SessionClose::endsAt)),
        new TableColumn<>("closedAt", TIME, close -> close.facts.closedAt()),
        new TableColumn<>(
            "durationSeconds", NUMBER, close -> Math.max(0, close.facts.durationSeconds())),
        new TableColumn<>("stakeWei", WEI, close -> close.facts.stake()),
        new TableColumn<>("pricePerSecondWei", WEI, full(SessionClose::pricePerSecond)),
        new TableColumn<>("paidWei", WEI, close -> close.facts.paid()),
        new TableColumn<>("closeoutType", NUMBER, full(close -> (long) close.closeoutType())),
        new TableColumn<>("directPayment", FLAG, full(SessionClose::directPayment)));
  }

  private static List<TableColumn<Close>> receipt() {
    return List.of(
        new TableColumn<>("receiptFormat", TEXT, receipt(receipt -> receipt.format().label())),
        new TableColumn<>(
            "tpsScaled1000", NUMBER, receipt(receipt -> Cells.number(receipt.tpsScaled1000()))),
        new TableColumn<>("ttftMs", NUMBER, receipt(receipt -> Cells.number(receipt.ttftMs()))),
        new TableColumn<>("inputTokens", NUMBER, tokens(TokenTotals::input)),
        new TableColumn<>("outputTokens", NUMBER, tokens(TokenTotals::output)),
        new TableColumn<>("receiptBytes", NUMBER, receipt(receipt -> (long) receipt.bytes())));
  }

  private static List<TableColumn<Close>> where() {
    return List.of(
        new TableColumn<>("blockNumber", NUMBER, close -> Cells.block(close.row)),
        new TableColumn<>("logIndex", NUMBER, close -> Cells.logIndex(close.row)),
        new TableColumn<>("txHash", TEXT, full(close -> close.txHash().toHex())),
        new TableColumn<>("readAtBlock", NUMBER, full(SessionClose::readAtBlock)));
  }

  private static List<TableColumn<Close>> derived(ModelNames models, MetricRules rules) {
    return List.of(
        new TableColumn<>("modelType", TEXT, close -> models.type(close.facts.modelId())),
        new TableColumn<>("disputed", FLAG, close -> close.facts.disputed()),
        new TableColumn<>("closedEarly", FLAG, close -> close.facts.early()),
        new TableColumn<>("tokenClass", TEXT, close -> label(rules.tokenClass(close.facts))),
        new TableColumn<>(
            "legacyEstTokensScaled1000",
            NUMBER,
            close -> rules.legacyEstimateScaled1000(close.facts)),
        new TableColumn<>("implausible", FLAG, close -> rules.isFlagged(close.facts)),
        new TableColumn<>(
            "gateway",
            FLAG,
            close -> rules.gatewayWallets().isEmpty() ? null : rules.isGateway(close.facts.user())),
        new TableColumn<>("earnedWei", WEI, close -> close.facts.earned()),
        new TableColumn<>("generation", NUMBER, close -> (long) close.row.generation()));
  }

  private static String label(TokenClass tokenClass) {
    return switch (tokenClass) {
      case RECEIPT -> "receipt";
      case LEGACY_ESTIMATE -> "legacy-estimate";
      case MISSING -> "missing";
    };
  }

  /** What rows of the earlier indexer do not have. */
  private static Function<Close, @Nullable Object> full(Function<SessionClose, Object> value) {
    return close -> close.row instanceof SessionClose row ? value.apply(row) : null;
  }

  private static Function<Close, @Nullable Object> receipt(
      Function<CloseoutReceipt, @Nullable Object> value) {
    return close -> close.facts.receipt() == null ? null : value.apply(close.facts.receipt());
  }

  private static Function<Close, @Nullable Object> tokens(Function<TokenTotals, Object> value) {
    return close -> {
      TokenTotals tokens = close.tokens();
      return tokens == null ? null : value.apply(tokens);
    };
  }
}
