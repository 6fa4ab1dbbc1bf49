package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Directory.Translation;
import org.mor.throughput.rollup.Horizon.Window;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Everything finer than a day, or by model or provider: the last month only. */
record RecentCells(
    Horizon horizon,
    Map<Window, Cell> windows,
    TimeCells hours,
    HourlyVolumes.Collector volumes,
    Map<Hash32, TimeCells> models,
    Map<Address, TimeCells> providers,
    Map<Hash32, ModelName> names,
    Rankings rankings)
    implements Serializable {
  /** A model's name as one close has it. */
  record ModelName(long closedAt, Hash32 sessionId, String name) implements Serializable {
    private static final Comparator<ModelName> ORDER =
        Comparator.comparingLong(ModelName::closedAt).thenComparing(ModelName::sessionId);

    /** The later of two; of two at one time always the same one, whatever their order. */
    static ModelName newest(ModelName one, ModelName other) {
      return ORDER.compare(one, other) >= 0 ? one : other;
    }
  }

  RecentCells(Horizon horizon) {
    this(
        horizon,
        new EnumMap<>(Window.class),
        new TimeCells(Granularity.HOUR),
        new HourlyVolumes.Collector(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        new Rankings());
  }

  void add(OpenFacts open) {
    long time = open.openedAt();
    addTo(time, open.modelId(), open.provider(), Cell::addOpen);
  }

  void add(Contribution one) {
    CloseFacts close = one.close();
    long time = close.closedAt();
    addTo(time, close.modelId(), close.provider(), cell -> cell.add(one));
    if (time >= horizon.firstHour()) {
      volumes.add(one, Granularity.HOUR.start(time));
    }
    if (time >= horizon.firstBreakdownDay()) {
      rankings.add(one, Granularity.DAY.start(time));
      if (close.modelId() != null && close.modelName() != null) {
        ModelName name = new ModelName(time, close.sessionId(), close.modelName());
        names.merge(close.modelId(), name, ModelName::newest);
      }
    }
  }

  private void addTo(
      long time, @Nullable Hash32 model, @Nullable Address provider, Consumer<Cell> event) {
    for (Window window : Window.values()) {
      if (horizon.isIn(window, time)) {
        event.accept(window(window));
      }
    }
    if (time >= horizon.firstHour()) {
      event.accept(hours.at(time));
    }
    // An old row may name no model or no provider.
    if (time >= horizon.firstBreakdownDay() && model != null) {
      event.accept(of(models, model).at(time));
    }
    if (time >= horizon.firstBreakdownDay() && provider != null) {
      event.accept(of(providers, provider).at(time));
    }
  }

  private static <K> TimeCells of(Map<K, TimeCells> series, K key) {
    return series.computeIfAbsent(key, k -> new TimeCells(Granularity.DAY));
  }

  void merge(RecentCells other, Translation translation) {
    other.windows.forEach((window, cell) -> window(window).merge(cell, translation));
    hours.merge(other.hours, translation);
    volumes.merge(other.volumes, translation);
    other.models.forEach((id, cells) -> of(models, id).merge(cells, translation));
    other.providers.forEach((id, cells) -> of(providers, id).merge(cells, translation));
    other.names.forEach((id, name) -> names.merge(id, name, ModelName::newest));
    rankings.merge(other.rankings, translation);
  }

  Cell window(Window window) {
    return windows.computeIfAbsent(window, w -> new Cell());
  }
}
