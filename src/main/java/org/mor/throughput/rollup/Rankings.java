package org.mor.throughput.rollup;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.MetricRules.TokenClass;

/** Collects what recommendations rest on: the closes of the last 30 days with token totals. */
final class Rankings {
  private final Map<Key, RankingCell> cells = new HashMap<>();

  /** Model and provider are numbers of a directory. */
  private record Key(int model, Measure measure, int size, int provider) {
    Key in(Translation translation) {
      return new Key(translation.models()[model], measure, size, translation.providers()[provider]);
    }
  }

  /** Who is compared with whom. */
  private record Field(Hash32 model, Measure measure, int size) {}

  void add(Contribution one, long day) {
    if (one.tokenClass() != TokenClass.RECEIPT
        || one.model() == Names.NONE
        || one.provider() == Names.NONE) {
      return;
    }
    for (Measure measure : Measure.values()) {
      at(new Key(one.model(), measure, measure.size(one), one.provider()))
          .add(one, measure.sample(one), day);
    }
  }

  void merge(Rankings other, Translation translation) {
    other.cells.forEach((key, cell) -> at(key.in(translation)).merge(cell, translation));
  }

  private RankingCell at(Key key) {
    return cells.computeIfAbsent(key, k -> new RankingCell());
  }

  /** By model, measure and class; only where there is a sample. */
  List<Recommendation> recommend(Horizon horizon, Directory directory) {
    Map<Field, Map<Address, RankingCell>> fields =
        new TreeMap<>(
            Comparator.comparing(Field::model)
                .thenComparing(Field::measure)
                .thenComparingInt(Field::size));
    cells.forEach(
        (key, cell) -> {
          if (cell.values().count() > 0) {
            Hash32 model = directory.models().values().get(key.model());
            fields
                .computeIfAbsent(
                    new Field(model, key.measure(), key.size()), field -> new TreeMap<>())
                .put(directory.providers().values().get(key.provider()), cell);
          }
        });
    Recommender recommender = new Recommender(horizon.asOf());
    return fields.entrySet().stream()
        .map(
            field ->
                recommender.of(
                    field.getKey().model(),
                    field.getKey().measure(),
                    field.getKey().size(),
                    field.getValue()))
        .toList();
  }
}
