package org.mor.throughput.serve;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an answer can be split by. */
enum Dimension {
  MODEL("model"),
  PROVIDER("provider"),
  DAY("day"),
  INPUT_CLASS("inputClass"),
  OUTPUT_CLASS("outputClass");

  private final String field;

  Dimension(String field) {
    this.field = field;
  }

  /** Its name in questions and answers. */
  String field() {
    return field;
  }

  static Optional<Dimension> named(String name) {
    return Arrays.stream(values()).filter(one -> one.field.equals(name)).findFirst();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Dimension::field).toList();
  }
}
