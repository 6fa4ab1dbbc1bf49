package org.mor.throughput.adapter.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes an endpoint's secrets out of text that a node or the HTTP client wrote. */
final class Scrubber {
  /** Shorter parts of a URL, as v2 or rpc, hide no key and occur in ordinary messages. */
  private static final int SHORTEST_SECRET = 6;

  private static final Pattern ANY_URL = Pattern.compile("(?i)\\b(?:https?|wss?)://\\S+");
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cntrl}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]+");

  private final List<Pattern> secrets;
  private final List<String> texts;

  Scrubber(URI url) {
    Set<String> parts = new LinkedHashSet<>();
    for (@Nullable String part :
        new @Nullable String[] {
          url.getRawPath(),
          url.getPath(),
          url.getRawQuery(),
          url.getQuery(),
          url.getRawUserInfo(),
          url.getUserInfo(),
          url.getRawFragment()
        }) {
      if (part != null) {
        parts.add(part);
        parts.addAll(List.of(part.split("[/?&=:]")));
      }
    }
    // Nodes and proxies repeat what they got in other writings too.
    for (String part : List.copyOf(parts)) {
      String encoded = URLEncoder.encode(part, UTF_8);
      parts.add(encoded);
      parts.add(encoded.replace("+", "%20"));
    }
    if (url.getUserInfo() != null) {
      parts.add(Base64.getEncoder().encodeToString(url.getUserInfo().getBytes(UTF_8)));
    }
    // Longest first, so that no tail of a secret is left when a part of it is taken out.
    this.texts =
        parts.stream()
            .filter(part -> part.length() >= SHORTEST_SECRET)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    this.secrets =
        texts.stream()
            .map(part -> Pattern.compile(Pattern.quote(part), Pattern.CASE_INSENSITIVE))
            .collect(Collectors.toUnmodifiableList());
  }

  String scrub(String text, int maxLength) {
    String clean = text;
    for (Pattern secret : secrets) {
      clean = secret.matcher(clean).replaceAll("***");
    }
    clean = withoutCutSecret(clean);
    clean = ANY_URL.matcher(clean).replaceAll("(url)");
    clean = CONTROL.matcher(clean).replaceAll(" ").strip();
    return clean.length() <= maxLength
        ? clean
        : clean.substring(0, maxLength) + "... (" + clean.length() + " characters)";
  }

  /** The text was cut before it came here: its end may be the start of a secret. */
  private String withoutCutSecret(String text) {
    for (String secret : texts) {
      for (int length = Math.min(secret.length() - 1, text.length()); length >= 4; length--) {
        if (text.regionMatches(true, text.length() - length, secret, 0, length)) {
          return text.substring(0, text.length() - length) + "***";
        }
      }
    }
    return text;
  }
}
