package org.mor.throughput.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.filter.FilteringGeneratorDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/**
 * A row's columns as one JSON object, in any order and with any spacing, but nothing missing,
 * unknown, repeated or of another type.
 */
final class RowFieldsCodec {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(2).maxNumberLength(80).build())
          // A lone surrogate has no UTF-8 form, but it has an escape.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private static final Map<String, ReceiptFormat> FORMATS =
      Arrays.stream(ReceiptFormat.values())
          .collect(Collectors.toMap(ReceiptFormat::label, Function.identity()));

  private RowFieldsCodec() {}

  /** What writes the members of an object. */
  @FunctionalInterface
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  static byte[] encode(Members members) {
    return encode(members, json -> json);
  }

  /** The same object with only some of its members. */
  static byte[] encodeWithout(Set<Column> leftOut, Members members) {
    TokenFilter filter =
        new TokenFilter() {
          @Override
          public @Nullable TokenFilter includeProperty(String name) {
            return leftOut.stream().anyMatch(column -> column.key().equals(name))
                ? null
                : TokenFilter.INCLUDE_ALL;
          }
        };
    return encode(
        members,
        json -> new FilteringGeneratorDelegate(json, filter, Inclusion.INCLUDE_ALL_AND_PATH, true));
  }

  private static byte[] encode(Members members, UnaryOperator<JsonGenerator> through) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = through.apply(JSON.createGenerator(line))) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing bytes in memory", e);
    }
    return line.toByteArray();
  }

  /** Writes what stands behind the block that a row was read at. */
  static void writeBehindBlock(Reading reading, JsonGenerator json) throws IOException {
    if (reading.generation() > 0) {
      json.writeNumberField(Column.GENERATION.key(), reading.generation());
    }
    if (reading.retracted()) {
      json.writeBooleanField(Column.RETRACTED.key(), true);
    }
  }

  /**
   * Reads a line into {@code fields}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static void decode(byte[] line, int from, int to, Layout layout, RowFields fields) {
    fields.clear();
    try (JsonParser json = JSON.createParser(line, from, to - from)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        Column column =
            Column.of(key)
                .filter(layout::has)
                .orElseThrow(() -> new IllegalArgumentException("it has an unknown key"));
        json.nextToken();
        value(column, json, fields);
      }
      require(json.nextToken() == null, "something follows its JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      // Bytes in memory fail to be read only where they are no text.
      throw new IllegalArgumentException("it is no text: " + e.getMessage(), e);
    }
    layout.requireFit(fields.number(Column.SCHEMA), fields.seen());
  }

  private static void value(Column column, JsonParser json, RowFields fields) throws IOException {
    JsonToken token = json.currentToken();
    switch (column.type()) {
      case NUMBER -> {
        require(
            token == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && json.getLongValue() >= 0,
            column.key() + " is not a whole number from 0 to 2^63 - 1");
        fields.put(column, json.getLongValue());
      }
      case FLAG -> {
        require(token.isBoolean(), column.key() + " is not true or false");
        fields.put(column, token == JsonToken.VALUE_TRUE ? 1 : 0);
      }
      default -> {
        require(token == JsonToken.VALUE_STRING, column.key() + " is not a JSON string");
        fields.put(column, textValue(column, json.getText()));
      }
    }
  }

  /** The value a column's text stands for. */
  static Object textValue(Column column, String text) {
    return switch (column.type()) {
      case HASH -> Hash32.fromHex(text);
      case ADDRESS -> Address.fromHex(text);
      case USER -> UserId.fromHex(text);
      case WEI -> Wei.parse(text);
      case FORMAT -> {
        ReceiptFormat format = FORMATS.get(text);
        if (format == null) {
          throw new IllegalArgumentException("unknown receipt format");
        }
        yield format;
      }
      case TEXT -> text;
      case NUMBER, FLAG -> throw new IllegalArgumentException(column.key() + " is no text");
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
