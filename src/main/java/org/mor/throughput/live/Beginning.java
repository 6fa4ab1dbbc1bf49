package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.live.Subscription.BadSubscriptionException;

/**
 * Where a client begins.
 *
 * @param resumeFrom the number of the last message that it has
 * @param fromBlock the first block whose stored events it wants
 */
record Beginning(Subscription subscription, @Nullable Long resumeFrom, @Nullable Long fromBlock) {
  /**
   * Reads a query.
   *
   * @throws BadSubscriptionException when something of it is not accepted
   */
  static Beginning read(Channel channel, Map<String, String> query) {
    for (String name : query.keySet()) {
      if (!Subscription.isField(name)
          && !name.equals("resume_from")
          && !name.equals("from_block")) {
        throw new BadSubscriptionException(
            "unknown parameter; accepted: events, from_block, min_stage, models, providers, resume_from, transitions");
      }
    }
    Long resume = number("resume_from", query);
    Long block = number("from_block", query);
    if (resume != null && block != null) {
      throw new BadSubscriptionException(
          "resume_from and from_block exclude each other; accepted: one of them");
    }
    return new Beginning(Subscription.read(channel, query), resume, block);
  }

  private static @Nullable Long number(String name, Map<String, String> query) {
    String text = query.get(name);
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new BadSubscriptionException(name + " is not accepted; accepted: a whole number");
    }
    return Long.parseLong(text);
  }

  /** Whether every message since then is still there. */
  boolean resumes(long oldest, long newest) {
    return fromBlock == null
        && resumeFrom != null
        && resumeFrom <= newest
        && resumeFrom >= oldest - 1;
  }

  /** The first message: how the stream begins, and why. */
  ObjectNode greeting(long oldest, long newest) {
    ObjectNode json = Hub.control("resume");
    boolean resumes = resumes(oldest, newest);
    json.put("mode", fromBlock != null ? "history" : resumes ? "resume" : "snapshot");
    json.put("oldest_seqno", oldest).put("newest_seqno", newest);
    if (fromBlock != null) {
      json.put("from_block", fromBlock);
    } else if (resumes) {
      json.put("resume_from", resumeFrom);
    } else {
      json.put("reason", reason(newest));
    }
    return json;
  }

  private String reason(long newest) {
    if (resumeFrom == null) {
      return "no resume_from was given";
    }
    return resumeFrom > newest
        ? "resume_from is in the future"
        : "resume_from is older than the oldest message";
  }
}
