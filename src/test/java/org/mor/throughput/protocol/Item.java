package org.mor.throughput.protocol;

/** What the store holds, as far as the model knows: two months, and the state around them. */
enum Item {
  FIRST_MONTH,
  SECOND_MONTH,
  COVERAGE,
  CURSOR,
  DOCUMENT;

  /** The value of an object that does not exist. */
  static final int ABSENT = -1;
}
