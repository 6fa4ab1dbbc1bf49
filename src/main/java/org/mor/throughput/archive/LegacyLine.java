package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Layout.Column;
import org.mor.throughput.base.Json;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.OpenRow.LegacyOpen;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;

/**
 * Rows of the earlier indexer: no {@code schema}, and any other key may lack or hold anything. The
 * line is kept to the byte; of the values only those that make sense are used.
 */
final class LegacyLine {
  private static final JsonMapper MAPPER =
      Json.bounded(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxNumberLength(LineReader.MAX_LINE)
                  .build())
          // Python writes NaN and Infinity as they are.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private LegacyLine() {}

  /**
   * The line as text when it names no schema; null when it names one that {@link Layout} knows.
   *
   * @throws IllegalArgumentException when it is not JSON or names another schema
   */
  static @Nullable String find(byte[] line, int from, int to) {
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
    Fields fields = new Fields(parse(line));
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
    Fields fields = new Fields(parse(line));
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

  /**
   * The line with every user replaced that must not be kept as it is (a key may be repeated), and
   * not one other character changed.
   */
  static String withStoredUsers(String line, UserPrivacy privacy) {
    StringBuilder rewritten = new StringBuilder();
    int copied = 0;
    try (JsonParser json = MAPPER.createParser(line)) {
      json.nextToken();
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        JsonToken token = json.nextToken();
        if (key.equals(Column.USER.key()) && token == JsonToken.VALUE_STRING) {
          int start = (int) json.currentTokenLocation().getCharOffset();
          UserId user = Fields.parsed(json.getText(), UserId::fromHex);
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

  /** What makes sense among the values of an old row; the rest is as if it were not there. */
  private record Fields(JsonNode row) {
    /** The end of the year 9999 in Unix seconds: a later time is none. */
    private static final long MAX_TIME = 253_402_300_799L;

    private static final long MAX_UINT32 = (1L << 32) - 1;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    Hash32 requiredSessionId() {
      Hash32 id = hash("sessionId");
      if (id == null) {
        throw new IllegalArgumentException("it names no schema and has no valid sessionId");
      }
      return id;
    }

    long requiredTime(String key) {
      long time = time(key);
      if (time == 0) {
        throw new IllegalArgumentException("it names no schema and has no valid " + key);
      }
      return time;
    }

    /** Unix seconds; 0 when there is none. */
    long time(String key) {
      long time = whole(key);
      return time <= MAX_TIME ? Math.max(0, time) : 0;
    }

    LogPosition position() {
      long block = whole("blockNumber");
      return block <= 0
          ? new LogPosition(0, 0)
          : new LogPosition(block, Math.max(0, whole("logIndex")));
    }

    /** A whole number, also one written as 12.0 or as text; -1 when there is none. */
    long whole(String key) {
      JsonNode value = row.path(key);
      if (value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong()) {
        return value.longValue();
      }
      String text = text(key);
      return text != null && NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
    }

    /** Both totals, or neither: half of them would pass for the whole. */
    @Nullable TokenTotals tokens() {
      JsonNode input = row.path("inputTokens");
      JsonNode output = row.path("outputTokens");
      return isUint32(input) && isUint32(output)
          ? new TokenTotals(input.longValue(), output.longValue())
          : null;
    }

    /** Only exact text counts: a number may have been rounded. */
    Wei wei(String key) {
      Wei amount = parsed(text(key), Wei::parse);
      return amount == null ? Wei.ZERO : amount;
    }

    @Nullable Hash32 hash(String key) {
      return parsed(text(key), Hash32::fromHex);
    }

    @Nullable Address address(String key) {
      return parsed(text(key), Address::fromHex);
    }

    @Nullable UserId user() {
      return parsed(text("user"), UserId::fromHex);
    }

    @Nullable String text(String key) {
      return row.path(key).textValue();
    }

    static <T> @Nullable T parsed(@Nullable String text, Function<String, T> parse) {
      try {
        return text == null ? null : parse.apply(text);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    private static boolean isUint32(JsonNode value) {
      return value.isIntegralNumber()
          && value.canConvertToLong()
          && value.longValue() >= 0
          && value.longValue() <= MAX_UINT32;
    }
  }
}
