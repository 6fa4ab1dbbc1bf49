package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.OpenRow.LegacyOpen;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserPrivacy;

/** Opens as lines of JSON, in the schemas since 2 and as the earlier indexer wrote them. */
public final class OpenRowCodec implements RowCodec<OpenRow> {
  private static final Set<Column> OWN =
      EnumSet.of(Column.USER, Column.READ_AT_BLOCK, Column.GENERATION, Column.RETRACTED);

  /** A row is hashed as schema 2 writes it, so that operators agree across schemas. */
  private static final int DIGEST_SCHEMA = 2;

  private final PlainLine plain;

  /** Reads rows whole. */
  public OpenRowCodec() {
    this(0);
  }

  private OpenRowCodec(int skipped) {
    plain = new PlainLine(Layout.OPENS, skipped);
  }

  /** For readers of {@link OpenRow#facts}: bid and transaction may read as zeros. */
  static OpenRowCodec forFacts() {
    return new OpenRowCodec(Column.BID_ID.bit() | Column.TX_HASH.bit());
  }

  @Override
  public RowKind kind() {
    return RowKind.OPENS;
  }

  @Override
  public byte[] encode(OpenRow row) {
    if (row instanceof SessionOpen open) {
      return RowFieldsCodec.encode(json -> write(open, open.schema(), json));
    }
    return ((LegacyOpen) row).line().getBytes(UTF_8);
  }

  @Override
  public byte @Nullable [] encodeCommon(OpenRow row) {
    return row instanceof SessionOpen open
        ? RowFieldsCodec.encodeWithout(OWN, json -> write(open, DIGEST_SCHEMA, json))
        : null;
  }

  @Override
  public OpenRow decode(byte[] line, int from, int to, RowFields scratch) {
    if (!plain.read(line, from, to, scratch)) {
      String text = LegacyRowCodec.legacyLine(line, from, to);
      if (text != null) {
        return LegacyRowCodec.open(text);
      }
      RowFieldsCodec.decode(line, from, to, Layout.OPENS, scratch);
    }
    return row(scratch);
  }

  @Override
  public OpenRow stored(OpenRow row, UserPrivacy privacy) {
    if (row instanceof SessionOpen open) {
      var user = privacy.stored(open.user());
      return user.equals(open.user()) ? open : open.withUser(user);
    }
    return LegacyRowCodec.stored((LegacyOpen) row, privacy);
  }

  private static void write(SessionOpen row, int schema, JsonGenerator json) throws IOException {
    json.writeNumberField(Column.SCHEMA.key(), schema);
    json.writeStringField(Column.SESSION_ID.key(), row.sessionId().toHex());
    json.writeStringField(Column.USER.key(), row.user().toHex());
    json.writeStringField(Column.PROVIDER.key(), row.provider().toHex());
    json.writeStringField(Column.BID_ID.key(), row.bidId().toHex());
    json.writeStringField(Column.MODEL_ID.key(), row.modelId().toHex());
    json.writeNumberField(Column.OPENED_AT.key(), row.openedAt());
    json.writeNumberField(Column.ENDS_AT.key(), row.endsAt());
    json.writeStringField(Column.STAKE_WEI.key(), row.stake().toString());
    json.writeBooleanField(Column.DIRECT_PAYMENT.key(), row.directPayment());
    json.writeNumberField(Column.BLOCK_NUMBER.key(), row.position().block());
    json.writeNumberField(Column.LOG_INDEX.key(), row.position().logIndex());
    json.writeStringField(Column.TX_HASH.key(), row.txHash().toHex());
    if (row.schema() == Reading.SCHEMA) {
      json.writeNumberField(Column.READ_AT_BLOCK.key(), row.readAtBlock());
      RowFieldsCodec.writeBehindBlock(row.reading(), json);
    }
  }

  private static SessionOpen row(RowFields fields) {
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
