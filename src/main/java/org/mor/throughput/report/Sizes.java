package org.mor.throughput.report;

import java.util.Map;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.rollup.PerformanceSum;
import org.mor.throughput.rollup.SizeScale;

/** Sessions by what they took in and gave out. */
final class Sizes {
  private Sizes() {}

  static String table(PerformanceMonth cells, LeftOut leftOut) {
    Table table =
        new Table("Tokens of the session", "sessions", "tokens/s p50", "first token ms p50");
    add(table, "input", SizeScale.INPUT, Share.sums(cells, PerformanceKey::input), leftOut);
    add(table, "output", SizeScale.OUTPUT, Share.sums(cells, PerformanceKey::output), leftOut);
    return table.toString();
  }

  private static void add(
      Table table,
      String what,
      SizeScale scale,
      Map<Integer, PerformanceSum> sums,
      LeftOut leftOut) {
    for (int place = 0; place < scale.names().size(); place++) {
      PerformanceSum sum = sums.getOrDefault(place, new PerformanceSum());
      String who = "%s %s".formatted(scale.names().get(place), what);
      table.row(
          "%s (%s)".formatted(who, range(scale, place)),
          Text.number(sum.at(PerformanceAmount.SESSIONS_CLOSED)),
          Speed.cell(leftOut, "Sessions with " + who, "tokens a second", sum.tps(), Gate.P50, 3),
          Speed.cell(
              leftOut, "Sessions with " + who, "time to first token", sum.ttft(), Gate.P50, 0));
    }
  }

  private static String range(SizeScale scale, int place) {
    return place + 1 < scale.from().size()
        ? "%s to %s"
            .formatted(
                Text.number(scale.from().get(place)), Text.number(scale.from().get(place + 1) - 1))
        : Text.number(scale.from().get(place)) + " or more";
  }
}
