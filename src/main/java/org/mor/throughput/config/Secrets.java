package org.mor.throughput.config;

import java.util.Map;
import org.mor.throughput.logging.Redactor;

/** Registers the secrets of a configuration before anything of it is read. */
public final class Secrets {
  private Secrets() {}

  /** Hides every secret of {@code variables} in what {@code redactor} lets through. */
  public static void register(Map<String, String> variables, Redactor redactor) {
    for (String url : variables.getOrDefault(Variable.BASE_RPC_URL.name(), "").split(",", -1)) {
      redactor.addUrl(url.strip());
    }
    redactor.add(variables.getOrDefault(Variable.USER_HASH_KEY.name(), "").strip());
  }
}
