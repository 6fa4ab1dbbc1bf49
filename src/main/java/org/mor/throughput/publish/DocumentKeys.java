package org.mor.throughput.publish;

import org.mor.throughput.store.ObjectKey;

/** Where each published document is kept. */
public final class DocumentKeys {
  public static final ObjectKey SUMMARY = new ObjectKey("summary.json");
  public static final ObjectKey HOURLY = new ObjectKey("rollup/hourly.json");
  public static final ObjectKey DAILY = new ObjectKey("rollup/daily.json");
  public static final ObjectKey WEEKLY = new ObjectKey("rollup/weekly.json");
  public static final ObjectKey MONTHLY = new ObjectKey("rollup/monthly.json");
  public static final ObjectKey BY_MODEL = new ObjectKey("rollup/by-model-daily.json");
  public static final ObjectKey BY_PROVIDER = new ObjectKey("rollup/by-provider-daily.json");
  public static final ObjectKey STUCK_SESSIONS = new ObjectKey("stuck-sessions.json");

  private DocumentKeys() {}
}
