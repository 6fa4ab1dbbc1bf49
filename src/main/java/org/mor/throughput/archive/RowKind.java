package org.mor.throughput.archive;

import java.util.Locale;
import java.util.Optional;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.ObjectKey;

/** The two kinds of partitions, and where each is kept. */
public enum RowKind {
  /** Rows of SessionOpened, by the month of {@code openedAt}. */
  OPENS("raw/opens/"),
  /** Rows of SessionClosed, by the month of {@code closedAt}. */
  CLOSES("raw/closes/");

  /** What every key of either kind starts with. */
  public static final String ROOT = "raw/";

  private static final String SUFFIX = ".ndjson.gz";

  private final String prefix;

  RowKind(String prefix) {
    this.prefix = prefix;
  }

  /** What every key of this kind starts with. */
  public String prefix() {
    return prefix;
  }

  /** {@code opens} or {@code closes}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RowKind ofLabel(String label) {
    for (RowKind kind : values()) {
      if (kind.label().equals(label)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("unknown kind " + label);
  }

  /** The kind of a row. */
  public static RowKind of(SessionRow row) {
    return row instanceof OpenRow ? OPENS : CLOSES;
  }

  /** The partition of a month, such as {@code raw/closes/2026-05.ndjson.gz}. */
  public ObjectKey key(Month month) {
    return new ObjectKey(prefix + month + SUFFIX);
  }

  /** The month whose partition {@code key} is; empty when it is no partition of this kind. */
  public Optional<Month> month(ObjectKey key) {
    String name = key.value();
    if (!name.startsWith(prefix) || !name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Month.parse(name.substring(prefix.length(), name.length() - SUFFIX.length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
