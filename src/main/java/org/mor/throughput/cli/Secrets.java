package org.mor.throughput.cli;

import java.util.Map;
import org.mor.throughput.logging.Redactor;

/** Registers the secrets of a configuration before anything of it is read. */
final class Secrets {
  private Secrets() {}

  static void register(Map<String, String> variables, Redactor redactor) {
    for (String url : variables.getOrDefault(Variable.BASE_RPC_URL.name(), "").split(",", -1)) {
      redactor.addUrl(url.strip());
    }
    redactor.add(variables.getOrDefault(Variable.USER_HASH_KEY.name(), "").strip());
  }
}
