package org.mor.throughput.archive;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * The records of runs, one object each. The key holds the start, kind, outcome, duration and lag,
 * so that a listing alone answers what {@code status.json} asks. No two runs share a key: writing
 * one reads nothing and meets no other writer.
 */
public final class RunStore {
  public static final String PREFIX = "state/runs/";

  /** Terraform's lifecycle rule removes older ones. */
  public static final Duration KEPT = Duration.ofDays(400);

  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("yyyy-MM/dd'T'HHmmssSSS", Locale.ROOT);

  /** Of a start: ten days, of which one writer's keys fit one page of a listing. */
  private static final int TEN_DAYS = "yyyy-MM/d".length();

  private static final Pattern KEY =
      Pattern.compile(
          PREFIX
              + "(\\d{4}-\\d{2}/\\d{2}T\\d{9})_([a-z-]{1,32})_(done|partial|failed)"
              + "_(\\d{1,15})_(\\d{1,15}|x)_([A-Za-z0-9-]{1,64})\\.json");

  private final ObjectStore store;

  public RunStore(ObjectStore store) {
    this.store = store;
  }

  /**
   * What the key of a record says.
   *
   * @param lagSeconds null when it was not known
   */
  public record Entry(
      ObjectKey key,
      Instant start,
      String kind,
      Outcome outcome,
      long millis,
      @Nullable Long lagSeconds,
      String id) {

    /** When the run ended, by its own clock. */
    public Instant end() {
      return start.plusMillis(millis);
    }

    /** Empty for a key of another form, such as one of a newer program. */
    static Optional<Entry> of(ObjectKey key) {
      Matcher part = KEY.matcher(key.value());
      try {
        return part.matches()
            ? Optional.of(
                new Entry(
                    key,
                    LocalDateTime.parse(part.group(1), START).toInstant(ZoneOffset.UTC),
                    part.group(2),
                    Outcome.valueOf(part.group(3).toUpperCase(Locale.ROOT)),
                    Long.parseLong(part.group(4)),
                    part.group(5).equals("x") ? null : Long.valueOf(part.group(5)),
                    part.group(6)))
            : Optional.empty();
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Stores a record; one put.
   *
   * @throws org.mor.throughput.store.StoreException when the store does not take it
   */
  public void add(RunRecord run) {
    ObjectKey key =
        new ObjectKey(
            "%s%s_%s_%s_%d_%s_%s.json"
                .formatted(
                    PREFIX,
                    START.format(Instant.parse(run.start()).atOffset(ZoneOffset.UTC)),
                    run.kind(),
                    run.outcome(),
                    run.millis(),
                    run.lagSeconds() == null ? "x" : run.lagSeconds(),
                    run.id()));
    store.create(key, StateJson.encode(key, run.json()), ObjectAttributes.PRIVATE_JSON);
  }

  /**
   * The newest runs first. Reads no record: it lists ten days after the other.
   *
   * @param to where it begins; a run of the same ten days that began later is there too
   * @param from where it stops; a run that began before is left out
   * @param most how many of those that fit
   */
  public List<Entry> newest(Instant to, Instant from, int most, Predicate<Entry> fits) {
    List<Entry> found = new ArrayList<>();
    LocalDate last = LocalDate.ofInstant(from, ZoneOffset.UTC);
    String listed = "";
    for (LocalDate day = LocalDate.ofInstant(to, ZoneOffset.UTC);
        !day.isBefore(last) && found.size() < most;
        day = day.minusDays(1)) {
      String days = START.format(day.atStartOfDay()).substring(0, TEN_DAYS);
      if (!days.equals(listed)) {
        listed = days;
        store.keys(PREFIX + days).stream()
            .flatMap(key -> Entry.of(key).stream())
            .filter(entry -> !entry.start().isBefore(from))
            .filter(fits)
            .sorted(Comparator.comparing(Entry::key).reversed())
            .limit(most - found.size())
            .forEach(found::add);
      }
    }
    return found;
  }

  /**
   * One whole record.
   *
   * @throws CorruptObjectException when it cannot be read, or is gone by now
   */
  public RunRecord read(Entry entry) {
    return store
        .find(entry.key())
        .map(object -> StateJson.decode(entry.key(), object.body(), RunRecord::of))
        .orElseThrow(
            () -> new CorruptObjectException("Reading %s: it is gone".formatted(entry.key())));
  }
}
