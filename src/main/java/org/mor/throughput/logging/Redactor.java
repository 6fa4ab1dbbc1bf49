package org.mor.throughput.logging;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces registered secrets by {@code ***}. A second line of defence: nothing is meant to print a
 * secret in the first place. Safe for use by many threads.
 */
public final class Redactor {
  static final String MASK = "***";

  /** Shorter pieces of a URL are versions and network names, not keys. */
  private static final int SHORTEST_KEY = 8;

  private volatile List<String> secrets = List.of();

  /** From now on {@code secret} is replaced wherever it stands; an empty one is ignored. */
  public synchronized void add(String secret) {
    TreeSet<String> all =
        new TreeSet<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    all.addAll(secrets);
    if (!secret.isBlank()) {
      all.add(secret);
    }
    // Longest first, so that a secret inside another leaves no rest of the longer one.
    secrets = List.copyOf(all);
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
    addParts(uri.getRawUserInfo(), "[:]", host);
    addParts(uri.getRawPath(), "/", host);
    addParts(uri.getRawQuery(), "[&=]", host);
  }

  private void addParts(@Nullable String text, String separator, String host) {
    if (text == null) {
      return;
    }
    for (String part : text.split(separator, -1)) {
      if (part.length() >= SHORTEST_KEY && !host.contains(part.toLowerCase(Locale.ROOT))) {
        add(part);
        add(decoded(part));
      }
    }
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }

  /** The text with every registered secret replaced. */
  public String redact(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, MASK);
    }
    return clean;
  }
}
