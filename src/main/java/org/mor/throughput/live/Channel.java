package org.mor.throughput.live;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a path streams unless its client narrows it. */
enum Channel {
  ALL,
  SESSIONS,
  MARKET,
  THROUGHPUT,
  CONTENTION,
  LIFECYCLE;

  Set<EventName> events() {
    return switch (this) {
      case ALL -> EnumSet.allOf(EventName.class);
      case SESSIONS ->
          EnumSet.of(
              EventName.SESSION_OPENED,
              EventName.SESSION_CLOSED,
              EventName.SESSION_EXPIRED,
              EventName.SESSION_RETRACTED);
      case MARKET -> EnumSet.range(EventName.BID_POSTED, EventName.SESSION_RETRACTED);
      case THROUGHPUT -> EnumSet.of(EventName.THROUGHPUT);
      case CONTENTION -> EnumSet.of(EventName.CONTENTION);
      case LIFECYCLE -> EnumSet.of(EventName.BLOCK_STAGE);
    };
  }

  /** What stands behind {@code /v1/ws} and {@code /v1/sse}. */
  private String suffix() {
    return this == ALL ? "" : "/" + name().toLowerCase(Locale.ROOT);
  }

  /** The channel of a path that begins with {@code root}. */
  static Optional<Channel> of(String root, String path) {
    return Arrays.stream(values())
        .filter(channel -> path.equals(root + channel.suffix()))
        .findFirst();
  }

  static String paths(String root) {
    return Arrays.stream(values())
        .map(channel -> root + channel.suffix())
        .collect(Collectors.joining(", "));
  }
}
