package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.live.Message.Draft;

/** Makes the market's figures after every step, and publishes them every ten seconds. */
final class Figures {
  private static final long EVERY_MILLIS = 10_000;

  /** The figures of now; replaced as a whole. */
  record View(ObjectNode lifecycle, ObjectNode throughput, ObjectNode contention, String stagesBy) {
    /** A number of {@link Blocks#json}; -1 where it is not there. */
    long number(String field) {
      return lifecycle.path(field).asLong(-1);
    }
  }

  private final Hub hub;
  private final LongSupplier millis;
  private final Map<EventName, ObjectNode> before = new EnumMap<>(EventName.class);
  private long publishedAt = Long.MIN_VALUE / 2;
  private volatile @Nullable View view;

  Figures(Hub hub, LongSupplier millis) {
    this.hub = hub;
    this.millis = millis;
  }

  /** Empty before the first step. */
  Optional<View> view() {
    return Optional.ofNullable(view);
  }

  void update(Blocks blocks, Market market, String stagesBy) {
    BlockHeader top = blocks.top();
    ObjectNode throughput = market.throughput(top.timestamp());
    ObjectNode contention = market.contention(top.timestamp());
    view = new View(blocks.json(), throughput, contention, stagesBy);
    if (millis.getAsLong() - publishedAt >= EVERY_MILLIS) {
      publishedAt = millis.getAsLong();
      List<Draft> drafts = new ArrayList<>();
      add(drafts, EventName.THROUGHPUT, top, throughput);
      add(drafts, EventName.CONTENTION, top, contention);
      hub.publish(drafts);
    }
  }

  private void add(List<Draft> drafts, EventName name, BlockHeader top, ObjectNode payload) {
    if (!payload.equals(before.put(name, payload))) {
      drafts.add(Draft.of(name, null, top.number(), -1, null, top.timestamp(), payload, ""));
    }
  }
}
