package org.mor.throughput.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page's own files, which are part of the program. */
final class PageFiles {
  private static final Pattern FILE =
      Pattern.compile("/((?:[a-z0-9-]{1,32}/){0,2}[a-z0-9-]{1,64}\\.(html|css|js|svg|png|txt))");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8");

  private PageFiles() {}

  /** The file a request's path means; nothing for all that the page does not consist of. */
  static Optional<Answer> find(String path) {
    Matcher file = FILE.matcher(path);
    if (!file.matches()) {
      return Optional.empty();
    }
    try (@Nullable InputStream content =
        PageFiles.class.getResourceAsStream("/site/" + file.group(1))) {
      return content == null
          ? Optional.empty()
          : Optional.of(
              new Answer(
                  200,
                  TYPES.getOrDefault(file.group(2), "application/octet-stream"),
                  "no-cache",
                  content.readAllBytes()));
    } catch (IOException e) {
      throw new IllegalStateException("Reading " + path + " of the program", e);
    }
  }
}
