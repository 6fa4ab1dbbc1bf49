package org.mor.throughput.rollup;

/** The windows that end with asOf: after asOf minus the days, up to and including asOf. */
enum Window {
  LAST_24_HOURS(1),
  LAST_7_DAYS(7),
  LAST_30_DAYS(30);

  private final int days;

  Window(int days) {
    this.days = days;
  }

  int days() {
    return days;
  }
}
