package org.mor.throughput.logging;

/** From which severity on the project logs. Libraries log warnings and errors only. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
