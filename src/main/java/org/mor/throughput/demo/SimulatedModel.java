package org.mor.throughput.demo;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/** A registered model; registering it again under another name keeps the id. */
record SimulatedModel(
    Hash32 id, Address owner, Modality modality, int weight, List<ModelVersion> versions) {
  SimulatedModel {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("Model " + id + " was never registered");
    }
  }

  /** What was registered at a block; empty before the first registration. */
  Optional<ModelVersion> at(long block) {
    return versions.stream()
        .filter(version -> version.fromBlock() <= block)
        .reduce((older, newer) -> newer);
  }

  boolean isRenamed() {
    return versions.stream().map(ModelVersion::name).distinct().count() > 1;
  }

  /** A model's name and tags from one block on. */
  record ModelVersion(long fromBlock, String name, List<String> tags) {
    ModelVersion {
      tags = List.copyOf(tags);
    }
  }

  /** What a simulated model does, which decides what its receipts hold. */
  enum Modality {
    /** Reports tokens. */
    CHAT,
    /** Reports no tokens; old nodes reported absurd rates. */
    OTHER
  }
}
