package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Names;
import org.mor.throughput.rollup.Directory.Translation;
import org.mor.throughput.session.MetricRules.TokenClass;
import org.roaringbitmap.RoaringBitmap;

/** Collects what recommendations rest on: the closes of the last 30 days with token totals. */
final class Rankings implements Serializable {
  private final Map<Key, Cell> cells = new HashMap<>();

  /** Model and provider are numbers of a directory. */
  private record Key(int model, Measure measure, int size, int provider) implements Serializable {}

  /** Who is compared with whom. */
  private record Field(Hash32 model, Measure measure, int size) {
    static final Comparator<Field> ORDER =
        Comparator.comparing(Field::model)
            .thenComparing(Field::measure)
            .thenComparingInt(Field::size);
  }

  /** What one provider showed in one class; samples that are disputed or flagged are not in it. */
  static final class Cell implements Serializable {
    private final Sketch values = new Sketch();
    private final RoaringBitmap users = new RoaringBitmap();
    private final RoaringBitmap days = new RoaringBitmap();
    private long lastSample = Long.MIN_VALUE;
    private long closes;
    private long disputed;

    private void add(Contribution one, long sample, long day) {
      closes++;
      disputed += one.close().disputed() ? 1 : 0;
      if (sample > 0 && !one.flagged()) {
        values.add(sample);
        days.add((int) (day / 86400));
        lastSample = Math.max(lastSample, one.close().closedAt());
        if (one.user() != Names.NONE) {
          users.add(one.user());
        }
      }
    }

    private void merge(Cell other, Translation translation) {
      values.merge(other.values);
      users.or(Translation.translate(other.users, translation.users()));
      days.or(other.days);
      lastSample = Math.max(lastSample, other.lastSample);
      closes += other.closes;
      disputed += other.disputed;
    }

    Sketch values() {
      return values;
    }

    RoaringBitmap users() {
      return users;
    }

    RoaringBitmap days() {
      return days;
    }

    /** Unix seconds; of no meaning without a sample. */
    long lastSample() {
      return lastSample;
    }

    long closes() {
      return closes;
    }

    long disputed() {
      return disputed;
    }
  }

  void add(Contribution one, long day) {
    if (one.tokenClass() != TokenClass.RECEIPT
        || one.model() == Names.NONE
        || one.provider() == Names.NONE) {
      return;
    }
    for (Measure measure : Measure.values()) {
      at(one.model(), measure, measure.size(one), one.provider())
          .add(one, measure.sample(one), day);
    }
  }

  void merge(Rankings other, Translation to) {
    other.cells.forEach(
        (key, cell) ->
            at(to.model(key.model), key.measure, key.size, to.provider(key.provider))
                .merge(cell, to));
  }

  private Cell at(int model, Measure measure, int size, int provider) {
    return cells.computeIfAbsent(new Key(model, measure, size, provider), k -> new Cell());
  }

  /** By model, measure and class; only where there is a sample. */
  List<Recommendation> recommend(AsOf asOf, Directory directory) {
    SortedMap<Field, SortedMap<Address, Cell>> fields = new TreeMap<>(Field.ORDER);
    cells.forEach(
        (key, cell) -> {
          if (cell.values.count() > 0) {
            Hash32 model = directory.models().values().get(key.model);
            fields
                .computeIfAbsent(new Field(model, key.measure, key.size), f -> new TreeMap<>())
                .put(directory.providers().values().get(key.provider), cell);
          }
        });
    Recommender recommender = new Recommender(asOf);
    List<Recommendation> recommendations = new ArrayList<>();
    fields.forEach(
        (field, providers) ->
            recommendations.add(recommender.of(field.model, field.measure, field.size, providers)));
    return recommendations;
  }
}
