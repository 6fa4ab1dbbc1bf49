package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.chain.Hash32;

/** The address and topics of an eth_getLogs request: each position is open or a list of choices. */
record LogFilter(Set<String> addresses, List<Set<String>> topics) {
  static LogFilter of(JsonNode filter) {
    List<Set<String>> topics = new ArrayList<>();
    filter.path("topics").forEach(topic -> topics.add(choices(topic)));
    return new LogFilter(choices(filter.path("address")), topics);
  }

  /** Nothing chosen means that anything goes. */
  private static Set<String> choices(JsonNode node) {
    Set<String> choices = new TreeSet<>();
    if (node.isTextual()) {
      choices.add(node.asText().toLowerCase(Locale.ROOT));
    }
    node.forEach(choice -> choices.add(choice.asText().toLowerCase(Locale.ROOT)));
    return choices;
  }

  boolean takesDiamond() {
    return addresses.isEmpty() || addresses.contains(SimulatedMarket.DIAMOND.toHex());
  }

  boolean takes(List<Hash32> logged) {
    if (topics.size() > logged.size()) {
      return false;
    }
    for (int i = 0; i < topics.size(); i++) {
      Set<String> wanted = topics.get(i);
      if (!wanted.isEmpty() && !wanted.contains(logged.get(i).toHex())) {
        return false;
      }
    }
    return true;
  }
}
