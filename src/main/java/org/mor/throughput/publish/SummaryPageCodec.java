package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mor.throughput.base.Json;
import org.mor.throughput.publish.StoredDocumentCodec.Difference;
import org.mor.throughput.rollup.Gate;

/**
 * {@code summary.html}: the figures of the stored {@code summary.json} as one table of HTML, for
 * readers without scripts, search engines and link previews. The same summary gives the same bytes.
 * It says nothing that the summary does not say.
 */
public final class SummaryPageCodec {
  private static final Pattern BLOCK =
      Pattern.compile("<meta name=\"as-of-block\" content=\"(\\d{1,18})\">");
  private static final Pattern GENERATION =
      Pattern.compile("<meta name=\"store-generation\" content=\"(\\d{1,9})\">");

  private static final String UNKNOWN = "not known";
  private static final BigDecimal HOUR = BigDecimal.valueOf(3_600);

  private static final List<Window> WINDOWS =
      List.of(
          new Window("last24h", "Last 24 hours"),
          new Window("last7d", "Last 168 hours"),
          new Window("last30d", "Last 720 hours"),
          new Window("allTime", "All time"));

  private static final List<Row> ROWS =
      List.of(
          new Row("Sessions closed", window -> number(window, "sessionsClosed", 0)),
          new Row("Disputed sessions", window -> number(window, "sessionsDisputed", 0)),
          new Row("Tokens in receipts, without implausible ones", SummaryPageCodec::plausible),
          new Row("Implausible tokens", window -> number(window, "tokensFlagged", 0)),
          new Row("Estimated tokens", window -> number(window, "tokensLegacyEst", 0)),
          new Row("Compute hours", SummaryPageCodec::hours),
          new Row("Wallets", window -> number(window, "uniqueUsers", 0)),
          new Row("Active providers", window -> number(window, "uniqueProviders", 0)),
          new Row("Active models", window -> number(window, "uniqueModels", 0)),
          new Row("Time to first token, median (ms)", w -> median(w, "ttftMsP50", "ttftSamples")),
          new Row("Tokens per second, median", w -> median(w, "tpsP50", "tpsSamples")));

  private record Window(String field, String title) {}

  private record Row(String title, Function<JsonNode, String> text) {}

  private SummaryPageCodec() {}

  /** The page of a stored summary; what the summary lacks is "not known". */
  public static Document of(byte[] summary) {
    JsonNode root;
    try {
      root = Json.EXACT.readTree(summary);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading summary.json for summary.html", e);
    }
    return new Document(DocumentKeys.SUMMARY_PAGE, html(root).getBytes(StandardCharsets.UTF_8));
  }

  /** How a page relates to the stored one. */
  static Difference compare(byte[] fresh, byte[] stored) {
    String now = new String(fresh, StandardCharsets.UTF_8);
    String before = new String(stored, StandardCharsets.UTF_8);
    if (now.equals(before)) {
      return Difference.NONE;
    }
    long block = number(BLOCK, before);
    if (block < 0) {
      return Difference.UNREADABLE;
    }
    int byGeneration = Long.compare(number(GENERATION, before), number(GENERATION, now));
    boolean isNewer = byGeneration > 0 || (byGeneration == 0 && block > number(BLOCK, now));
    return isNewer ? Difference.STORED_IS_NEWER : Difference.PROGRESS;
  }

  private static long number(Pattern meta, String page) {
    Matcher matcher = meta.matcher(page);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
  }

