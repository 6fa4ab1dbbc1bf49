package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one run did, as it is kept below {@code state/runs/}; the fields are those of its JSON. Null
 * where a value is not known.
 *
 * @param version of this format
 * @param id names the run; letters, digits and hyphens
 * @param kind {@code scheduled}, {@code backfill} and so on: lower-case letters and hyphens
 * @param by {@code function 12} with the function's version, {@code laptop} or {@code live}
 * @param program the program's version
 * @param start by the writer's clock, ISO 8601
 * @param millis how long it took
 * @param fromBlock the first block that was committed, {@code toBlock} the last; null for none
 * @param cursor the block where the cursor stood last, {@code cursorTime} its time in Unix seconds
 * @param lagSeconds the age of that block when the run ended
 * @param documents how many were written
 * @param rpcRequests HTTP requests to the chain's endpoints
 * @param error the first line of the failure, without secrets; null unless it failed
 */
public record RunRecord(
    int version,
    String id,
    String kind,
    String by,
    String program,
    String start,
    long millis,
    Outcome outcome,
    @Nullable Long fromBlock,
    @Nullable Long toBlock,
    @Nullable Long cursor,
    @Nullable Long cursorTime,
    @Nullable Long lagSeconds,
    Rows opens,
    Rows closes,
    long documents,
    long rpcRequests,
    @Nullable String error) {

  /** The version that is written. */
  public static final int VERSION = 1;

  /** The kinds that scan on from the cursor and publish; {@code status.json} speaks of them. */
  public static final Set<String> SCHEDULED =
      Set.of("scheduled", "forced", "incremental", "live-index");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public RunRecord {
    Instant began = Instant.parse(start);
    if (version != VERSION || (fromBlock != null && (toBlock == null || fromBlock > toBlock))) {
      throw new IllegalArgumentException(
          "Version %d of a run of %s with blocks %s to %s"
              .formatted(version, began, fromBlock, toBlock));
    }
  }

  /** How a run ended. Only a failed one has an error. */
  public enum Outcome {
    DONE,
    /** Something was left over: for want of time, after Ctrl-C, or because it was not found. */
    PARTIAL,
    FAILED;

    /** As it is stored and shown. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Rows of one kind: new ones, and stored ones that were written anew. */
  public record Rows(long added, long changed) {
    public static final Rows NONE = new Rows(0, 0);

    public long written() {
      return added + changed;
    }

    public Rows plus(long moreAdded, long moreChanged) {
      return new Rows(added + moreAdded, changed + moreChanged);
    }
  }

  /** A run's id as a record has it: hyphens take the place of other characters. */
  public static String id(String run) {
    return run.replaceAll("[^A-Za-z0-9-]", "-");
  }

  /** The record as JSON: what is stored, and what {@code runs --json} prints. */
  public ObjectNode json() {
    return JSON.valueToTree(this);
  }

  /** Throws IllegalArgumentException for content that is no record. */
  static RunRecord of(ObjectNode json) {
    return JSON.convertValue(json, RunRecord.class);
  }
}
