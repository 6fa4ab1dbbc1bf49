package org.mor.throughput.serve;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.rollup.PerformanceSum;
import org.mor.throughput.rollup.SizeScale;

/** The cells that a question asks about, added up for each combination it splits by. */
final class Selection {
  private static final String NOBODY = "unknown";

  private final Question question;
  private final Map<List<String>, PerformanceSum> sums = new HashMap<>();

  Selection(Question question) {
    this.question = question;
  }

  void add(PerformanceMonth month) {
    LocalDate first = month.month().value().atDay(1);
    boolean[] chosen = new boolean[month.keys().size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = has(month, month.keys().get(i));
    }
    Map<Integer, PerformanceSum> ofDay = new HashMap<>();
    int[] lastDay = {-1};
    month.addTo(
        (day, key) -> {
          LocalDate date = first.plusDays(day);
          if (!chosen[key] || date.isBefore(question.from()) || date.isAfter(question.to())) {
            return null;
          }
          if (lastDay[0] != day && question.groupBy().contains(Dimension.DAY)) {
            ofDay.clear();
            lastDay[0] = day;
          }
          return ofDay.computeIfAbsent(key, place -> sum(month, month.keys().get(place), date));
        });
  }

  private PerformanceSum sum(PerformanceMonth month, PerformanceKey key, LocalDate date) {
    List<String> group = new ArrayList<>();
    for (Dimension dimension : question.groupBy()) {
      group.add(
          switch (dimension) {
            case MODEL -> key.model() < 0 ? NOBODY : month.models().get(key.model()).toHex();
            case PROVIDER ->
                key.provider() < 0 ? NOBODY : month.providers().get(key.provider()).toHex();
            case DAY -> date.toString();
            case INPUT_CLASS -> Question.name(SizeScale.INPUT, key.input());
            case OUTPUT_CLASS -> Question.name(SizeScale.OUTPUT, key.output());
          });
    }
    return sums.computeIfAbsent(group, g -> new PerformanceSum());
  }

  private boolean has(PerformanceMonth month, PerformanceKey key) {
    return (question.models().isEmpty()
            || (key.model() >= 0 && question.models().contains(month.models().get(key.model()))))
        && (question.providers().isEmpty()
            || (key.provider() >= 0
                && question.providers().contains(month.providers().get(key.provider()))))
        && (question.inputs().isEmpty() || question.inputs().contains(key.input()))
        && (question.outputs().isEmpty() || question.outputs().contains(key.output()));
  }

  /** What was added up, by the values of the dimensions in the question's order. */
  Map<List<String>, PerformanceSum> sums() {
    return sums;
  }

  PerformanceSum total() {
    PerformanceSum total = new PerformanceSum();
    sums.values().forEach(total::add);
    return total;
  }
}
