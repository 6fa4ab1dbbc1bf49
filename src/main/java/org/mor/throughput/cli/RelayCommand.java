package org.mor.throughput.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.relay.Relay;
import org.mor.throughput.wiring.Graph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "relay",
    description = "Delivers a live server's events as signed webhooks, each at least once.",
    footer = {
      "%nExamples:",
      "  indexer relay --from ws://127.0.0.1:8700 --to https://example.com/hook",
      "  indexer relay --from wss://h.example.com --to https://r.example.com --min-stage safe",
      "  indexer relay --replay --to https://example.com/hook",
      "%nRELAY_SECRET signs. docs/relay.md describes what is delivered and when."
    })
final class RelayCommand extends ReportingCommand {
  /** Less than the five seconds in which the command ends. */
  private static final int GRACE_SECONDS = 4;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "The live server, ws:// or wss://; with a path also one of its channels.")
  private @Nullable String from; // picocli would print a URI that is none.

  @Option(
      names = "--to",
      required = true,
      paramLabel = "URL",
      description = "The https:// URL that takes the webhooks. Only its host is printed.")
  private String to = "";

  @Option(
      names = "--events",
      paramLabel = "LIST",
      description = "Names of events, comma-separated; default: all of the channel.")
  private @Nullable String events;

  @Option(
      names = "--min-stage",
      paramLabel = "STAGE",
      defaultValue = "finalized",
      description = "proposed, safe or finalized; default: ${DEFAULT-VALUE}.")
  private String minStage = "finalized";

  @Option(
      names = "--providers",
      paramLabel = "LIST",
      description = "Only events of these providers, comma-separated addresses.")
  private @Nullable String providers;

  @Option(
      names = "--models",
      paramLabel = "LIST",
      description = "Only events of these models, comma-separated ids.")
  private @Nullable String models;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "The directory of this relay; default: local-raw/relay beside the launcher.")
  private @Nullable Path state;

  @Option(
      names = "--allow-private",
      description = "Also deliver to private and local addresses, and to http://.")
  private boolean allowPrivate;

  @Option(
      names = "--replay",
      description = "Send the dead letters once more, remove those that are taken, and end.")
  private boolean replay;

  @Option(names = "--enable", description = "Deliver again to an endpoint that answered HTTP 410.")
  private boolean enable;

  @Override
  Need[] needs() {
    return new Need[0];
  }

  @Override
  void validate() {
    if (from == null && !replay) {
      throw usage("Missing option: --from URL");
    }
    if (from != null && (from.contains("?") || !isPlain(from, "wss?"))) {
      throw usage(
          "--from is not accepted; accepted: ws:// or wss:// and a host, without user and query");
    }
    if (!isPlain(to, allowPrivate ? "https?" : "https")) {
      throw usage(
          "--to is not accepted; accepted: https:// and a host without user, or http:// with --allow-private");
    }
  }

  private static boolean isPlain(String text, String scheme) {
    try {
      URI url = URI.create(text);
      return String.valueOf(url.getScheme()).matches(scheme)
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false; // The exception quotes the URL, so it goes no further.
    }
  }

  @Override
  Report run(Graph graph, Surroundings around) {
    List<byte[]> secrets = graph.config().relay().secrets();
    if (secrets.isEmpty()) {
      throw new BadRequestException(
          "RELAY_SECRET is not set; accepted: whsec_ and 24 to 64 bytes in Base64");
    }
    around.redactor().addUrl(to);
    Path directory = state != null ? state : around.home().resolve(ExportCommand.LOCAL + "/relay");
    CountDownLatch ended = new CountDownLatch(1);
    try (Relay relay = new Relay(parts(directory, secrets))) {
      if (enable) {
        relay.enable();
      }
      if (replay) {
        int left = relay.replay();
        return new Report(List.of("left: " + left), Report.object().put("left", left), left > 0);
      }
      Thread own = Thread.currentThread();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(own, ended), "relay-stop"));
      around
          .notices()
          .println("Relaying to %s until you press Ctrl-C".formatted(URI.create(to).getHost()));
      around.notices().flush();
      relay.run();
    } catch (InterruptedException | Sleeper.InterruptedWaitException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new BadRequestException(
          "The relay's directory %s cannot be used (%s)\nnext: make it writable, or give another one with --state"
              .formatted(directory, e));
    } finally {
      ended.countDown();
    }
    return Report.NOTHING;
  }

  private static void stop(Thread own, CountDownLatch ended) {
    own.interrupt();
    try {
      boolean unused = ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Relay.Parts parts(Path directory, List<byte[]> secrets) {
    SecureRandom random = new SecureRandom();
    Sleeper sleeper = Sleeper.system();
    return new Relay.Parts(
        stream(from == null ? "ws://127.0.0.1" : from),
        URI.create(to),
        allowPrivate,
        directory,
        secrets,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY) // Its addresses would not be checked.
            .connectTimeout(Duration.ofSeconds(10))
            .build(),
        Instant::now,
        Backoff.random(Duration.ofSeconds(10), Duration.ofHours(1), random, sleeper),
        Backoff.random(Duration.ofSeconds(2), Duration.ofMinutes(1), random, sleeper));
  }

  private URI stream(String server) {
    boolean hasPath = server.matches("wss?://[^/]*/.+");
    return URI.create(
        (hasPath ? server : server.replaceFirst("/$", "") + "/v1/ws")
            + "?min_stage="
            + URLEncoder.encode(minStage, StandardCharsets.UTF_8)
            + parameter("events", events)
            + parameter("providers", providers)
            + parameter("models", models));
  }

  private static String parameter(String name, @Nullable String value) {
    return value == null
        ? ""
        : "&%s=%s".formatted(name, URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}
