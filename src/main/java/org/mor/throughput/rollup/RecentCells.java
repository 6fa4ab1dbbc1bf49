package org.mor.throughput.rollup;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Everything finer than a day, or by model or provider: the last month only. */
final class RecentCells {
  private final Horizon horizon;
  private final Map<Window, Cell> windows = new EnumMap<>(Window.class);
  private final TimeCells hours = new TimeCells();
  private final HourlyVolumes.Collector volumes = new HourlyVolumes.Collector();
  private final Map<Hash32, TimeCells> models = new TreeMap<>();
  private final Map<Address, TimeCells> providers = new TreeMap<>();
  private final Map<Hash32, NewestName> names = new TreeMap<>();
  private final Rankings rankings = new Rankings();

  RecentCells(Horizon horizon) {
    this.horizon = horizon;
    for (Window window : Window.values()) {
      windows.put(window, new Cell());
    }
  }

  void add(OpenFacts open) {
    long time = open.openedAt();
    windows.forEach(
        (window, cell) -> {
          if (horizon.isIn(window, time)) {
            cell.addOpen();
          }
        });
    if (time >= horizon.firstHour()) {
      hours.at(Granularity.HOUR.start(time)).addOpen();
    }
    if (time >= horizon.firstBreakdownDay()) {
      long day = Granularity.DAY.start(time);
      of(models, open.modelId(), day).addOpen();
      of(providers, open.provider(), day).addOpen();
    }
  }

  void add(Contribution one) {
    CloseFacts close = one.close();
    long time = close.closedAt();
    windows.forEach(
        (window, cell) -> {
          if (horizon.isIn(window, time)) {
            cell.add(one);
          }
        });
    if (time >= horizon.firstHour()) {
      hours.at(Granularity.HOUR.start(time)).add(one);
      volumes.add(one, Granularity.HOUR.start(time));
    }
    if (time >= horizon.firstBreakdownDay()) {
      long day = Granularity.DAY.start(time);
      of(models, close.modelId(), day).add(one);
      of(providers, close.provider(), day).add(one);
      rankings.add(one, day);
      if (close.modelId() != null && close.modelName() != null) {
        NewestName name = new NewestName(time, close.sessionId(), close.modelName());
        names.merge(close.modelId(), name, NewestName::newer);
      }
    }
  }

  /** The cell to add to; one that nobody sees where an old row does not name the key. */
  private static <K> Cell of(Map<K, TimeCells> series, @Nullable K key, long day) {
    return key == null ? new Cell() : of(series, key).at(day);
  }

  private static <K> TimeCells of(Map<K, TimeCells> series, K key) {
    return series.computeIfAbsent(key, k -> new TimeCells());
  }

  void merge(RecentCells other, Translation translation) {
    windows.forEach((window, cell) -> cell.merge(other.window(window), translation));
    hours.merge(other.hours, translation);
    volumes.merge(other.volumes, translation);
    other.models.forEach((id, cells) -> of(models, id).merge(cells, translation));
    other.providers.forEach((id, cells) -> of(providers, id).merge(cells, translation));
    other.names.forEach((id, name) -> names.merge(id, name, NewestName::newer));
    rankings.merge(other.rankings, translation);
  }

  Cell window(Window window) {
    Cell cell = windows.get(window);
    return cell == null ? new Cell() : cell;
  }

  TimeCells hours() {
    return hours;
  }

  HourlyVolumes.Collector volumes() {
    return volumes;
  }

  Map<Hash32, TimeCells> models() {
    return models;
  }

  Map<Address, TimeCells> providers() {
    return providers;
  }

  Map<Hash32, NewestName> names() {
    return names;
  }

  Rankings rankings() {
    return rankings;
  }
}
