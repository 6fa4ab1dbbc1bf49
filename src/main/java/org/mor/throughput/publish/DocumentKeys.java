package org.mor.throughput.publish;

import org.mor.throughput.store.ObjectKey;

/** Where each published document is kept. */
public final class DocumentKeys {
  public static final ObjectKey SUMMARY = new ObjectKey("summary.json");

  /** The figures of the summary as HTML, made of the stored summary alone. */
  public static final ObjectKey SUMMARY_PAGE = new ObjectKey("summary.html");

  public static final ObjectKey HOURLY = new ObjectKey("rollup/hourly.json");

  /** The hours by model and provider. */
  public static final ObjectKey HOURLY_CELLS = new ObjectKey("rollup/hourly-cells.json");

  public static final ObjectKey DAILY = new ObjectKey("rollup/daily.json");

  /** The end of the days, for a reader in a hurry. */
  public static final ObjectKey DAILY_RECENT = new ObjectKey("rollup/daily-recent.json");

  public static final ObjectKey WEEKLY = new ObjectKey("rollup/weekly.json");
  public static final ObjectKey MONTHLY = new ObjectKey("rollup/monthly.json");
  public static final ObjectKey BY_MODEL = new ObjectKey("rollup/by-model-daily.json");
  public static final ObjectKey BY_PROVIDER = new ObjectKey("rollup/by-provider-daily.json");
  public static final ObjectKey PERFORMANCE = new ObjectKey("rollup/performance.json");

  /** Names, and where the cells of each month are. */
  public static final ObjectKey PERFORMANCE_INDEX = new ObjectKey("rollup/performance-index.json");

  /** The cells of asOf's month; those of months that are over are named by their content. */
  public static final ObjectKey PERFORMANCE_CURRENT =
      new ObjectKey("rollup/performance-current.json");

  public static final ObjectKey RECOMMENDATIONS = new ObjectKey("rollup/recommendations.json");
  public static final ObjectKey STUCK_SESSIONS = new ObjectKey("stuck-sessions.json");

  private DocumentKeys() {}
}
