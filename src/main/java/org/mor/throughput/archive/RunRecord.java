package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mor.throughput.chain.BlockRange;

/**
 * What one run did, as it is kept below {@code state/runs/}.
 *
 * @param id names the run; letters, digits and hyphens
 * @param kind {@code scheduled}, {@code backfill} and so on: lower-case letters and hyphens
 * @param by {@code function 12} with the function's version, {@code laptop} or {@code live}
 * @param version the program's
 * @param start by the writer's clock
 * @param millis how long it took
 * @param lagSeconds the age of the cursor's block when the run ended; empty when it is not known
 * @param rpcRequests HTTP requests to the chain's endpoints
 * @param error the first line of the failure, without secrets; empty unless it failed
 */
public record RunRecord(
    String id,
    String kind,
    String by,
    String version,
    Instant start,
    long millis,
    Outcome outcome,
    Work work,
    OptionalLong lagSeconds,
    long rpcRequests,
    Optional<String> error) {

  /** The kinds that scan on from the cursor and publish; {@code status.json} speaks of them. */
  public static final Set<String> SCHEDULED =
      Set.of("scheduled", "forced", "incremental", "live-index");

  private static final int VERSION = 1;

  /** How a run ended. Only a failed one has an error. */
  public enum Outcome {
    DONE,
    /** Something was left over: for want of time, after Ctrl-C, or because it was not found. */
    PARTIAL,
    FAILED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a run wrote.
   *
   * @param blocks the first and the last block that were committed; empty for none
   * @param cursor the last block and its time where the cursor stood last; -1 where not known
   */
  public record Work(
      Optional<BlockRange> blocks, CursorBlock cursor, Rows opens, Rows closes, long documents) {
    public static final Work NONE =
        new Work(Optional.empty(), CursorBlock.UNKNOWN, Rows.NONE, Rows.NONE, 0);
  }

  /** A block and its time in Unix seconds, each empty when it is not known. */
  public record CursorBlock(OptionalLong number, OptionalLong time) {
    public static final CursorBlock UNKNOWN =
        new CursorBlock(OptionalLong.empty(), OptionalLong.empty());
  }

  /** Rows of one kind: new ones, and stored ones that were written anew. */
  public record Rows(long added, long changed) {
    static final Rows NONE = new Rows(0, 0);

    public long written() {
      return added + changed;
    }

    public Rows plus(long moreAdded, long moreChanged) {
      return new Rows(added + moreAdded, changed + moreChanged);
    }
  }

  /** The record as JSON: what is stored, and what {@code runs --json} prints. */
  public ObjectNode json() {
    ObjectNode json = StateJson.object(VERSION);
    json.put("id", id).put("kind", kind).put("by", by).put("program", version);
    json.put("start", start.toString()).put("millis", millis).put("outcome", outcome.text());
    json.put("fromBlock", work.blocks().map(BlockRange::first).orElse(null));
    json.put("toBlock", work.blocks().map(BlockRange::last).orElse(null));
    put(json, "cursor", work.cursor().number());
    put(json, "cursorTime", work.cursor().time());
    put(json, "lagSeconds", lagSeconds);
    rows(json.putObject("opens"), work.opens());
    rows(json.putObject("closes"), work.closes());
    json.put("documents", work.documents()).put("rpcRequests", rpcRequests);
    return json.put("error", error.orElse(null));
  }

  /** Throws IllegalArgumentException for content that is no record. */
  static RunRecord of(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    try {
      Optional<BlockRange> blocks =
          json.path("fromBlock").isNull()
              ? Optional.empty()
              : Optional.of(
                  new BlockRange(
                      StateJson.whole(json, "fromBlock"), StateJson.whole(json, "toBlock")));
      CursorBlock cursor = new CursorBlock(maybe(json, "cursor"), maybe(json, "cursorTime"));
      return new RunRecord(
          StateJson.text(json, "id"),
          StateJson.text(json, "kind"),
          StateJson.text(json, "by"),
          StateJson.text(json, "program"),
          Instant.parse(StateJson.text(json, "start")),
          StateJson.whole(json, "millis"),
          Outcome.valueOf(StateJson.text(json, "outcome").toUpperCase(Locale.ROOT)),
          new Work(
              blocks,
              cursor,
              rows(json.path("opens")),
              rows(json.path("closes")),
              StateJson.whole(json, "documents")),
          maybe(json, "lagSeconds"),
          StateJson.whole(json, "rpcRequests"),
          json.path("error").isNull()
              ? Optional.empty()
              : Optional.of(StateJson.text(json, "error")));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("\"start\" is not a time", e);
    }
  }

  private static void rows(ObjectNode json, Rows rows) {
    json.put("added", rows.added()).put("changed", rows.changed());
  }

  private static Rows rows(JsonNode json) {
    return new Rows(StateJson.whole(json, "added"), StateJson.whole(json, "changed"));
  }

  private static void put(ObjectNode json, String name, OptionalLong value) {
    json.put(name, value.isPresent() ? (Long) value.getAsLong() : null);
  }

  private static OptionalLong maybe(JsonNode json, String name) {
    return json.path(name).isNull()
        ? OptionalLong.empty()
        : OptionalLong.of(StateJson.whole(json, name));
  }
}
