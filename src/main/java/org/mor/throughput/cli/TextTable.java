package org.mor.throughput.cli;

import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.logging.TerminalText;

/**
 * A plain table with aligned columns, two spaces apart. Every cell is made safe for a terminal, so
 * text from the chain can go in as it is.
 */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> header;

  /** A header that ends in {@code >} makes its column right-aligned, as numbers are. */
  TextTable(String... header) {
    this.header = List.of(header);
    add(
        this.header.stream()
            .map(h -> h.endsWith(">") ? h.substring(0, h.length() - 1) : h)
            .toArray());
  }

  /** Adds a row; each cell is shown by its {@code toString}. */
  TextTable add(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(
          "A row of %d cells in a table of %d columns".formatted(cells.length, header.size()));
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(TerminalText.clean(cell.toString()));
    }
    rows.add(row);
    return this;
  }

  /** The header and the rows, one line each, without trailing spaces. */
  List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      String space = " ".repeat(width(i) - length(cell));
      line.append(i == 0 ? "" : "  ");
      line.append(header.get(i).endsWith(">") ? space + cell : cell + space);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
  }

  /** The start of {@code text} that fits so many columns, with an ellipsis where it is cut. */
  static String shortened(String text, int columns) {
    if (length(text) <= columns) {
      return text;
    }
    StringBuilder start = new StringBuilder();
    int used = 0;
    for (int c : text.codePoints().toArray()) {
      used += TerminalText.columns(c);
      if (used >= columns) {
        break;
      }
      start.appendCodePoint(c);
    }
    return start + "…";
  }

  private static int length(String cell) {
    return cell.codePoints().map(TerminalText::columns).sum();
  }
}
