package org.mor.throughput.page;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Instant;
import java.util.Date;

/** Opens the page, each time in a context of its own. */
record Visits(
    Playwright playwright,
    com.microsoft.playwright.Browser browser,
    Market market,
    PageServer server)
    implements AutoCloseable {
  /** Five minutes after the market's asOfTime. */
  static final Instant NOW = Market.AS_OF.plusSeconds(300);

  /**
   * Noted in the page: what the policy refused, and dialogs. The server's clock is not the
   * market's, so its time is hidden.
   */
  private static final String WATCH =
      """
      window.refused = [];
      document.addEventListener('securitypolicyviolation', (e) => window.refused.push(e.violatedDirective + ' ' + e.blockedURI));
      const get = Headers.prototype.get;
      Headers.prototype.get = function (name) { return name.toLowerCase() === 'date' && !window.keepDate ? null : get.call(this, name); };
      """;

  /** How a visitor's browser is set up. */
  record Setup(
      int width, ColorScheme scheme, boolean script, boolean fixedClock, boolean hasTouch) {
    static Setup plain() {
      return new Setup(1440, ColorScheme.LIGHT, true, true, false);
    }

    Setup touch() {
      return new Setup(width, scheme, script, fixedClock, true);
    }

    Setup width(int pixels) {
      return new Setup(pixels, scheme, script, fixedClock, hasTouch);
    }

    Setup dark() {
      return new Setup(width, ColorScheme.DARK, script, fixedClock, hasTouch);
    }

    Setup withoutScript() {
      return new Setup(width, scheme, false, fixedClock, hasTouch);
    }

    Setup runningClock() {
      return new Setup(width, scheme, script, false, hasTouch);
    }
  }

  Visit open(String query) {
    return open(query, Setup.plain());
  }

  Visit open(String query, Setup setup) {
    Visit visit = blank(setup);
    visit.page().navigate(server.address() + "/throughput.html" + query);
    return visit;
  }

  /** A page that is not at any address yet. */
  Visit blank(Setup setup) {
    return blank(setup, server.address());
  }

  /** A page that will be at {@code origin}. */
  Visit blank(Setup setup, String origin) {
    BrowserContext context =
        browser.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(setup.width(), setup.width() < 500 ? 740 : 900)
                .setColorScheme(setup.scheme())
                .setJavaScriptEnabled(setup.script())
                .setHasTouch(setup.hasTouch())
                .setAcceptDownloads(true));
    context.setDefaultTimeout(20_000);
    context.addInitScript(WATCH);
    Page page = context.newPage();
    if (setup.fixedClock()) {
      page.clock().setFixedTime(Date.from(NOW));
    } else {
      page.clock()
          .install(new com.microsoft.playwright.Clock.InstallOptions().setTime(Date.from(NOW)));
    }
    return new Visit(page, origin);
  }

  @Override
  public void close() {
    server.close();
    browser.close();
    playwright.close();
  }
}
