package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.UserId;

/** What makes sense among the values of an old row; the rest is as if it were not there. */
record LegacyFieldsCodec(JsonNode row) {
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
