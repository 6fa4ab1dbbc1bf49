package org.mor.throughput.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.mor.throughput.adapter.aws.SecretSource.SecretUnavailableException;
import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.KnownEvent;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.StateUse;
import org.mor.throughput.adapter.s3.S3ObjectStore;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.ChainUnavailableException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionCount;
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

/** Probes endpoints, store and clock; what one of them does not tell hides nothing of the rest. */
final class DoctorOperation {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  private final Graph graph;
  private final List<Finding> findings = new ArrayList<>();
  private final List<EndpointProbe.Probed> endpoints = new ArrayList<>();
  private Optional<RuntimeException> trouble = Optional.empty();

  DoctorOperation(Graph graph) {
    this.graph = graph;
  }

  Report run() {
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
    return DoctorText.of(findings, endpoints, trouble);
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
        bucket.serverTime().ifPresent(time -> findings.add(StoreDoctor.clock(time, Instant.now())));
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
        endpoints.stream().filter(one -> !one.answered()).map(EndpointProbe.Probed::host).toList();
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
                SessionCount.SLOT, settings.confirmation().tag(), settings.safetyLagBlocks())));
  }
}
