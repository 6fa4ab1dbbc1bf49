package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.live.Subscription.BadSubscriptionException;

/**
 * Where a client begins.
 *
 * @param resumeFrom the number of the last message that it has
 * @param fromBlock the first block whose stored events it wants
 */
record Beginning(Subscription subscription, @Nullable Long resumeFrom, @Nullable Long fromBlock) {
  private static final String RESUME = "resume_from";
  private static final String BLOCK = "from_block";

  /**
   * Reads a query.
   *
   * @throws BadSubscriptionException when something of it is not accepted
   */
  static Beginning read(Channel channel, Map<String, String> query) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    query.forEach(
        (name, value) -> {
          if (Subscription.LISTS.contains(name)) {
            ArrayNode list = json.putArray(name);
            for (String element : value.split(",", -1)) {
              list.add(element.strip());
            }
          } else {
            json.put(name, value);
          }
        });
    Set<String> accepted = new HashSet<>(Subscription.FIELDS);
    accepted.addAll(Set.of(RESUME, BLOCK));
    Subscription subscription = Subscription.read(channel, json, accepted);
    Beginning read = new Beginning(subscription, number(RESUME, query), number(BLOCK, query));
    if (read.resumeFrom != null && read.fromBlock != null) {
      throw new BadSubscriptionException(
          "resume_from and from_block exclude each other; accepted: one of them");
    }
    return read;
  }

  private static @Nullable Long number(String name, Map<String, String> query) {
    String text = query.get(name);
    if (text != null && !text.matches("[0-9]{1,18}")) {
      throw new BadSubscriptionException(name + " is not accepted; accepted: a whole number");
    }
    return text == null ? null : (Long) Long.parseLong(text);
  }

  /** The first message: how the stream begins, and why; a snapshot is added where it says so. */
  ObjectNode greeting(long oldest, long newest) {
    ObjectNode json = Hub.control("resume");
    json.put(
        "mode", fromBlock != null ? "history" : resumes(oldest, newest) ? "resume" : "snapshot");
    json.put("oldest_seqno", oldest).put("newest_seqno", newest);
    if (fromBlock != null) {
      json.put(BLOCK, fromBlock);
    } else if (resumes(oldest, newest)) {
      json.put(RESUME, resumeFrom);
    } else if (resumeFrom == null) {
      json.put("reason", "no resume_from was given");
    } else {
      boolean future = resumeFrom > newest;
      json.put(
          "reason",
          "resume_from is " + (future ? "in the future" : "older than the oldest message"));
    }
    return json;
  }

  /** Whether every message since then is still there. */
  private boolean resumes(long oldest, long newest) {
    return resumeFrom != null && resumeFrom <= newest && resumeFrom >= oldest - 1;
  }

  /** The number of the first message that is sent. */
  long next(long oldest, long newest) {
    return resumeFrom != null && resumes(oldest, newest) ? resumeFrom + 1 : newest + 1;
  }
}
