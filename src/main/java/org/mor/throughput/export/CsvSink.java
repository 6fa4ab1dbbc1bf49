package org.mor.throughput.export;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.export.TableFormat.RowSink;

/**
 * RFC 4180 with a line of names. A text that a spreadsheet would run as a formula gets an
 * apostrophe in front; numbers stay numbers; what is unknown is an empty cell.
 */
final class CsvSink implements RowSink {
  private static final String LINE_END = "\r\n";

  /** Also the full-width signs, and what a spreadsheet skips before it looks. */
  private static final Pattern FORMULA =
      Pattern.compile(
          "[\\s\\x00-\\x1f\\u200b-\\u200f\\ufeff]*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20].*|[\\t\\r\\n].*",
          Pattern.DOTALL);

  private static final Pattern TO_QUOTE = Pattern.compile("[\",\r\n;\t']");

  private final Writer out;

  CsvSink(List<String> names, Writer out) throws IOException {
    this.out = out;
    out.write(String.join(",", names) + LINE_END);
  }

  @Override
  public void row(List<@Nullable Object> values) throws IOException {
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      Object value = values.get(i);
      if (value != null) {
        out.write(value instanceof String text ? cell(text) : value.toString());
      }
    }
    out.write(LINE_END);
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }

  static String cell(String text) {
    String harmless = FORMULA.matcher(text).matches() ? "'" + text : text;
    return TO_QUOTE.matcher(harmless).find()
        ? '"' + harmless.replace("\"", "\"\"") + '"'
        : harmless;
  }
}
