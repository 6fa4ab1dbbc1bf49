package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.config.Need;
import org.mor.throughput.index.SpotCheck;
import org.mor.throughput.index.SpotFlag;
import org.mor.throughput.logging.TerminalText;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "spot-check",
    description = "Decodes the latest closes across providers and flags what is odd. Read-only.",
    footer = {"%nExamples:", "  spot-check --recent 10", "  indexer spot-check --recent 25 --json"})
final class SpotCheckCommand extends ReportingCommand {
  @Option(
      names = "--recent",
      paramLabel = "N",
      defaultValue = "10",
      converter = Converters.Count.class,
      description = "How many closes; default: ${DEFAULT-VALUE}.")
  private int recent;

  @Override
  Need[] needs() {
    return new Need[] {Need.RPC};
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    try (Progress progress = new Progress(around.progress(), "looking back")) {
      SpotCheck.Result result =
          new SpotCheck(graph.chain(), graph.settings(), graph.patience()).run(recent, progress);
      return report(result, graph.rules(), graph.privacy());
    }
  }

  private static final int MODEL_COLUMNS = 28;

  static Report report(SpotCheck.Result result, MetricRules rules, UserPrivacy privacy) {
    TextTable table =
        new TextTable(
            "closed (UTC)",
            "session",
            "provider",
            "model",
            "sec>",
            "tps>",
            "ttft ms>",
            "in>",
            "out>",
            "receipt",
            "type>",
            "flags");
    ObjectNode json = Report.object();
    json.put("searchedFirst", result.searched().first())
        .put("searchedLast", result.searched().last());
    var closes = json.putArray("closes");
    Set<SpotFlag> seen = new TreeSet<>();
    for (SessionClose close : result.closes()) {
      Set<SpotFlag> flags = SpotFlag.of(close, rules);
      seen.addAll(flags);
      table.add(
          Instant.ofEpochSecond(close.closedAt()).toString().replace("T", " ").replace("Z", ""),
          shortened(close.sessionId().toHex()),
          shortened(close.provider().toHex()),
          modelName(close),
          close.durationSeconds(),
          thousandths(close.receipt().tpsScaled1000()),
          text(close.receipt().ttftMs()),
          text(close.receipt().inputTokens()),
          text(close.receipt().outputTokens()),
          close.receipt().format().label(),
          close.closeoutType(),
          names(flags));
      add(closes.addObject(), close, flags, privacy);
    }
    List<String> lines = new ArrayList<>();
    if (!result.closes().isEmpty()) {
      lines.addAll(table.lines());
      lines.add("");
    }
    lines.add(
        "%d closes of %d providers, read at block %d; blocks %s searched"
            .formatted(
                result.closes().size(),
                result.closes().stream().map(SessionClose::provider).distinct().count(),
                result.heads().safe(),
                result.searched()));
    seen.forEach(flag -> lines.add("%s: %s".formatted(name(flag), flag.meaning())));
    return new Report(lines, json, false);
  }

  private static void add(
      ObjectNode json, SessionClose close, Set<SpotFlag> flags, UserPrivacy privacy) {
    json.put("sessionId", close.sessionId().toHex())
        .put("user", privacy.stored(close.user()).toHex())
        .put("provider", close.provider().toHex())
        .put("modelId", close.modelId().toHex())
        .put("modelName", close.modelName())
        .put("openedAt", close.openedAt())
        .put("endsAt", close.endsAt())
        .put("closedAt", close.closedAt())
        .put("durationSeconds", close.durationSeconds())
        .put("closeoutType", close.closeoutType())
        .put("receiptFormat", close.receipt().format().label())
        .put("receiptBytes", close.receipt().bytes());
    put(json, "tpsScaled1000", close.receipt().tpsScaled1000());
    put(json, "ttftMs", close.receipt().ttftMs());
    put(json, "inputTokens", close.receipt().inputTokens());
    put(json, "outputTokens", close.receipt().outputTokens());
    json.put("stakeWei", close.stake().toString())
        .put("pricePerSecondWei", close.pricePerSecond().toString())
        .put("paidWei", close.paid().toString())
        .put("blockNumber", close.position().block())
        .put("txHash", close.txHash().toHex());
    var out = json.putArray("flags");
    flags.forEach(flag -> out.add(name(flag)));
  }

  private static void put(ObjectNode json, String name, OptionalLong value) {
    if (value.isPresent()) {
      json.put(name, value.getAsLong());
    } else {
      json.putNull(name);
    }
  }

  /** Anybody can write any name: the table shows its start, --json all of it. */
  private static String modelName(SessionClose close) {
    String name = TerminalText.clean(close.modelName()).strip();
    return name.isEmpty() ? "(no name)" : TextTable.shortened(name, MODEL_COLUMNS);
  }

  private static String names(Set<SpotFlag> flags) {
    return String.join(",", flags.stream().map(SpotCheckCommand::name).toList());
  }

  private static String name(SpotFlag flag) {
    return flag.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String text(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "-";
  }

  private static String thousandths(OptionalLong scaled) {
    return scaled.isPresent() ? BigDecimal.valueOf(scaled.getAsLong(), 3).toPlainString() : "-";
  }

  private static String shortened(String hex) {
    return hex.substring(0, 10) + "…";
  }
}