  private static String html(JsonNode root) {
    String asOf = escaped(root.path("asOfTime").asText(UNKNOWN));
    String block = number(root, "asOfBlock", 0);
    String heads =
        WINDOWS.stream()
            .map(window -> "<th scope=\"col\" class=\"num\">" + window.title() + "</th>")
            .collect(Collectors.joining());
    String template =
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="as-of-block" content="%s">
        <meta name="store-generation" content="%s">
        <meta name="description" content="%s">
        <title>Morpheus throughput as of %s</title>
        <link rel="stylesheet" href="../../css/base.css">
        <link rel="stylesheet" href="../../css/parts.css">
        </head>
        <body>
        <header class="top"><h1>Morpheus throughput</h1></header>
        <main>
        <p>As of %s, block %s, on %s, contract <span class="name">%s</span>.</p>
        <p>%s</p>
        <section class="card" aria-label="Key figures">
        <div class="scroll" role="region" aria-label="Key figures" tabindex="0">
        <table>
        <caption>Figures from closed-session receipts, as providers report them</caption>
        <thead><tr><th scope="col">Figure</th>%s</tr></thead>
        <tbody>
        %s
        </tbody>
        </table>
        </div>
        <p class="note">Each window ends at the block above. A median needs %d samples. Totals leave estimated and \
        implausible tokens out.</p>
        </section>
        <p><a href="../../throughput.html">Charts and all figures</a>, \
        <a href="summary.json">summary.json</a></p>
        </main>
        </body>
        </html>
        """;
    return filled(
        template,
        root.path("asOfBlock").asLong(),
        root.path("generation").asInt(),
        description(root.path("last30d")),
        asOf,
        asOf,
        block,
        escaped(root.path("network").asText(UNKNOWN)),
        escaped(root.path("diamond").asText(UNKNOWN)),
        completeness(root.path("completeness"), root.path("stateProof")),
        heads,
        ROWS.stream().map(row -> row(root, row)).collect(Collectors.joining("\n")),
        Gate.P50.samples());
  }

  private static String description(JsonNode month) {
    return filled(
        "Last 720 hours: %s sessions closed, %s tokens in receipts, %s providers, %s models.",
        number(month, "sessionsClosed", 0),
        plausible(month),
        number(month, "uniqueProviders", 0),
        number(month, "uniqueModels", 0));
  }

  private static String row(JsonNode root, Row row) {
    return WINDOWS.stream()
        .map(window -> "<td class=\"num\">" + row.text().apply(root.path(window.field())) + "</td>")
        .collect(Collectors.joining("", "<tr><th scope=\"row\">" + row.title() + "</th>", "</tr>"));
  }

  private static String completeness(JsonNode completeness, JsonNode stateProof) {
    JsonNode coverage = completeness.path("coverage");
    boolean isWhole =
        coverage.path("scannedFromStart").asBoolean() && coverage.path("gaps").asLong(-1) == 0;
    String scanned =
        isWhole
            ? "Every block since the contract's first was scanned, without a gap."
            : "History is not scanned completely: figures for all time are too low.";
    return scanned
        + " Completeness proof: "
        + escaped(completeness.path("proof").path("state").asText(UNKNOWN))
        + "."
        + proven(stateProof);
  }

  private static String proven(JsonNode stateProof) {
    return stateProof.isObject()
        ? " Of %d closes drawn at random, %d were proven against the chain's state root at block %d."
            .formatted(
                stateProof.path("sampled").asLong(),
                stateProof.path("proven").asLong(),
                stateProof.path("block").asLong())
        : "";
  }

  private static String plausible(JsonNode window) {
    JsonNode all = window.path("tokensReceipt");
    JsonNode flagged = window.path("tokensFlagged");
    return all.isNumber() && flagged.isNumber()
        ? text(all.decimalValue().subtract(flagged.decimalValue()), 0)
        : UNKNOWN;
  }

  private static String hours(JsonNode window) {
    JsonNode seconds = window.path("sessionSeconds");
    return seconds.isNumber()
        ? text(seconds.decimalValue().divide(HOUR, 1, RoundingMode.HALF_EVEN), 1)
        : UNKNOWN;
  }

  private static String median(JsonNode window, String field, String samples) {
    long n = window.path(samples).asLong(-1);
    if (n >= 0 && n < Gate.P50.samples()) {
      return filled("– (%d of %d samples)", n, Gate.P50.samples());
    }
    return number(window, field, field.startsWith("tps") ? 1 : 0);
  }

  private static String number(JsonNode object, String field, int digits) {
    JsonNode value = object.path(field);
    return value.isNumber() ? text(value.decimalValue(), digits) : UNKNOWN;
  }

  private static String text(BigDecimal value, int digits) {
    return filled("%,." + digits + "f", value.setScale(digits, RoundingMode.HALF_EVEN));
  }

  /** In the digits of every reader, whatever the machine is set to. */
  private static String filled(String template, Object... values) {
    return String.format(Locale.ROOT, template, values);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
