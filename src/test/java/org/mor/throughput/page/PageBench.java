package org.mor.throughput.page;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the page costs over a directory of documents; no test. Arguments: the directory and the
 * number of runs; with a third one, {@code slow}, over a line of 1.6 Mbit/s and 150 ms with a
 * processor four times slower. Prints medians.
 */
final class PageBench {
  private static final String OBSERVE =
      """
      window.seen = { figures: 0, lcp: 0, long: [], shift: 0 };
      new MutationObserver((_, self) => { if (document.querySelector('.kpi')) { seen.figures = performance.now(); self.disconnect(); } }).observe(document, { childList: true, subtree: true });
      new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.lcp = e.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
      new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.long.push(e.duration); }).observe({ type: 'longtask', buffered: true });
      new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });
      """;

  /** From the press to the frame after it. */
  private static final String PRESS =
      """
      async (selector) => {
        window.start = performance.now();
        document.querySelector(selector).click();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return performance.now() - start;
      }
      """;

  /** From the press to the end of the last section. */
  private static final String END =
      """
      async () => {
        while (!document.documentElement.dataset.drawn) await new Promise((done) => setTimeout(done, 5));
        return performance.now() - start;
      }
      """;

  private PageBench() {}

  public static void main(String[] args) throws IOException {
    Path documents = Path.of(args[0]);
    int runs = Integer.parseInt(args[1]);
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        com.microsoft.playwright.Browser browser =
            playwright
                .chromium()
                .launch(
                    new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of("--no-sandbox", "--disable-background-networking")));
        PageServer server = new PageServer(documents)) {
      List<double[]> found = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        found.add(measure(browser, server, documents, run == 0, args.length > 2));
      }
      String[] names = {
        "LCP ms",
        "first key figures ms",
        "load event ms",
        "long tasks",
        "longest task ms",
        "layout shift",
        "DOM nodes",
        "range change: next frame ms",
        "range change: CPU to that ms",
        "range change: all ms",
        "filter: next frame ms",
        "filter: CPU to that ms",
        "filter: all ms",
        "filter: main thread CPU ms",
        "load: main thread CPU ms",
        "heap MB"
      };
      for (int i = 0; i < names.length; i++) {
        int column = i;
        double[] values = found.stream().mapToDouble(one -> one[column]).sorted().toArray();
        System.out.printf(
            "%-30s %10.2f   (%s)%n", names[i], values[values.length / 2], Arrays.toString(values));
      }
    }
  }

  private static double[] measure(
      com.microsoft.playwright.Browser browser,
      PageServer server,
      Path documents,
      boolean sizes,
      boolean slow)
      throws IOException {
    Page page = browser.newContext().newPage();
    List<String> loaded = new ArrayList<>();
    page.onResponse(response -> loaded.add(response.url().substring(server.address().length())));
    // The documents' time, and no other told by the server.
    page.addInitScript(
        "Date.now = () => Date.parse('2026-11-20T13:25:00Z'); Headers.prototype.get = () => null");
    CDPSession cdp = page.context().newCDPSession(page);
    JsonObject ticks = new JsonObject();
    ticks.addProperty("timeDomain", "threadTicks");
    cdp.send("Performance.enable", ticks);
    page.addInitScript(OBSERVE);
    if (slow) {
      throttle(cdp);
    }
    page.navigate(server.address() + "/throughput.html");
    Visit visit = new Visit(page, server.address());
    visit.drawn();
    page.waitForFunction("() => document.querySelector('#models tbody')");
    double drawn = number(page.evaluate("performance.getEntriesByType('navigation')[0].duration"));
    double loadCpu = cpu(cdp);
    Map<?, ?> seen =
        (Map<?, ?>)
            page.evaluate(
                "({ figures: seen.figures, lcp: seen.lcp, long: seen.long.length, longest: Math.max(0, ...seen.long), shift: seen.shift, nodes: document.querySelectorAll('*').length })");
    if (sizes) {
      print(loaded, documents);
    }
    visit.drawn();
    double[] range = press(page, cdp, "#filters input[value='7d']");
    press(page, cdp, "#filters input[value='30d']");
    double[] filter = press(page, cdp, "#models tbody button");
    double heap = number(page.evaluate("performance.memory.usedJSHeapSize / 1e6"));
    page.context().close();
    return new double[] {
      number(seen.get("lcp")),
      number(seen.get("figures")),
      drawn,
      number(seen.get("long")),
      number(seen.get("longest")),
      number(seen.get("shift")),
      number(seen.get("nodes")),
      range[0],
      range[1],
      range[2],
      filter[0],
      filter[1],
      filter[2],
      filter[3],
      loadCpu,
      heap
    };
  }

  /** Time to the next frame, the main thread's part of it, and both again to the end. */
  private static double[] press(Page page, CDPSession cdp, String selector) {
    double before = cpu(cdp);
    double first = number(page.evaluate(PRESS, selector));
    double firstCpu = cpu(cdp) - before;
    double all = number(page.evaluate(END));
    return new double[] {first, firstCpu, all, cpu(cdp) - before};
  }

  private static void throttle(CDPSession cdp) {
    JsonObject line = new JsonObject();
    line.addProperty("offline", false);
    line.addProperty("latency", 150);
    line.addProperty("downloadThroughput", 200_000);
    line.addProperty("uploadThroughput", 94_000);
    cdp.send("Network.enable");
    cdp.send("Network.emulateNetworkConditions", line);
    JsonObject processor = new JsonObject();
    processor.addProperty("rate", 4);
    cdp.send("Emulation.setCPUThrottlingRate", processor);
  }

  private static void print(List<String> loaded, Path documents) throws IOException {
    System.out.printf("%-46s %10s %10s%n", "file, in the order of arrival", "bytes", "gzip");
    long all = 0;
    for (String path : loaded) {
      Path file =
          path.startsWith(PageServer.API)
              ? documents.resolve(path.substring(PageServer.API.length()))
              : Path.of("site" + path);
      byte[] body = Files.readAllBytes(file);
      int packed = PageServer.gzip(body).length;
      all += packed;
      System.out.printf("%-46s %10d %10d %10d%n", path, body.length, packed, all);
    }
  }

  private static double cpu(CDPSession cdp) {
    for (var metric : cdp.send("Performance.getMetrics").getAsJsonArray("metrics")) {
      if (metric.getAsJsonObject().get("name").getAsString().equals("TaskDuration")) {
        return 1000 * metric.getAsJsonObject().get("value").getAsDouble();
      }
    }
    return 0;
  }

  private static double number(@org.jspecify.annotations.Nullable Object value) {
    return ((Number) java.util.Objects.requireNonNull(value)).doubleValue();
  }
}
