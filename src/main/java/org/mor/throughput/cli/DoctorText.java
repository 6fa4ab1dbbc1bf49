package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.doctor.Finding;

/** What the doctor found, in lines: everything in a table, then what to do. */
final class DoctorText {
  private DoctorText() {}

  static Report of(
      List<Finding> findings,
      List<EndpointProbe.Probed> endpoints,
      Optional<RuntimeException> trouble) {
    TextTable table = new TextTable("what", "", "", "found");
    findings.forEach(one -> table.add(one.subject(), one.topic(), label(one), one.found()));
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("");
    long act = count(findings, Level.ACT);
    if (act == 0) {
      lines.add("Nothing needs to be done.");
    } else {
      lines.add("To do:");
    }
    for (Level level : List.of(Level.ACT, Level.NOTE)) {
      findings.stream()
          .filter(one -> one.level() == level && !one.next().startsWith("nothing:"))
          .map(
              one ->
                  "  %s, %s: %s%s"
                      .formatted(
                          one.subject(),
                          one.topic(),
                          level == Level.NOTE ? "if you like, " : "",
                          one.next()))
          .map(TerminalText::clean)
          .forEach(lines::add);
    }
    for (EndpointProbe.Probed endpoint : endpoints) {
      lines.add("%s was asked %d times".formatted(endpoint.host(), endpoint.requests()));
    }
    return new Report(lines, json(findings, endpoints), act > 0 && trouble.isEmpty(), trouble);
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(one -> one.level() == level).count();
  }

  private static String label(Finding finding) {
    return finding.level() == Level.ACT ? "ACT" : finding.level().name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(List<Finding> findings, List<EndpointProbe.Probed> endpoints) {
    ObjectNode json = JsonOut.object();
    var array = json.putArray("findings");
    for (Finding finding : findings) {
      array
          .addObject()
          .put("subject", finding.subject())
          .put("topic", finding.topic())
          .put("level", finding.level().name().toLowerCase(Locale.ROOT))
          .put("found", finding.found())
          .put("next", finding.next());
    }
    var hosts = json.putArray("endpoints");
    for (EndpointProbe.Probed endpoint : endpoints) {
      ObjectNode one = hosts.addObject();
      one.put("host", endpoint.host())
          .put("answered", endpoint.answered())
          .put("requests", endpoint.requests());
      endpoint
          .head()
          .ifPresentOrElse(head -> one.put("head", head.number()), () -> one.putNull("head"));
    }
    return json;
  }
}
