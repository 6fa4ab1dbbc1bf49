package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;

/** A chain of two months and 150 sessions that is always the same, and what a store then holds. */
final class SmallMarket {
  private SmallMarket() {}

  static SimulatedMarket create() {
    return SimulatedMarket.create(
        new MarketSettings(7, 150, Instant.parse("2026-06-20T00:00:00Z"), Duration.ofDays(60)));
  }

  static SimulatedNode serve(SimulatedMarket market) {
    try {
      return SimulatedNode.start(market, 0, 1_000_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Rows, state and documents of a directory as hex, by path. Every run leaves a record, so what
   * tells of the runs themselves is left out: it says nothing about what is stored.
   */
  static Map<String, String> objects(Path store) {
    Map<String, String> objects = everything(store);
    objects.keySet().removeIf(SmallMarket::isOfTheRuns);
    return objects;
  }

  /** Every object of a directory as hex, by path; the lock is no object. */
  static Map<String, String> everything(Path store) {
    Map<String, String> objects = new TreeMap<>();
    if (!Files.exists(store)) {
      return objects;
    }
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = store.relativize(file).toString();
        if (!name.equals(".lock")) {
          objects.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }

  /**
   * The same without the moment of a run: cursor, records of runs, status, generatedAt, the hashes
   * of documents, and the blocks that commits ended with.
   */
  static Map<String, String> lasting(Map<String, String> objects) {
    Map<String, String> lasting = new TreeMap<>();
    objects.forEach(
        (name, hex) -> {
          if (!name.equals("state/cursor.json") && !isOfTheRuns(name)) {
            lasting.put(name, name.startsWith("raw/") ? hex : withoutMoment(hex));
          }
        });
    return lasting;
  }

  /** Whether an object tells of the runs themselves, each with its moment and its id. */
  private static boolean isOfTheRuns(String name) {
    return name.startsWith("state/runs/") || name.matches("status\\.json|badge\\.(json|svg)");
  }

  /** Fails, naming the object, unless both hold the same but for the moment of the runs. */
  static void assertSame(Map<String, String> found, Map<String, String> expected) {
    Map<String, String> left = lasting(found);
    Map<String, String> right = lasting(expected);
    assertThat(left.keySet()).isEqualTo(right.keySet());
    right.forEach((name, content) -> assertThat(left.get(name)).as(name).isEqualTo(content));
  }

  private static String withoutMoment(String hex) {
    String text = new String(HexFormat.of().parseHex(hex), java.nio.charset.StandardCharsets.UTF_8);
    return text.replaceAll("\"generatedAt\":\\s*\"[^\"]*\"", "\"generatedAt\":\"\"")
        .replaceAll(",\"hosts\":.*", "}")
        .replaceAll("\"[0-9a-f]{64}\"", "\"\"");
  }
}
