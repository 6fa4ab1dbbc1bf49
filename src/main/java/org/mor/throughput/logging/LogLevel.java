package org.mor.throughput.logging;

import ch.qos.logback.classic.Level;

/** From which severity on the project logs. Libraries log warnings and errors only. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR;

  Level level() {
    return Level.toLevel(name());
  }

  Level libraryLevel() {
    return this == ERROR ? Level.ERROR : Level.WARN;
  }
}
