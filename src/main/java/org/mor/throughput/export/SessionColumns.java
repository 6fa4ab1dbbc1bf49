package org.mor.throughput.export;

import static org.mor.throughput.export.TableColumn.Kind.FLAG;
import static org.mor.throughput.export.TableColumn.Kind.NUMBER;
import static org.mor.throughput.export.TableColumn.Kind.TEXT;
import static org.mor.throughput.export.TableColumn.Kind.TIME;
import static org.mor.throughput.export.TableColumn.Kind.WEI;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.ModelCatalog;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.MetricRules.TokenClass;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SafeText;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/** The columns of both tables, and the values of rows as cells; what is unknown is null. */
final class SessionColumns {
  private SessionColumns() {}

  /** Names and types of models by id, as they are known now, safe to show. */
  record ModelNames(ModelCatalog catalog) {
    /** The newest known name, or {@code otherwise}; null when there is neither. */
    @Nullable String name(@Nullable Hash32 id, @Nullable String otherwise) {
      ModelInfo known = find(id);
      String name = known == null ? otherwise : known.name();
      return name == null ? null : SafeText.clean(name);
    }

    /** What all of the model's tags say that it does; null for a model that is not known. */
    @Nullable String type(@Nullable Hash32 id) {
      ModelInfo known = find(id);
      return known == null ? null : known.type().name();
    }

    private @Nullable ModelInfo find(@Nullable Hash32 id) {
      return id == null ? null : catalog.find(id).orElse(null);
    }
  }

  /**
   * Opens: the keys of the row in their order, then what is known of the model, then what later
   * versions added.
   */
  static List<TableColumn<OpenRow>> opens(ModelNames models) {
    return List.of(
        new TableColumn<>("schema", NUMBER, row -> (long) row.schema()),
        new TableColumn<>("sessionId", TEXT, row -> hex(row.sessionId())),
        new TableColumn<>("user", TEXT, row -> hex(row.user())),
        new TableColumn<>("provider", TEXT, row -> hex(row.provider())),
        new TableColumn<>("bidId", TEXT, fullOpen(open -> open.bidId().toHex())),
        new TableColumn<>("modelId", TEXT, row -> hex(row.modelId())),
        new TableColumn<>("openedAt", TIME, OpenRow::openedAt),
        new TableColumn<>("endsAt", TIME, row -> time(row.endsAt())),
        new TableColumn<>("stakeWei", WEI, OpenRow::stake),
        new TableColumn<>("directPayment", FLAG, fullOpen(SessionOpen::directPayment)),
        new TableColumn<>("blockNumber", NUMBER, SessionColumns::block),
        new TableColumn<>("logIndex", NUMBER, SessionColumns::logIndex),
        new TableColumn<>("txHash", TEXT, fullOpen(open -> open.txHash().toHex())),
        new TableColumn<>("modelName", TEXT, row -> models.name(row.modelId(), null)),
        new TableColumn<>("modelType", TEXT, row -> models.type(row.modelId())),
        new TableColumn<>("readAtBlock", NUMBER, SessionColumns::readAtBlock),
        new TableColumn<>("generation", NUMBER, row -> (long) row.generation()));
  }

  /** What rows of the earlier indexer do not have. */
  private static Function<OpenRow, @Nullable Object> fullOpen(Function<SessionOpen, Object> value) {
    return row -> row instanceof SessionOpen open ? value.apply(open) : null;
  }

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

  /**
   * Closes: the keys of the row in their order, then what the metrics make of it, so that published
   * figures are plain sums over it.
   */
  static List<TableColumn<Close>> closes(ModelNames models, MetricRules rules) {
    return Stream.of(who(models), when(), receipt(), where(), derived(models, rules))
        .flatMap(List::stream)
        .toList();
  }

  private static List<TableColumn<Close>> who(ModelNames models) {
    return List.of(
        new TableColumn<>("schema", NUMBER, close -> (long) close.row.schema()),
        new TableColumn<>("sessionId", TEXT, close -> hex(close.row.sessionId())),
        new TableColumn<>("user", TEXT, close -> hex(close.facts.user())),
        new TableColumn<>("provider", TEXT, close -> hex(close.facts.provider())),
        new TableColumn<>("bidId", TEXT, full(close -> close.bidId().toHex())),
        new TableColumn<>("modelId", TEXT, close -> hex(close.facts.modelId())),
        new TableColumn<>(
            "modelName",
            TEXT,
            close -> models.name(close.facts.modelId(), close.facts.modelName())));
  }

  private static List<TableColumn<Close>> when() {
    return List.of(
        new TableColumn<>("openedAt", TIME, close -> time(close.facts.openedAt())),
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
            "tpsScaled1000", NUMBER, receipt(receipt -> number(receipt.tpsScaled1000()))),
        new TableColumn<>("ttftMs", NUMBER, receipt(receipt -> number(receipt.ttftMs()))),
        new TableColumn<>("inputTokens", NUMBER, tokens(TokenTotals::input)),
        new TableColumn<>("outputTokens", NUMBER, tokens(TokenTotals::output)),
        new TableColumn<>("receiptBytes", NUMBER, receipt(receipt -> (long) receipt.bytes())));
  }

  private static List<TableColumn<Close>> where() {
    return List.of(
        new TableColumn<>("blockNumber", NUMBER, close -> block(close.row)),
        new TableColumn<>("logIndex", NUMBER, close -> logIndex(close.row)),
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

  private static @Nullable Object hex(@Nullable Hash32 hash) {
    return hash == null ? null : hash.toHex();
  }

  private static @Nullable Object hex(@Nullable Address address) {
    return address == null ? null : address.toHex();
  }

  private static @Nullable Object hex(@Nullable UserId user) {
    return user == null ? null : user.toHex();
  }

  private static @Nullable Object number(OptionalLong value) {
    return value.isPresent() ? (Object) value.getAsLong() : null;
  }

  /** Unix seconds; 0 stands for unknown in old rows, and no session is that old. */
  private static @Nullable Object time(long unixSeconds) {
    return unixSeconds > 0 ? (Object) unixSeconds : null;
  }

  private static @Nullable Object block(SessionRow row) {
    return row.position().block() > 0 ? (Object) row.position().block() : null;
  }

  /** Opens say since schema 3 when they were read. */
  private static @Nullable Object readAtBlock(OpenRow row) {
    return row.schema() < Reading.SCHEMA ? null : (Object) row.readAtBlock();
  }

  private static @Nullable Object logIndex(SessionRow row) {
    return row.position().block() > 0 ? (Object) row.position().logIndex() : null;
  }
}
