package org.mor.throughput.demo;

import java.util.List;

/** A model's name and tags from one block on. */
record ModelVersion(long fromBlock, String name, List<String> tags) {
  ModelVersion {
    tags = List.copyOf(tags);
  }
}
