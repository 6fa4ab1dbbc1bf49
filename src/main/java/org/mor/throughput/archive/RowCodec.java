package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Layout.Column;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.OpenRow.LegacyOpen;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserPrivacy;

/**
 * One kind of rows as lines of JSON, in the schemas since 2 and as the earlier indexer wrote them.
 */
abstract class RowCodec<R extends SessionRow> {
  /** Bid and transaction: readers of facts do not ask for them, and they may read as zeros. */
  private static final int NOT_IN_FACTS = Column.BID_ID.bit() | Column.TX_HASH.bit();

  static final RowCodec<OpenRow> OPENS = new Opens(0);
  static final RowCodec<CloseRow> CLOSES = new Closes(0);

  /** For readers of {@link OpenRow#facts}. */
  static final RowCodec<OpenRow> OPEN_FACTS = new Opens(NOT_IN_FACTS);

  /** For readers of {@link CloseRow#facts}. */
  static final RowCodec<CloseRow> CLOSE_FACTS = new Closes(NOT_IN_FACTS);

  /** What two indexers may rightly write differently: the user, and what depends on the reading. */
  private static final Set<Column> OWN =
      EnumSet.of(
          Column.USER,
          Column.MODEL_NAME,
          Column.PAID_WEI,
          Column.READ_AT_BLOCK,
          Column.GENERATION,
          Column.RETRACTED);

  /** A row is hashed as schema 2 writes it, so that operators agree across schemas. */
  private static final int DIGEST_SCHEMA = 2;

  private final RowKind kind;
  private final Layout layout;
  private final PlainLine plain;

  private RowCodec(RowKind kind, Layout layout, int skipped) {
    this.kind = kind;
    this.layout = layout;
    this.plain = new PlainLine(layout, skipped);
  }

  RowKind kind() {
    return kind;
  }

  /** The codec of a kind, for those who do not care which it is. */
  static RowCodec<? extends SessionRow> of(RowKind kind) {
    return kind == RowKind.OPENS ? OPENS : CLOSES;
  }

  /** The line of a row of either kind. */
  static byte[] encodeAny(SessionRow row) {
    return row instanceof OpenRow open ? OPENS.encode(open) : CLOSES.encode((CloseRow) row);
  }

  /** The line of a row, without its line end; a row of the earlier indexer is its own line. */
  byte[] encode(R row) {
    String line = legacyLine(row);
    return line == null ? fields(row, row.schema()).write(layout, Set.of()) : line.getBytes(UTF_8);
  }

  /**
   * The line without what two indexers may rightly write differently: the schema, the user (plain
   * or hashed), and what depends on when it was read. Null for a row of the earlier indexer.
   */
  byte @Nullable [] encodeCommon(R row) {
    return legacyLine(row) == null ? fields(row, DIGEST_SCHEMA).write(layout, OWN) : null;
  }

  /**
   * Reads what stands from {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param scratch used on the way; belongs to one thread
   * @throws IllegalArgumentException saying what is wrong with it
   */
  R decode(byte[] line, int from, int to, RowFields scratch) {
    if (!plain.read(line, from, to, scratch)) {
      String text = LegacyLine.find(line, from, to);
      if (text != null) {
        return legacy(text);
      }
      scratch.read(line, from, to, layout);
    }
    return row(scratch);
  }

  /** The row as it may be kept. */
  R stored(R row, UserPrivacy privacy) {
    String line = legacyLine(row);
    if (line != null) {
      String kept = LegacyLine.withStoredUsers(line, privacy);
      return kept.equals(line) ? row : legacy(kept);
    }
    return withStoredUser(row, privacy);
  }

  /** The line of a row of the earlier indexer; null for any other row. */
  abstract @Nullable String legacyLine(R row);

  abstract R legacy(String line);

  abstract R withStoredUser(R row, UserPrivacy privacy);

  abstract R row(RowFields fields);

  /** Puts what only this kind of rows has. */
  abstract void put(R row, RowFields fields);

  private RowFields fields(R row, int schema) {
    RowFields fields = new RowFields();
    Reading reading = row.reading();
    fields.put(Column.SCHEMA, schema);
    fields.put(Column.SESSION_ID, row.sessionId());
    fields.put(Column.BLOCK_NUMBER, row.position().block());
    fields.put(Column.LOG_INDEX, row.position().logIndex());
    if (kind == RowKind.CLOSES || schema == Reading.SCHEMA) {
      fields.put(Column.READ_AT_BLOCK, reading.block());
    }
    if (reading.generation() > 0) {
      fields.put(Column.GENERATION, reading.generation());
    }
    if (reading.retracted()) {
      fields.put(Column.RETRACTED, 1);
    }
    put(row, fields);
    return fields;
  }

  private static final class Opens extends RowCodec<OpenRow> {
    Opens(int skipped) {
      super(RowKind.OPENS, Layout.OPENS, skipped);
    }

    @Override
    @Nullable String legacyLine(OpenRow row) {
      return row instanceof LegacyOpen open ? open.line() : null;
    }

    @Override
    OpenRow legacy(String line) {
      return LegacyLine.open(line);
    }

    @Override
    OpenRow withStoredUser(OpenRow row, UserPrivacy privacy) {
      SessionOpen open = (SessionOpen) row;
      return open.withUser(privacy.stored(open.user()));
    }

