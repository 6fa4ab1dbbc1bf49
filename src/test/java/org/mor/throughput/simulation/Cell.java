package org.mor.throughput.simulation;

import java.util.Arrays;
import java.util.List;

/** One cell of the fault matrix. */
record Cell(Site site, Hit hit) {
  static final List<Cell> ALL =
      Arrays.stream(Site.values())
          .flatMap(site -> site.hits().stream().map(hit -> new Cell(site, hit)))
          .toList();
}
