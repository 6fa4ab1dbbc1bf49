package org.mor.throughput.adapter.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.chain.BlockRange;

/**
 * What providers' error messages mean. The rows are data, in {@code provider-errors.tsv}; the first
 * that matches decides.
 */
final class ErrorTable {
  private static final String RESOURCE = "provider-errors.tsv";
  private static final Pattern THOUSANDS = Pattern.compile("(?<=\\d)[,.](?=\\d{3}(?!\\d))");

  private static final Pattern HEX_RANGE =
      Pattern.compile("\\[\\s*0x([0-9a-f]{1,15})\\s*,\\s*0x([0-9a-f]{1,15})\\s*]");
  private static final Pattern RETRY_RANGE =
      Pattern.compile("range (\\d{1,18})\\s*-\\s*(\\d{1,18})");

  /**
   * How an error reads.
   *
   * @param number CAP: most blocks in one query, both ends counted; BATCH: most calls in one batch;
   *     LAG: the node's head
   * @param suggestion DENSITY: the range the node says it would answer
   */
  record Meaning(Reaction reaction, OptionalLong number, Optional<BlockRange> suggestion) {
    static Meaning of(Reaction reaction) {
      return new Meaning(reaction, OptionalLong.empty(), Optional.empty());
    }
  }

  /**
   * One kind of message: a pattern over lower-case text, the reaction, and how its number reads.
   *
   * @param counting how the pattern's first group, or else {@code fixed}, counts
   */
  record Row(
      Reaction reaction,
      Counting counting,
      OptionalLong fixed,
      String provider,
      Pattern pattern,
      String example) {
    /** What a number in a message counts. */
    enum Counting {
      /** No number is read. */
      NONE,
      /** So many, both ends counted. */
      INCLUSIVE,
      /** The largest difference between the last block and the first: one block more. */
      DIFFERENCE
    }

    /** Reads the tab-separated fields: reaction, counting, provider, pattern, example. */
    static Row parse(String line) {
      String[] fields = line.split("\t", -1);
      if (fields.length != 5) {
        throw new IllegalArgumentException("Expected 5 tab-separated fields: " + line);
      }
      String[] counting = fields[1].split("=", 2);
      return new Row(
          Reaction.valueOf(fields[0].toUpperCase(Locale.ROOT)),
          counting[0].equals("-")
              ? Counting.NONE
              : Counting.valueOf(counting[0].toUpperCase(Locale.ROOT)),
          counting.length == 1
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(counting[1])),
          fields[2],
          Pattern.compile(fields[3]),
          fields[4]);
    }

    Optional<Meaning> read(String plainText) {
      Matcher found = pattern.matcher(plainText);
      if (!found.find()) {
        return Optional.empty();
      }
      Optional<BlockRange> suggestion =
          reaction == Reaction.DENSITY ? suggestion(plainText) : Optional.empty();
      return Optional.of(new Meaning(reaction, number(found), suggestion));
    }

    private OptionalLong number(Matcher found) {
      if (counting == Counting.NONE) {
        return OptionalLong.empty();
      }
      OptionalLong said = found.groupCount() > 0 ? said(found.group(1)) : fixed;
      if (said.isEmpty() || said.getAsLong() < 1) {
        return OptionalLong.empty();
      }
      return counting == Counting.DIFFERENCE ? OptionalLong.of(said.getAsLong() + 1) : said;
    }

    private static OptionalLong said(String group) {
      boolean thousands = group.endsWith("k");
      String digits = thousands ? group.substring(0, group.length() - 1) : group;
      if (digits.length() > 15) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(Long.parseLong(digits) * (thousands ? 1_000 : 1));
    }

    private static Optional<BlockRange> suggestion(String text) {
      Matcher hex = HEX_RANGE.matcher(text);
      if (hex.find()) {
        return range(Long.parseLong(hex.group(1), 16), Long.parseLong(hex.group(2), 16));
      }
      Matcher decimal = RETRY_RANGE.matcher(text);
      return decimal.find()
          ? range(Long.parseLong(decimal.group(1)), Long.parseLong(decimal.group(2)))
          : Optional.empty();
    }

    /** Reversed suggestions exist; they are no suggestion. */
    private static Optional<BlockRange> range(long first, long last) {
      return first <= last ? Optional.of(new BlockRange(first, last)) : Optional.empty();
    }
  }

  private final List<Row> rows;

  private ErrorTable(List<Row> rows) {
    this.rows = rows;
  }

  static ErrorTable load() {
    try (InputStream in = ErrorTable.class.getResourceAsStream(RESOURCE)) {
      String text = new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), UTF_8);
      return new ErrorTable(
          text.lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(Row::parse)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the table of provider errors " + RESOURCE, e);
    }
  }

  List<Row> rows() {
    return rows;
  }

  /** Reads message, data or body of either case, with or without thousands separators. */
  Optional<Meaning> read(String text) {
    String plain = THOUSANDS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    return rows.stream().flatMap(row -> row.read(plain).stream()).findFirst();
  }
}
