package org.mor.throughput.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mor.throughput.base.Json;
import org.mor.throughput.cli.ProveCommand.Outcome;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.serve.StoreServer;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectStore;

/** Loads the page in an installed Chromium and compares what it drew with summary.json. */
final class PageGate {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  private static final Pattern SESSIONS =
      Pattern.compile("id=\"kpi-sessions\".*?data-value=\"(\\d+)\"", Pattern.DOTALL);
  private static final Pattern FIGURE = Pattern.compile("kpi-value\" data-value=\"[0-9.]+\"");
  private static final Pattern LINE = Pattern.compile("class=\"spark-line\" d=\"M");
  private static final int TRIES = 3;
  private static final int SECONDS = 60;

  private PageGate() {}

  static Verdict run(ObjectStore store) {
    Optional<Path> browser = browser(System.getenv("PATH"));
    if (browser.isEmpty()) {
      return Verdict.skipped(
          "no browser on the PATH, of %s; next: install one"
              .formatted(String.join(", ", BROWSERS)));
    }
    Optional<ObjectStore.StoredObject> summary = store.find(DocumentKeys.SUMMARY);
    if (summary.isEmpty()) {
      return Verdict.nothing("summary.json", "rollup");
    }
    long expected = sessions(summary.get().body());
    try (StoreServer server = StoreServer.start(store, 0)) {
      Verdict verdict = Verdict.skipped("");
      // A busy machine may be asked for the page's state before it has drawn all of it.
      for (int i = 0; i < TRIES && verdict.outcome() != Outcome.PASS; i++) {
        String page = load(browser.get(), server.address() + "throughput.html?range=all");
        verdict = look(browser.get(), page, expected);
      }
      return verdict;
    } catch (IOException e) {
      return Verdict.of(
          String.valueOf(browser.get().getFileName()),
          List.of("it could not be run: %s; next: start it by hand".formatted(e.getMessage())));
    }
  }

  private static Verdict look(Path browser, String page, long expected) {
    Matcher sessions = SESSIONS.matcher(page);
    String drawn = sessions.find() ? sessions.group(1) : "nothing";
    List<String> faults = new ArrayList<>();
    if (!drawn.equals(Long.toString(expected))) {
      faults.add("the page does not show the figure of summary.json");
    }
    if (expected > 0 && !LINE.matcher(page).find()) {
      faults.add("the page draws no line");
    }
    return Verdict.of(
        "%s drew %d key figures and %d lines; sessions closed: %s, in summary.json %d"
            .formatted(
                browser.getFileName(),
                FIGURE.matcher(page).results().count(),
                LINE.matcher(page).results().count(),
                drawn,
                expected),
        faults);
  }

  static Optional<Path> browser(String path) {
    List<String> directories = new ArrayList<>(List.of(path.split(File.pathSeparator, -1)));
    directories.removeIf(String::isEmpty);
    return BROWSERS.stream()
        .flatMap(name -> directories.stream().map(directory -> Path.of(directory, name)))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  private static long sessions(byte[] summary) {
    try {
      return Json.PLAIN.readTree(summary).at("/allTime/sessionsClosed").asLong(-1);
    } catch (IOException e) {
      throw new CorruptObjectException("Reading summary.json: it is no JSON; next: rollup", e);
    }
  }

  /** The page as HTML once nothing is under way; empty when the browser takes too long. */
  private static String load(Path browser, String address) throws IOException {
    Path scratch = Files.createTempDirectory("throughput-page");
    Path page = scratch.resolve("page.html");
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--disable-gpu",
                "--disable-background-networking",
                // It loads our own page alone, and refuses to start for root otherwise.
                "--no-sandbox",
                "--user-data-dir=" + scratch.resolve("profile"),
                "--virtual-time-budget=10000",
                "--dump-dom",
                address)
            .redirectOutput(page.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor(SECONDS, TimeUnit.SECONDS) ? Files.readString(page) : "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Demo.empty(scratch);
    }
  }
}
