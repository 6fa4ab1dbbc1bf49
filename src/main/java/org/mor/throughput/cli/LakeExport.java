package org.mor.throughput.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.export.Export;
import org.mor.throughput.export.Export.DoesNotFitException;
import org.mor.throughput.export.Lake;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.NotIndexedException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreLocation;
import org.mor.throughput.wiring.Graph;

/** {@code export --partition-by month}: where a lake may be, and what is said of it. */
record LakeExport(Graph graph, Surroundings around) {
  private static final String S3 = "s3://";
  private static final Pattern SOURCE = Pattern.compile("\"source\":\"([^\"]+)\"");

  Report run(String to) {
    ObjectStore target = target(to);
    Ledger ledger = graph.ledger();
    // Read before the rows: a store may hold rows behind its cursor, and lacks none before it.
    Cursor cursor = ledger.cursor().find().orElseThrow(this::nothing);
    List<Lake.Part> parts =
        Stream.of(RowKind.values())
            .flatMap(
                kind -> ledger.rows().months(kind).stream().map(each -> new Lake.Part(kind, each)))
            .toList();
    Lake lake = new Lake(target, new Export(ledger.rows(), ledger.models().find(), graph.rules()));
    try (Progress progress = new Progress(around.progress(), "exporting the lake")) {
      AtomicInteger done = new AtomicInteger();
      ObjectNode report =
          lake.write(
              parts,
              ledger.network(),
              cursor,
              (month, rows) -> progress.partitions(done.incrementAndGet(), parts.size()));
      String line =
          "lake: %,d rows, %d files written, %d unchanged, version %d"
              .formatted(
                  report.path("rows").asLong(),
                  report.path("written").asInt(),
                  report.path("unchanged").asInt(),
                  report.path("version").asLong());
      String where = target.location();
      return new Report(List.of(line, "written: " + where), report.put("to", where), false);
    } catch (DoesNotFitException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("Writing bytes in memory", e);
    }
  }

  private NotIndexedException nothing() {
    return new NotIndexedException(
        "There is no cursor in %s\nnext: correct STORE, or index first with backfill"
            .formatted(graph.store().location()));
  }

  private ObjectStore target(String to) {
    boolean isLocation = to.startsWith("s3:") || to.startsWith("file:");
    ObjectStore target;
    try {
      target = graph.open(StoreLocation.parse(isLocation ? to : "file:" + to));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("--to " + e.getMessage());
    }
    String here = real(target.location());
    for (String published : published()) {
      String there = real(published);
      if (there.startsWith(root(here)) || here.startsWith(there)) {
        throw new BadRequestException(
            "%s is %s %s, where documents are published, and rows hold wallets: nothing was written\nnext: choose a private place with --to, such as Terraform's output lake_location"
                .formatted(
                    target.location(),
                    here.startsWith(S3) ? "in the bucket of" : "below or above",
                    published));
      }
    }
    return target;
  }

  /** What a lake may share with no published store: a whole bucket, which a CDN may serve. */
  private static String root(String location) {
    return location.startsWith(S3)
        ? location.substring(0, location.indexOf('/', S3.length()) + 1)
        : location;
  }

  /** The store, and the one that it is a copy of. */
  private List<String> published() {
    List<String> places = new ArrayList<>(List.of(graph.store().location()));
    graph
        .store()
        .find(new ObjectKey("state/pulled.json"))
        .map(copy -> SOURCE.matcher(new String(copy.body(), UTF_8)))
        .filter(Matcher::find)
        .ifPresent(source -> places.add(source.group(1)));
    return places;
  }

  /** A location that ends with a slash, without links in the part of a path that exists. */
  private static String real(String location) {
    if (!location.startsWith("file:")) {
      return location;
    }
    Path path = Path.of(location.substring("file:".length())).toAbsolutePath().normalize();
    Path there = path;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return "file:" + there.toRealPath().resolve(there.relativize(path)) + "/";
    } catch (IOException e) {
      throw new BadRequestException("Looking at %s failed: %s".formatted(path, e.getMessage()));
    }
  }
}
