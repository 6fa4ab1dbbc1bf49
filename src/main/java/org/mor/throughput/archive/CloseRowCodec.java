package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.UserPrivacy;

/** Closes as lines of JSON, in the schemas since 2 and as the earlier indexer wrote them. */
public final class CloseRowCodec implements RowCodec<CloseRow> {
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

  private final PlainLine plain;

  /** Reads rows whole. */
  public CloseRowCodec() {
    this(0);
  }

  private CloseRowCodec(int skipped) {
    plain = new PlainLine(Layout.CLOSES, skipped);
  }

  /** For readers of {@link CloseRow#facts}: bid and transaction may read as zeros. */
  static CloseRowCodec forFacts() {
    return new CloseRowCodec(Column.BID_ID.bit() | Column.TX_HASH.bit());
  }

  @Override
  public RowKind kind() {
    return RowKind.CLOSES;
  }

  @Override
  public byte[] encode(CloseRow row) {
    if (row instanceof SessionClose close) {
      return RowFieldsCodec.encode(json -> write(close, close.schema(), json));
    }
    return ((LegacyClose) row).line().getBytes(UTF_8);
  }

  @Override
  public byte @Nullable [] encodeCommon(CloseRow row) {
    return row instanceof SessionClose close
        ? RowFieldsCodec.encodeWithout(OWN, json -> write(close, DIGEST_SCHEMA, json))
        : null;
  }

  @Override
  public CloseRow decode(byte[] line, int from, int to, RowFields scratch) {
    if (!plain.read(line, from, to, scratch)) {
      String text = LegacyRowCodec.legacyLine(line, from, to);
      if (text != null) {
        return LegacyRowCodec.close(text);
      }
      RowFieldsCodec.decode(line, from, to, Layout.CLOSES, scratch);
    }
    return row(scratch);
  }

  @Override
  public CloseRow stored(CloseRow row, UserPrivacy privacy) {
    if (row instanceof SessionClose close) {
      var user = privacy.stored(close.user());
      return user.equals(close.user()) ? close : close.withUser(user);
    }
    return LegacyRowCodec.stored((LegacyClose) row, privacy);
  }

  private static void write(SessionClose row, int schema, JsonGenerator json) throws IOException {
    json.writeNumberField(Column.SCHEMA.key(), schema);
    json.writeStringField(Column.SESSION_ID.key(), row.sessionId().toHex());
    json.writeStringField(Column.USER.key(), row.user().toHex());
    json.writeStringField(Column.PROVIDER.key(), row.provider().toHex());
    json.writeStringField(Column.BID_ID.key(), row.bidId().toHex());
    json.writeStringField(Column.MODEL_ID.key(), row.modelId().toHex());
    json.writeStringField(Column.MODEL_NAME.key(), row.modelName());
    json.writeNumberField(Column.OPENED_AT.key(), row.openedAt());
    json.writeNumberField(Column.ENDS_AT.key(), row.endsAt());
    json.writeNumberField(Column.CLOSED_AT.key(), row.closedAt());
    json.writeNumberField(Column.DURATION_SECONDS.key(), row.durationSeconds());
    json.writeStringField(Column.STAKE_WEI.key(), row.stake().toString());
    json.writeStringField(Column.PRICE_PER_SECOND_WEI.key(), row.pricePerSecond().toString());
    json.writeStringField(Column.PAID_WEI.key(), row.paid().toString());
    json.writeNumberField(Column.CLOSEOUT_TYPE.key(), row.closeoutType());
    json.writeBooleanField(Column.DIRECT_PAYMENT.key(), row.directPayment());
    write(row.receipt(), json);
    json.writeNumberField(Column.BLOCK_NUMBER.key(), row.position().block());
    json.writeNumberField(Column.LOG_INDEX.key(), row.position().logIndex());
    json.writeStringField(Column.TX_HASH.key(), row.txHash().toHex());
    json.writeNumberField(Column.READ_AT_BLOCK.key(), row.readAtBlock());
    RowFieldsCodec.writeBehindBlock(row.reading(), json);
  }

  private static void write(CloseoutReceipt receipt, JsonGenerator json) throws IOException {
    json.writeStringField(Column.RECEIPT_FORMAT.key(), receipt.format().label());
    write(Column.TPS_SCALED_1000, receipt.tpsScaled1000(), json);
    write(Column.TTFT_MS, receipt.ttftMs(), json);
    write(Column.INPUT_TOKENS, receipt.inputTokens(), json);
    write(Column.OUTPUT_TOKENS, receipt.outputTokens(), json);
    json.writeNumberField(Column.RECEIPT_BYTES.key(), receipt.bytes());
  }

  private static void write(Column column, OptionalLong value, JsonGenerator json)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(column.key(), value.getAsLong());
    }
  }

  private static SessionClose row(RowFields fields) {
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
