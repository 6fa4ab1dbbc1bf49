package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** One open page, and what it did that it must not do. */
final class Visit implements AutoCloseable {
  private static final String DRAWN =
      "() => document.documentElement.dataset.drawn && !document.querySelector('[aria-busy=\"true\"]')";

  private final Page page;
  private final List<String> wrongs = new ArrayList<>();

  Visit(Page page, String origin) {
    this.page = page;
    page.onDialog(
        (Dialog dialog) -> {
          wrongs.add("dialog " + dialog.message());
          dialog.dismiss();
        });
    page.onPageError(error -> wrongs.add("error " + error));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")
              && !message.text().startsWith("Failed to load resource")) {
            wrongs.add("console " + message.text());
          }
        });
    page.onRequest(
        request -> {
          String url = request.url();
          if (!url.startsWith(origin + "/")
              && !url.startsWith("data:")
              && !url.startsWith("blob:" + origin)) {
            wrongs.add("request " + url);
          }
        });
  }

  Page page() {
    return page;
  }

  /** Waits until everything is drawn, no document being on its way, or has said what failed. */
  Visit drawn() {
    page.waitForFunction(DRAWN);
    return this;
  }

  /** Waits until the page shows a text. */
  Visit shows(String text) {
    page.waitForFunction("(text) => document.body.innerText.includes(text)", text);
    return this;
  }

  String text(String selector) {
    return page.locator(selector).first().innerText();
  }

  /** The text of a drawing, which has no lines. */
  String words(String selector) {
    return page.locator(selector).first().textContent();
  }

  /** What a key figure stands for, before it was made short. */
  double kpi(String key) {
    return Double.parseDouble(
        page.locator("#kpi-" + key + " .kpi-value").getAttribute("data-value"));
  }

  List<List<String>> table(String selector) {
    Object rows =
        page.evalOnSelectorAll(
            selector + " tr",
            "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))");
    return new JsonMapper()
        .convertValue(rows, new com.fasterxml.jackson.core.type.TypeReference<>() {});
  }

  String download(String section, String kind) throws IOException {
    Download download =
        page.waitForDownload(
            () ->
                page.locator(
                        section + " .actions button", new Page.LocatorOptions().setHasText(kind))
                    .click());
    return Files.readString(download.path());
  }

  JsonNode json(String section) throws IOException {
    return new JsonMapper().readTree(download(section, "JSON"));
  }

  /** Dialogs, script errors, requests elsewhere and refusals of the policy. */
  void hasDoneNothingWrong() {
    List<String> all = new ArrayList<>(wrongs);
    if (page.evaluate("window.refused") instanceof List<?> refused) {
      refused.forEach(one -> all.add("refused " + one));
    }
    assertThat(all).isEmpty();
  }

  @Override
  public void close() {
    page.context().close();
  }
}
