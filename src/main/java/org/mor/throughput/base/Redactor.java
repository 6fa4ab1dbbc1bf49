package org.mor.throughput.base;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces registered secrets by {@code ***}. A second line of defence: nothing is meant to print a
 * secret in the first place. Safe for use by many threads.
 */
public final class Redactor {
  private static final String MASK = "***";

  /** Shorter pieces of a URL are versions and network names, not keys. */
  private static final int SHORTEST_KEY = 8;

  /** In what a node answers, where a piece too many that is masked does no harm. */
  private static final int SHORTEST_IN_ANSWERS = 6;

  private static final Pattern ANY_URL = Pattern.compile("(?i)\\b(?:https?|wss?)://\\S+");

  private record Secret(String text, Pattern pattern) {}

  private volatile List<Secret> secrets = List.of();

  /** One that hides every part of {@code url} but its host in what a node answers. */
  public static Redactor ofAnswers(URI url) {
    Redactor redactor = new Redactor();
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
        redactor.addParts(part, "[/?&=:]", SHORTEST_IN_ANSWERS, "");
        redactor.addParts(part, "$", SHORTEST_IN_ANSWERS, "");
      }
    }
    if (url.getUserInfo() != null) {
      redactor.add(Base64.getEncoder().encodeToString(url.getUserInfo().getBytes(UTF_8)));
    }
    return redactor;
  }

  /** From now on {@code secret} is replaced wherever it stands; an empty one is ignored. */
  public synchronized void add(String secret) {
    if (secret.isBlank() || secrets.stream().anyMatch(known -> known.text.equals(secret))) {
      return;
    }
    Pattern pattern = Pattern.compile(Pattern.quote(secret), Pattern.CASE_INSENSITIVE);
    // Longest first, so that a secret inside another leaves no rest of the longer one.
    secrets =
        Stream.concat(secrets.stream(), Stream.of(new Secret(secret, pattern)))
            .sorted(Comparator.comparingInt((Secret known) -> known.text.length()).reversed())
            .toList();
  }

  /**
   * From now on {@code url} and every part of it that can be a key is replaced: user info, long
   * path segments and long query values, as written and decoded. The host stays readable.
   */
  public void addUrl(String url) {
    add(url);
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      return; // The whole text is registered; it has no parts.
    }
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    addParts(uri.getRawUserInfo(), ":", SHORTEST_KEY, host);
    addParts(uri.getRawPath(), "/", SHORTEST_KEY, host);
    addParts(uri.getRawQuery(), "[&=]", SHORTEST_KEY, host);
  }

  /** Adds the long parts that are not in the host, and the other writings that proxies use. */
  private void addParts(@Nullable String text, String separator, int shortest, String host) {
    for (String part : text == null ? new String[0] : text.split(separator, -1)) {
      if (part.length() >= shortest
          && (host.isEmpty() || !host.contains(part.toLowerCase(Locale.ROOT)))) {
        String encoded = URLEncoder.encode(part, UTF_8);
        List.of(part, decoded(part), encoded, encoded.replace("+", "%20")).forEach(this::add);
      }
    }
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part, UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }

  /** The text with every registered secret replaced. */
  public String redact(String text) {
    String clean = text;
    for (Secret secret : secrets) {
      clean = secret.pattern.matcher(clean).replaceAll(MASK);
    }
    return clean;
  }

  /**
   * A stranger's text on one line of at most {@code maxLength} characters and a count, without
   * secrets and without any URL. The text may have been cut before: its end may begin a secret.
   */
  public String redactAnswer(String text, int maxLength) {
    String clean = ANY_URL.matcher(withoutCutSecret(redact(text))).replaceAll("(url)");
    clean = TerminalText.clean(clean.replaceAll("\\s+", " ")).strip();
    return clean.length() <= maxLength
        ? clean
        : clean.substring(0, maxLength) + "... (" + clean.length() + " characters)";
  }

  private String withoutCutSecret(String text) {
    for (Secret secret : secrets) {
      String whole = secret.text;
      for (int length = Math.min(whole.length() - 1, text.length()); length >= 4; length--) {
        if (text.regionMatches(true, text.length() - length, whole, 0, length)) {
          return text.substring(0, text.length() - length) + MASK;
        }
      }
    }
    return text;
  }
}
