package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.OpenRow.LegacyOpen;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;

/**
 * Rows of the earlier indexer: no {@code schema}, and any other key may lack or hold anything. The
 * line is kept to the byte; of the values only those that make sense are used.
 */
final class LegacyRowCodec {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxNumberLength(LineReader.MAX_LINE)
                  .build())
          // Python writes NaN and Infinity as they are.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(JSON).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private LegacyRowCodec() {}

  /**
   * The line as text when it names no schema; null when it names one that {@link Layout} knows.
   *
   * @throws IllegalArgumentException when it is not JSON or names another schema
   */
  static @Nullable String legacyLine(byte[] line, int from, int to) {
    String text = new String(line, from, to - from, UTF_8);
    JsonNode schema = parse(text).get(Column.SCHEMA.key());
    if (schema == null) {
      if (!Arrays.equals(text.getBytes(UTF_8), Arrays.copyOfRange(line, from, to))) {
        throw new IllegalArgumentException("it is not UTF-8");
      }
      return text;
    }
    if (schema.isInt() && Layout.knows(schema.intValue())) {
      return null;
    }
    throw new IllegalArgumentException(
        schema.isIntegralNumber()
            ? "its schema is %s, this program knows up to %d: a newer program may have written it"
                .formatted(schema.asText(), Reading.SCHEMA)
            : "its schema is not a whole number");
  }

  static LegacyClose close(String line) {
    LegacyFieldsCodec fields = new LegacyFieldsCodec(parse(line));
    long openedAt = fields.time("openedAt");
    long endsAt = fields.time("endsAt");
    long closedAt = fields.requiredTime("closedAt");
    long duration =
        openedAt > 0 && endsAt > 0 ? Math.max(0, Math.min(closedAt, endsAt) - openedAt) : 0;
    Wei price = fields.wei("pricePerSecondWei");
    return new LegacyClose(
        line,
        fields.position(),
        new CloseFacts(
            fields.requiredSessionId(),
            openedAt,
            closedAt,
            duration,
            fields.whole("closeoutType") == 1,
            endsAt > 0 && closedAt < endsAt,
            fields.user(),
            fields.address("provider"),
            fields.hash("modelId"),
            fields.text("modelName"),
            fields.wei("stakeWei"),
            fields.wei("paidWei"),
            price.times(duration),
            null,
            fields.tokens(),
            fields.position().block()));
  }

  static LegacyOpen open(String line) {
    LegacyFieldsCodec fields = new LegacyFieldsCodec(parse(line));
    return new LegacyOpen(
        line,
        fields.requiredSessionId(),
        fields.requiredTime("openedAt"),
        fields.time("endsAt"),
        fields.user(),
        fields.address("provider"),
        fields.hash("modelId"),
        fields.wei("stakeWei"),
        fields.position());
  }

  static LegacyClose stored(LegacyClose row, UserPrivacy privacy) {
    String line = withStoredUsers(row.line(), privacy);
    return line.equals(row.line()) ? row : close(line);
  }

  static LegacyOpen stored(LegacyOpen row, UserPrivacy privacy) {
    String line = withStoredUsers(row.line(), privacy);
    return line.equals(row.line()) ? row : open(line);
  }

  /**
   * The line with every user replaced that must not be kept as it is (a key may be repeated), and
   * not one other character changed.
   */
  private static String withStoredUsers(String line, UserPrivacy privacy) {
    StringBuilder rewritten = new StringBuilder();
    int copied = 0;
    try (JsonParser json = JSON.createParser(line)) {
      json.nextToken();
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        JsonToken token = json.nextToken();
        if (key.equals(Column.USER.key()) && token == JsonToken.VALUE_STRING) {
          int start = (int) json.currentTokenLocation().getCharOffset();
          UserId user = LegacyFieldsCodec.parsed(json.getText(), UserId::fromHex);
          int end = (int) json.currentLocation().getCharOffset();
          if (user != null && !privacy.stored(user).equals(user)) {
            rewritten.append(line, copied, start);
            rewritten.append('"').append(privacy.stored(user).toHex()).append('"');
            copied = end;
          }
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Reading a line that was read before", e);
    }
    return rewritten.append(line, copied, line.length()).toString();
  }

  private static JsonNode parse(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (node.isObject()) {
        return node;
      }
      throw new IllegalArgumentException("it is not a JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
