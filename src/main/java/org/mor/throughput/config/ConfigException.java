package org.mor.throughput.config;

import java.util.List;

/** The configuration cannot be used; names every problem at once and no secret. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(List<String> problems) {
    super(message(problems));
  }

  private static String message(List<String> problems) {
    if (problems.size() == 1) {
      return "in the configuration: " + problems.get(0);
    }
    StringBuilder text = new StringBuilder(problems.size() + " problems in the configuration:");
    for (int i = 0; i < problems.size(); i++) {
      text.append("%n  %d) %s".formatted(i + 1, problems.get(i)));
    }
    return text.toString();
  }
}
