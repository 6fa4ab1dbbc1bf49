package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.publish.PerformanceIndexCodec.PublishedPerformance;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceSum;
import org.mor.throughput.session.Month;

/** {@code /api/analytics/throughput}: speed and volume of any choice of sessions in 30 days. */
final class ThroughputApi {
  private final CellCache cache;

  ThroughputApi(CellCache cache) {
    this.cache = cache;
  }

  Answer answer(Parameters parameters) {
    Optional<PublishedPerformance> index = cache.index();
    if (index.isEmpty()) {
      return Answer.error(503, "nothing is published yet: run rollup, then ask again");
    }
    PublishedPerformance published = index.get();
    LocalDate today = OffsetDateTime.parse(published.asOfTime()).toLocalDate();
    Question question = Question.of(parameters, today);
    Selection selection = new Selection(question);
    Month last = month(question.to());
    for (Month month = month(question.from()); month.compareTo(last) <= 0; month = month.next()) {
      cache.month(published, month).ifPresent(selection::add);
    }
    return Answer.computed(json(published, question, selection));
  }

  private static Month month(LocalDate day) {
    return Month.parse(day.toString().substring(0, 7));
  }

  private static ObjectNode json(
      PublishedPerformance published, Question question, Selection selection) {
    SumJson writer = new SumJson(question.percentiles(), new OrderIntervals());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("schemaVersion", DocumentHead.SCHEMA_VERSION);
    json.put("network", published.network());
    json.put("diamond", published.diamond());
    json.put("asOfBlock", published.asOfBlock());
    json.put("asOfTime", published.asOfTime());
    json.put("methodologyVersion", Methodology.VERSION);
    json.put("from", question.from().toString());
    json.put("to", question.to().toString());
    PerformanceSum total = selection.total();
    writer.writeAmounts(json.putObject("totals"), total);
    writer.writePercentiles(json.putObject("percentiles"), total);
    ArrayNode data = json.putArray("data");
    sorted(question, selection)
        .forEach(
            group -> {
              ObjectNode row = data.addObject();
              writeGroup(row, question, group.getKey(), published);
              writer.writeAmounts(row, group.getValue());
              writer.writePercentiles(row.putObject("percentiles"), group.getValue());
            });
    return json;
  }

  /** By day where days are asked for, else most sessions first. */
  private static List<Map.Entry<List<String>, PerformanceSum>> sorted(
      Question question, Selection selection) {
    Comparator<Map.Entry<List<String>, PerformanceSum>> byKey =
        Comparator.comparing(group -> String.join(" ", group.getKey()));
    int day = question.groupBy().indexOf(Dimension.DAY);
    Comparator<Map.Entry<List<String>, PerformanceSum>> first =
        day >= 0
            ? Comparator.comparing(group -> group.getKey().get(day))
            : Comparator.comparing(
                group -> -group.getValue().at(PerformanceAmount.SESSIONS_CLOSED));
    return selection.sums().entrySet().stream().sorted(first.thenComparing(byKey)).toList();
  }

  private static void writeGroup(
      ObjectNode row, Question question, List<String> values, PublishedPerformance published) {
    for (int i = 0; i < values.size(); i++) {
      Dimension dimension = question.groupBy().get(i);
      row.put(dimension.field(), values.get(i));
      if (dimension == Dimension.MODEL) {
        String name = published.models().getOrDefault(values.get(i), "");
        row.put("modelName", name.isEmpty() ? null : name);
      }
    }
  }
}
