package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** Keeps the rows that the chain may no longer have at {@code state/suspects.json}. */
public final class SuspectStore {
  public static final ObjectKey KEY = new ObjectKey("state/suspects.json");

  /** More than these are only known to be more: the list never grows past what can be read. */
  static final int MOST = 2_000;

  private static final int VERSION = 1;

  private static final Comparator<Suspect> ORDER =
      Comparator.comparingLong(Suspect::block)
          .thenComparing(Suspect::kind)
          .thenComparing(Suspect::sessionId)
          .thenComparing(Suspect::month);

  private final StateObject<Known> state;

  public SuspectStore(ObjectStore store, CommitRetry retry) {
    state =
        new StateObject<>(
            store,
            retry,
            new StateObject.Form<>(KEY, Known.NONE, SuspectStore::write, SuspectStore::read));
  }

  /**
   * The suspects in order of their blocks.
   *
   * @param hasMore whether there were more than are named
   */
  public record Known(List<Suspect> rows, boolean hasMore) {
    public static final Known NONE = new Known(List.of(), false);

    public Known {
      rows = List.copyOf(rows);
    }

    /** The sessions of a month that do not count there. */
    public Set<Hash32> superseded(RowKind kind, Month month) {
      return superseded(row -> row.kind() == kind && row.month().equals(month))
          .map(Suspect::sessionId)
          .collect(Collectors.toSet());
    }

    /** The months in which some session does not count. */
    public Set<Month> monthsWithSuperseded() {
      return superseded(row -> true).map(Suspect::month).collect(Collectors.toSet());
    }

    private Stream<Suspect> superseded(Predicate<Suspect> also) {
      return rows.stream().filter(row -> row.why() == Suspect.Why.SUPERSEDED).filter(also);
    }
  }

  /**
   * What is stored; {@link Known#NONE} when nothing is.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  public Known find() {
    return state.find();
  }

  /**
   * Takes rows off the list and puts others on it; nothing is written when that changes nothing.
   *
   * @return the list as it is stored now
   */
  public Known update(Collection<Suspect> settled, Collection<Suspect> found) {
    return state.update(before -> changed(before, settled, found));
  }

  private static Known changed(
      Known before, Collection<Suspect> settled, Collection<Suspect> found) {
    List<Suspect> rows = new ArrayList<>(before.rows());
    rows.removeIf(row -> settled.stream().anyMatch(row::isSameRow));
    rows.removeIf(row -> found.stream().anyMatch(row::isSameRow));
    rows.addAll(found);
    rows.sort(ORDER);
    boolean tooMany = rows.size() > MOST;
    // Once the list is empty, all that were too many have been looked at again or are found anew.
    return new Known(
        tooMany ? rows.subList(0, MOST) : rows, tooMany || (before.hasMore() && !rows.isEmpty()));
  }

  private static ObjectNode write(Known known) {
    ObjectNode json = StateJson.object(VERSION).put("hasMore", known.hasMore());
    ArrayNode rows = json.putArray("rows");
    for (Suspect row : known.rows()) {
      rows.addObject()
          .put("kind", row.kind().label())
          .put("month", row.month().toString())
          .put("sessionId", row.sessionId().toHex())
          .put("block", row.block())
          .put("why", row.why().code());
    }
    return json;
  }

  private static Known read(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    List<Suspect> rows = new ArrayList<>();
    for (JsonNode row : StateJson.array(json, "rows")) {
      rows.add(
          new Suspect(
              RowKind.ofLabel(StateJson.text(row, "kind")),
              Month.parse(StateJson.text(row, "month")),
              StateJson.hash(row, "sessionId"),
              StateJson.whole(row, "block"),
              Suspect.Why.of(StateJson.text(row, "why"))));
    }
    return new Known(rows, json.path("hasMore").asBoolean(false));
  }
}