    @Override
    void put(OpenRow any, RowFields fields) {
      SessionOpen row = (SessionOpen) any;
      fields.put(Column.USER, row.user().toHex());
      fields.put(Column.PROVIDER, row.provider());
      fields.put(Column.BID_ID, row.bidId());
      fields.put(Column.MODEL_ID, row.modelId());
      fields.put(Column.OPENED_AT, row.openedAt());
      fields.put(Column.ENDS_AT, row.endsAt());
      fields.put(Column.STAKE_WEI, row.stake());
      fields.put(Column.DIRECT_PAYMENT, row.directPayment() ? 1 : 0);
      fields.put(Column.TX_HASH, row.txHash());
    }

    @Override
    OpenRow row(RowFields fields) {
      return new SessionOpen(
          fields.hash(Column.SESSION_ID),
          fields.user(),
          fields.address(Column.PROVIDER),
          fields.hash(Column.BID_ID),
          fields.hash(Column.MODEL_ID),
          fields.number(Column.OPENED_AT),
          fields.number(Column.ENDS_AT),
          fields.wei(Column.STAKE_WEI),
          fields.flag(Column.DIRECT_PAYMENT),
          fields.position(),
          fields.hash(Column.TX_HASH),
          fields.reading());
    }
  }

  private static final class Closes extends RowCodec<CloseRow> {
    Closes(int skipped) {
      super(RowKind.CLOSES, Layout.CLOSES, skipped);
    }

    @Override
    @Nullable String legacyLine(CloseRow row) {
      return row instanceof LegacyClose close ? close.line() : null;
    }

    @Override
    CloseRow legacy(String line) {
      return LegacyLine.close(line);
    }

    @Override
    CloseRow withStoredUser(CloseRow row, UserPrivacy privacy) {
      SessionClose close = (SessionClose) row;
      return close.withUser(privacy.stored(close.user()));
    }

    @Override
    void put(CloseRow any, RowFields fields) {
      SessionClose row = (SessionClose) any;
      fields.put(Column.USER, row.user().toHex());
      fields.put(Column.PROVIDER, row.provider());
      fields.put(Column.BID_ID, row.bidId());
      fields.put(Column.MODEL_ID, row.modelId());
      fields.put(Column.MODEL_NAME, row.modelName());
      fields.put(Column.OPENED_AT, row.openedAt());
      fields.put(Column.ENDS_AT, row.endsAt());
      fields.put(Column.CLOSED_AT, row.closedAt());
      fields.put(Column.DURATION_SECONDS, row.durationSeconds());
      fields.put(Column.STAKE_WEI, row.stake());
      fields.put(Column.PRICE_PER_SECOND_WEI, row.pricePerSecond());
      fields.put(Column.PAID_WEI, row.paid());
      fields.put(Column.CLOSEOUT_TYPE, row.closeoutType());
      fields.put(Column.DIRECT_PAYMENT, row.directPayment() ? 1 : 0);
      fields.put(Column.TX_HASH, row.txHash());
      CloseoutReceipt receipt = row.receipt();
      fields.put(Column.RECEIPT_FORMAT, receipt.format().label());
      put(Column.TPS_SCALED_1000, receipt.tpsScaled1000(), fields);
      put(Column.TTFT_MS, receipt.ttftMs(), fields);
      put(Column.INPUT_TOKENS, receipt.inputTokens(), fields);
      put(Column.OUTPUT_TOKENS, receipt.outputTokens(), fields);
      fields.put(Column.RECEIPT_BYTES, receipt.bytes());
    }

    private static void put(Column column, OptionalLong value, RowFields fields) {
      value.ifPresent(number -> fields.put(column, number));
    }

    @Override
    CloseRow row(RowFields fields) {
      SessionClose row =
          new SessionClose(
              fields.hash(Column.SESSION_ID),
              fields.user(),
              fields.address(Column.PROVIDER),
              fields.hash(Column.BID_ID),
              fields.hash(Column.MODEL_ID),
              fields.text(Column.MODEL_NAME),
              fields.number(Column.OPENED_AT),
              fields.number(Column.ENDS_AT),
              fields.number(Column.CLOSED_AT),
              fields.wei(Column.STAKE_WEI),
              fields.wei(Column.PRICE_PER_SECOND_WEI),
              fields.wei(Column.PAID_WEI),
              Math.toIntExact(fields.number(Column.CLOSEOUT_TYPE)),
              fields.flag(Column.DIRECT_PAYMENT),
              receipt(fields),
              fields.position(),
              fields.hash(Column.TX_HASH),
              fields.reading());
      if (row.durationSeconds() != fields.number(Column.DURATION_SECONDS)) {
        throw new IllegalArgumentException(
            "durationSeconds is %d, but its times give %d"
                .formatted(fields.number(Column.DURATION_SECONDS), row.durationSeconds()));
      }
      return row;
    }

    private static CloseoutReceipt receipt(RowFields fields) {
      return new CloseoutReceipt(
          fields.format(),
          fields.optionalNumber(Column.TPS_SCALED_1000),
          fields.optionalNumber(Column.TTFT_MS),
          fields.optionalNumber(Column.INPUT_TOKENS),
          fields.optionalNumber(Column.OUTPUT_TOKENS),
          Math.toIntExact(fields.number(Column.RECEIPT_BYTES)));
    }
  }
}
