package org.mor.throughput.adapter.rpc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What providers' error messages mean. The rows are data, in {@code provider-errors.tsv}; the first
 * that matches decides.
 */
final class ErrorTable {
  private static final String RESOURCE = "provider-errors.tsv";
  private static final Pattern THOUSANDS = Pattern.compile("(?<=\\d)[,.](?=\\d{3}(?!\\d))");

  private final List<ErrorRow> rows;

  private ErrorTable(List<ErrorRow> rows) {
    this.rows = rows;
  }

  static ErrorTable load() {
    try (InputStream in = ErrorTable.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("The table of provider errors is missing: " + RESOURCE);
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return new ErrorTable(
          reader
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(ErrorRow::parse)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the table of provider errors " + RESOURCE, e);
    }
  }

  List<ErrorRow> rows() {
    return rows;
  }

  /** Reads message, data or body of either case, with or without thousands separators. */
  Optional<Verdict> read(String text) {
    String plain = THOUSANDS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
    return rows.stream().flatMap(row -> row.read(plain).stream()).findFirst();
  }
}
