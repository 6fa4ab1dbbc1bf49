package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps at {@code state/open-sessions.json} what the contract said about sessions without a close,
 * so that a run need not ask about all of them again. The object exists only where there are more
 * of them than one run asks about anyway.
 */
public final class OpenSessionStore {
  public static final ObjectKey KEY = new ObjectKey("state/open-sessions.json");

  /** Takes some 6 MB; of the sessions beyond it the contract is asked in every run. */
  static final int MOST = 40_000;

  private static final int VERSION = 1;

  private final StateObject<Optional<OpenSessions>> state;

  public OpenSessionStore(ObjectStore store, Patience retry) {
    state =
        StateObject.optional(store, retry, KEY, OpenSessionStore::write, OpenSessionStore::read);
  }

  /**
   * What the contract says of one session.
   *
   * @param endsAt Unix seconds
   * @param closedAt Unix seconds; 0 while it is open
   * @param block at whose state, or a later one, that was read
   */
  public record Reading(long endsAt, Wei stake, long closedAt, long block) {
    public Reading {
      if (endsAt < 0 || closedAt < 0 || block < 0) {
        throw new IllegalArgumentException(
            "Impossible session: ends at %d, closed at %d, read at block %d"
                .formatted(endsAt, closedAt, block));
      }
    }
  }

  /**
   * What a run knew about all of them.
   *
   * @param generation of the cursor
   * @param time of the block as of which it looked, in Unix seconds
   */
  public record OpenSessions(int generation, long time, Map<Hash32, Reading> readings) {
    public OpenSessions {
      readings = Map.copyOf(readings);
    }

    private boolean isNewer(OpenSessions than) {
      return generation > than.generation || (generation == than.generation && time >= than.time);
    }
  }

  /**
   * What was kept last.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Optional<OpenSessions> find() {
    return state.find();
  }

  /** Keeps it, unless what is there is of a later generation or time. */
  public void keep(OpenSessions sessions) {
    state.update(
        known ->
            known.filter(before -> !sessions.isNewer(before)).isPresent()
                ? known
                : Optional.of(sessions));
  }

  private static ObjectNode write(OpenSessions sessions) {
    ObjectNode json =
        StateJson.object(VERSION)
            .put("time", sessions.time())
            .put(StateJson.GENERATION, sessions.generation());
    ArrayNode all = json.putArray("sessions");
    sessions.readings().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST)
        .forEach(
            one ->
                all.addObject()
                    .put("id", one.getKey().toHex())
                    .put("endsAt", one.getValue().endsAt())
                    .put("stake", one.getValue().stake().value())
                    .put("closedAt", one.getValue().closedAt())
                    .put("block", one.getValue().block()));
    return json;
  }

  private static OpenSessions read(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    Map<Hash32, Reading> readings = new TreeMap<>();
    for (JsonNode one : StateJson.array(json, "sessions")) {
      if (!(one instanceof ObjectNode session) || !session.path("stake").isIntegralNumber()) {
        throw new IllegalArgumentException("no session: " + one);
      }
      BigInteger stake = session.get("stake").bigIntegerValue();
      readings.put(
          StateJson.hash(session, "id"),
          new Reading(
              StateJson.whole(session, "endsAt"),
              Wei.of(stake),
              StateJson.whole(session, "closedAt"),
              StateJson.whole(session, "block")));
    }
    return new OpenSessions(StateJson.generation(json), StateJson.whole(json, "time"), readings);
  }
}
