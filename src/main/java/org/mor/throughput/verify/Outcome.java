package org.mor.throughput.verify;

/** How a check ended. */
public enum Outcome {
  OK("ok"),
  DIFFERS("differs"),
  /** Rows are in doubt. Nothing is proven against them, so it is no difference. */
  SUSPECT("suspect"),
  /** Something that had to be read is damaged. */
  DAMAGED("damaged"),
  NOT_CHECKED("not checked");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
