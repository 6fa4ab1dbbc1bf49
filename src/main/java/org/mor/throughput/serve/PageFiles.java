package org.mor.throughput.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page's own files and the schemas of the documents; both are part of the program. */
final class PageFiles {
  private static final Pattern FILE =
      Pattern.compile(
          "(?:/[a-z0-9-]{1,32}){0,2}/[a-z0-9-]{1,64}\\.(?:html|css|js|svg|png|txt)"
              + "|/api/throughput/schema/[a-z-]{1,64}\\.schema\\.json");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8",
          "json", "application/json");

  private static final String PAGE = "/throughput.html";

  /** What the page's head says of a live server: that there is none. */
  private static final String NO_LIVE = "<meta name=\"live\" content=\"\">";

  private final String live;

  /**
   * @param live where the page finds the live server, such as {@code /}; empty for none
   */
  PageFiles(String live) {
    this.live = live;
  }

  /** The file a request's path means; nothing where it means none. */
  Optional<Answer> find(String path) {
    if (!FILE.matcher(path).matches()) {
      return Optional.empty();
    }
    try (@Nullable InputStream content = PageFiles.class.getResourceAsStream("/site" + path)) {
      return content == null
          ? Optional.empty()
          : Optional.of(
              new Answer(
                  200,
                  TYPES.getOrDefault(
                      path.substring(path.lastIndexOf('.') + 1), "application/octet-stream"),
                  "no-cache",
                  path.equals(PAGE) ? page(content.readAllBytes()) : content.readAllBytes()));
    } catch (IOException e) {
      throw new IllegalStateException("Reading " + path + " of the program", e);
    }
  }

  private byte[] page(byte[] content) {
    String text = new String(content, UTF_8);
    if (!text.contains(NO_LIVE)) {
      throw new IllegalStateException("The page's head does not say " + NO_LIVE);
    }
    return text.replace(NO_LIVE, NO_LIVE.replace("\"\"", "\"" + live + "\"")).getBytes(UTF_8);
  }
}
