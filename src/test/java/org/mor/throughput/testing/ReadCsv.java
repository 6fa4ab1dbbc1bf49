package org.mor.throughput.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** RFC 4180, read letter by letter; whatever the standard does not allow is an error. */
public final class ReadCsv {
  private final String text;
  private int at;

  private ReadCsv(String text) {
    this.text = text;
  }

  /** All lines, the one of names first. */
  public static List<List<String>> lines(String text) {
    ReadCsv reader = new ReadCsv(text);
    List<List<String>> lines = new ArrayList<>();
    while (reader.at < text.length()) {
      lines.add(reader.line());
    }
    return lines;
  }

  /** Each row by the names in the first line. */
  public static List<Map<String, String>> rows(String text) {
    List<List<String>> lines = lines(text);
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> line : lines.subList(1, lines.size())) {
      if (line.size() != lines.get(0).size()) {
        throw new IllegalArgumentException("%d cells: %s".formatted(line.size(), line));
      }
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < line.size(); i++) {
        row.put(lines.get(0).get(i), line.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  private List<String> line() {
    List<String> cells = new ArrayList<>();
    do {
      cells.add(text.charAt(at) == '"' ? quoted() : plain());
    } while (text.charAt(at++) == ',');
    if (text.charAt(at - 1) != '\r' || text.charAt(at++) != '\n') {
      throw new IllegalArgumentException("no line end at " + at);
    }
    return cells;
  }

  private String plain() {
    int from = at;
    while (",\r\n\"".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private String quoted() {
    StringBuilder cell = new StringBuilder();
    for (at++; ; at++) {
      if (text.charAt(at) == '"' && text.charAt(++at) != '"') {
        return cell.toString();
      }
      cell.append(text.charAt(at));
    }
  }
}
