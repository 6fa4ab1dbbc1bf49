package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.live.Message.Draft;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;

/**
 * The sessions that run now, and how many ran at once in the last 30 days, by provider and model. A
 * session runs from its open to its close or its end. Used by one thread.
 */
final class Market {
  private static final long DAY = 86_400;
  private static final int PEAK_DAYS = 30;

  /** Longer than a session can be, before the 30 days. */
  private static final int DAYS_READ = 38;

  private static final int TOP = 20;

  /** A session that runs. */
  record Open(String id, @Nullable String provider, @Nullable String model, long endsAt) {}

  /** How many sessions of one provider or model run, and the most of each day. */
  private static final class Load {
    private int open;
    private final TreeMap<Long, Integer> peaks = new TreeMap<>();

    void change(int by, long day) {
      // The day begins with what the day before left.
      peaks.merge(day, open, Math::max);
      open += by;
      peaks.merge(day, open, Math::max);
    }

    int peak(long day) {
      peaks.headMap(day - PEAK_DAYS, true).clear();
      return peaks.values().stream().reduce(open, Math::max);
    }
  }

  private final Rates rates = new Rates();
  private final Map<String, Open> open = new HashMap<>();
  private final Map<String, Open> ended = new HashMap<>();

  /** Of these, sessions whose end had come; a close afterwards ends them no more. */
  private final Set<String> expired = new HashSet<>();

  private final PriorityQueue<Open> ends =
      new PriorityQueue<>(Comparator.comparingLong(Open::endsAt).thenComparing(Open::id));
  private final Map<String, Load> providers = new HashMap<>();
  private final Map<String, Load> models = new HashMap<>();

  /** Everything that happened since then, in Unix seconds, is known. */
  void knownSince(long time) {
    rates.knownSince(time);
  }

  /**
   * Begins with the stored rows, as if they happened again.
   *
   * @param now the time of the block up to which rows count, in Unix seconds
   */
  void load(RowArchive rows, Payloads payloads, long block, long now) {
    List<Draft> events = new ArrayList<>();
    Consumer<SessionRow> take =
        row -> {
          if (row.position().block() <= block) {
            events.add(payloads.event(row, Stage.FINALIZED));
          }
        };
    for (Month month : rows.months()) {
      if (month.next().firstSecond() >= now - DAYS_READ * DAY) {
        rows.forEachOpen(month, take);
        rows.forEachClose(month, take);
      }
    }
    events.sort(Comparator.comparing(Draft::timestamp).thenComparing(event -> event.key().name()));
    for (Draft event : events) {
      expired(event.timestamp()).forEach(session -> end(session.id(), session.endsAt()));
      apply(event);
    }
    expired(now).forEach(session -> end(session.id(), session.endsAt()));
    ended.clear();
  }

  private void begin(Open session, long time) {
    if (session.endsAt() > 0 && open.putIfAbsent(session.id(), session) == null) {
      ends.add(session);
      count(session, 1, time);
    }
  }

  private void end(String id, long time) {
    Open session = open.remove(id);
    if (session != null) {
      ended.put(id, session);
      count(session, -1, time);
    }
  }

  private void count(Open session, int by, long time) {
    long day = Math.floorDiv(time, DAY);
    if (session.provider() != null) {
      providers.computeIfAbsent(session.provider(), id -> new Load()).change(by, day);
    }
    if (session.model() != null) {
      models.computeIfAbsent(session.model(), id -> new Load()).change(by, day);
    }
  }

  /** An event happened. */
  void apply(Draft event) {
    Message.Key key = event.key();
    long time = event.timestamp();
    switch (key.name()) {
      case SESSION_OPENED -> {
        if (!rates.isClosed(event.secret())) {
          long endsAt = event.payload().path("ends_at").asLong();
          begin(new Open(event.secret(), key.provider(), key.model(), endsAt), time);
        }
        rates.opened(event.secret(), time);
      }
      case SESSION_CLOSED -> {
        end(event.secret(), time);
        rates.closed(event.secret(), time, event.payload());
      }
      case SESSION_EXPIRED -> {
        expired.add(event.secret());
        end(event.secret(), time);
      }
      default -> {}
    }
  }

  /** An event never happened; of several of one session the latest is undone first. */
  void undo(EventName name, String id, long time) {
    if (name == EventName.SESSION_OPENED) {
      end(id, time);
      ended.remove(id);
      rates.neverOpened(id);
    } else if (name == EventName.SESSION_CLOSED || name == EventName.SESSION_EXPIRED) {
      if (name == EventName.SESSION_CLOSED) {
        rates.neverClosed(id);
        if (expired.contains(id)) {
          return; // It had ended before it was closed.
        }
      }
      expired.remove(id);
      Open session = ended.remove(id);
      if (session != null) {
        begin(session, time);
      }
    }
  }

  /** Events are final: what ended will not begin again. */
  void settle(Draft event) {
    if (event.key().name() != EventName.SESSION_OPENED) {
      ended.remove(event.secret());
      expired.remove(event.secret());
    }
  }

  /** The running sessions whose end has come, first ended first. */
  List<Open> expired(long time) {
    List<Open> expired = new ArrayList<>();
    while (!ends.isEmpty() && ends.peek().endsAt() <= time) {
      Open session = ends.remove();
      if (session.equals(open.get(session.id()))) {
        expired.add(session);
      }
    }
    return expired;
  }

  ObjectNode throughput(long time) {
    return rates.json(time, open.size());
  }

  /** Providers and models by how near they are to their own peak; the first 20 of each. */
  ObjectNode contention(long time) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("open_sessions", open.size());
    write(json.putArray("providers"), "provider", providers, Math.floorDiv(time, DAY));
    write(json.putArray("models"), "model_id", models, Math.floorDiv(time, DAY));
    return json;
  }

  private static void write(ArrayNode list, String field, Map<String, Load> loads, long day) {
    record Busy(String id, int open, int peak) {}
    loads.entrySet().stream()
        .filter(load -> load.getValue().open > 0)
        .map(load -> new Busy(load.getKey(), load.getValue().open, load.getValue().peak(day)))
        .sorted(
            Comparator.comparingDouble((Busy busy) -> (double) busy.open() / busy.peak())
                .thenComparingInt(Busy::open)
                .reversed()
                .thenComparing(Busy::id))
        .limit(TOP)
        .forEach(
            busy ->
                list.addObject()
                    .put(field, busy.id())
                    .put("open", busy.open())
                    .put("peak_30d", busy.peak())
                    .put("load", Math.round(1000.0 * busy.open() / busy.peak()) / 1000.0));
  }
}
