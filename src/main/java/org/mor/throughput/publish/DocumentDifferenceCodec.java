package org.mor.throughput.publish;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.archive.FieldDifference;
import org.mor.throughput.rollup.AsOf;

/** Reads stored documents and finds where one is not what it should be. */
public final class DocumentDifferenceCodec {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The head's field stands before any text that comes from the chain. */
  private static final Pattern GENERATED_AT = Pattern.compile("\"generatedAt\":\"([^\"]*)\"");

  /** What names an element of an array better than its place. */
  private static final List<String> NAMES = List.of("bucket", "id", "provider");

  private static final int SHOWN = 80;

  private DocumentDifferenceCodec() {}

  /**
   * What a stored document says of itself.
   *
   * @param headBlock the chain's head as the summary knew it; empty in other documents, and where
   *     nobody had asked
   * @param documents the SHA-256 in hex that the summary gives each other document, by key; empty
   *     in other documents
   */
  public record StoredDocument(
      AsOf asOf, OptionalLong headBlock, SortedMap<String, String> documents) {}

  /** What a document says of itself; empty when it is no document at all. */
  public static Optional<StoredDocument> read(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (!json.path("asOfBlock").isIntegralNumber() || !json.path("asOfTime").isTextual()) {
        return Optional.empty();
      }
      AsOf asOf =
          new AsOf(
              json.get("asOfBlock").longValue(),
              Instant.parse(json.get("asOfTime").textValue()).getEpochSecond(),
              json.path("generation").asInt(0));
      SortedMap<String, String> documents = new TreeMap<>();
      json.path("documents")
          .properties()
          .forEach(e -> documents.put(e.getKey(), e.getValue().asText()));
      OptionalLong head =
          json.path("headBlock").isIntegralNumber()
              ? OptionalLong.of(json.get("headBlock").longValue())
              : OptionalLong.empty();
      return Optional.of(new StoredDocument(asOf, head, documents));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The first field in which a stored document differs from what it should be, {@code generatedAt}
   * apart; empty when they are the same to the byte.
   */
  public static Optional<FieldDifference> first(byte[] stored, byte[] expected) {
    byte[] left = withoutMoment(stored);
    byte[] right = withoutMoment(expected);
    int at = Arrays.mismatch(left, right);
    if (at < 0) {
      return Optional.empty();
    }
    try {
      Optional<FieldDifference> field = first("", JSON.readTree(left), JSON.readTree(right));
      return Optional.of(field.orElseGet(() -> otherBytes(left, right, at)));
    } catch (IOException e) {
      return Optional.of(new FieldDifference("the document", "not JSON", "JSON"));
    }
  }

  /** The same of documents of which some fields at the top are not compared, by value alone. */
  public static Optional<FieldDifference> firstWithout(
      Set<String> fields, byte[] stored, byte[] expected) {
    try {
      return JSON.readTree(withoutMoment(stored)) instanceof ObjectNode left
              && JSON.readTree(withoutMoment(expected)) instanceof ObjectNode right
          ? first("", left.remove(fields), right.remove(fields))
          : first(stored, expected);
    } catch (IOException e) {
      return first(stored, expected);
    }
  }

  private static FieldDifference otherBytes(byte[] left, byte[] right, int at) {
    return new FieldDifference(
        "the document's bytes from %d on, with equal values".formatted(at),
        left.length + " bytes",
        right.length + " bytes");
  }

  /** A moment that is none stays, and so differs. */
  private static byte[] withoutMoment(byte[] document) {
    String text = new String(document, ISO_8859_1);
    Matcher matcher = GENERATED_AT.matcher(text);
    if (!matcher.find() || !isInstant(matcher.group(1))) {
      return document;
    }
    return (text.substring(0, matcher.start(1)) + text.substring(matcher.end(1)))
        .getBytes(ISO_8859_1);
  }

  private static boolean isInstant(String text) {
    try {
      return Instant.parse(text).toString().equals(text);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static Optional<FieldDifference> first(String path, JsonNode left, JsonNode right) {
    if (left.isObject() && right.isObject()) {
      return inObjects(path, left, right);
    }
    if (left.isArray() && right.isArray()) {
      return inArrays(path, left, right);
    }
    return left.equals(right)
        ? Optional.empty()
        : Optional.of(new FieldDifference(path, shown(left), shown(right)));
  }

  private static Optional<FieldDifference> inObjects(String path, JsonNode left, JsonNode right) {
    Set<String> names = new LinkedHashSet<>();
    left.fieldNames().forEachRemaining(names::add);
    right.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      String below = path.isEmpty() ? name : path + "." + name;
      Optional<FieldDifference> found = first(below, left.path(name), right.path(name));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<FieldDifference> inArrays(String path, JsonNode left, JsonNode right) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String below = "%s[%s]".formatted(path, name(left.path(i), right.path(i), i));
      Optional<FieldDifference> found = first(below, left.path(i), right.path(i));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static String name(JsonNode left, JsonNode right, int index) {
    for (String key : NAMES) {
      if (right.path(key).isTextual() || left.path(key).isTextual()) {
        return (right.path(key).isTextual() ? right : left).get(key).textValue();
      }
    }
    return Integer.toString(index);
  }

  private static String shown(JsonNode value) {
    String text = value.isMissingNode() ? FieldDifference.ABSENT : value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
