package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.mor.throughput.adapter.aws.SecretSource.SecretUnavailableException;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.KnownEvent;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.StateUse;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.s3.S3ObjectStore;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.base.TerminalText;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.doctor.EndpointDoctor;
import org.mor.throughput.doctor.Finding;
import org.mor.throughput.doctor.StoreDoctor;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;

@Command(
    name = "doctor",
    description =
        "Probes each endpoint, the store and the clock, and says what to do about what it finds.",
    footer = {"%nExamples:", "  indexer doctor", "  indexer doctor --json"})
final class DoctorCommand extends ReportingCommand {
  @Override
  Need[] needs() {
    return new Need[0]; // What is not configured is a finding.
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    return new Examination(graph).report();
  }

  /** One examination; what a part does not tell hides nothing of the rest. */
  private static final class Examination {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private final Graph graph;
    private final List<Finding> findings = new ArrayList<>();
    private final List<EndpointProbe.Probed> endpoints = new ArrayList<>();
    private Optional<RuntimeException> trouble = Optional.empty();

    Examination(Graph graph) {
      this.graph = graph;
    }

    Report report() {
      Optional<SessionOpen> known = Optional.empty();
      if (graph.config().store().isPresent()) {
        store();
        known = firstOpen();
      } else {
        notSet("store", "STORE is not set", "set STORE to s3://bucket/prefix/ or file:DIR");
      }
      if (graph.hasChain()) {
        endpoints(known);
      } else {
        notSet("endpoints", "BASE_RPC_URL is not set", "set BASE_RPC_URL to one URL or several");
      }
      return DoctorCommand.report(findings, endpoints, trouble);
    }

    private void notSet(String subject, String found, String next) {
      findings.add(new Finding(subject, "configuration", Level.ACT, found, next));
    }

    private void store() {
      StoreDoctor doctor = new StoreDoctor(graph.store(), UUID.randomUUID().toString());
      findings.addAll(doctor.run());
      trouble = doctor.down().map(down -> down);
      if (trouble.isEmpty() && graph.store() instanceof S3ObjectStore bucket) {
        try {
          bucket
              .serverTime()
              .ifPresent(time -> findings.add(StoreDoctor.clock(time, Instant.now())));
        } catch (StoreException e) {
          // The listing above has said so already.
        }
      }
    }

    /** The earliest session the store knows: what an endpoint with history must know too. */
    private Optional<SessionOpen> firstOpen() {
      List<SessionOpen> first = new ArrayList<>();
      try {
        var rows = graph.ledger().rows();
        rows.months(RowKind.OPENS).stream()
            .findFirst()
            .ifPresent(month -> rows.forEachOpen(month, row -> keepFirst(row, first)));
      } catch (StoreException | CorruptObjectException e) {
        findings.add(
            new Finding("store", "rows", Level.ACT, String.valueOf(e.getMessage()), "run verify"));
      }
      return first.stream().findFirst();
    }

    private static void keepFirst(OpenRow row, List<SessionOpen> first) {
      if (first.isEmpty() && row instanceof SessionOpen open) {
        first.add(open);
      }
    }

    private void endpoints(Optional<SessionOpen> known) {
      try {
        List<String> urls = graph.rpcUrls().stream().map(url -> url.reveal().toString()).toList();
        endpoints.addAll(graph.probe(urls, target(known), LONGEST_ANSWER));
        findings.addAll(EndpointDoctor.findings(endpoints));
      } catch (SecretUnavailableException e) {
        findings.add(
            new Finding(
                "endpoints",
                "secret",
                Level.ACT,
                String.valueOf(e.getMessage()),
                "check RPC_SECRET_ID, AWS_REGION and the rights of the credentials in use"));
        trouble = trouble.or(() -> Optional.of(e));
      }
      List<String> dead =
          endpoints.stream()
              .filter(one -> !one.answered())
              .map(EndpointProbe.Probed::host)
              .toList();
      if (!dead.isEmpty()) {
        trouble =
            trouble.or(
                () ->
                    Optional.of(
                        new ChainUnavailableException(
                            "%s did not answer; the findings say how"
                                .formatted(String.join(", ", dead)))));
      }
    }

    private EndpointProbe.Target target(Optional<SessionOpen> known) {
      IndexSettings settings = graph.settings();
      Hash32 session = known.map(SessionOpen::sessionId).orElse(Hash32.of(new byte[Hash32.SIZE]));
      return new EndpointProbe.Target(
          settings.chainId(),
          settings.diamond().address(),
          SessionEvent.topics(),
          settings.startBlock(),
          known.map(open -> new KnownEvent(open.position().block(), open.openedAt())),
          settings.diamond().session(session),
          Optional.of(
              new StateUse(
                  Diamond.SESSION_COUNT_SLOT,
                  settings.confirmation().tag(),
                  settings.safetyLagBlocks())));
    }
  }

  private static Report report(
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
    ObjectNode json = Report.object();
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
