package org.mor.throughput.report;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table; the first column is text, the others are numbers. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table(String... heads) {
    row(heads);
    StringBuilder rule = new StringBuilder("|---|");
    for (int i = 1; i < heads.length; i++) {
      rule.append("---:|");
    }
    lines.add(rule.toString());
  }

  /** Cells that are Markdown already. */
  Table row(String... cells) {
    lines.add("| " + String.join(" | ", cells) + " |");
    return this;
  }

  @Override
  public String toString() {
    return String.join("\n", lines) + "\n";
  }
}
