package org.mor.throughput.kill;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.testing.StrictS3Server;

/**
 * What is killed and where.
 *
 * @param program the words that start the indexer
 * @param work an empty directory for stores and logs
 * @param node the address of the chain's node
 * @param startBlock the first block that is scanned
 * @param fork the address of a node on the same chain after a reorganisation; empty where none is
 * @param stages the commands of a round, one after the other; those that begin with {@link #FORK}
 *     ask that node
 * @param s3 the server with the stores' bucket; empty for file stores
 */
record KillSetting(
    List<String> program,
    Path work,
    String node,
    String fork,
    long startBlock,
    List<String> stages,
    Optional<StrictS3Server> s3) {
  static final String BUCKET = "kill-bucket";
  static final String FORK = "fork: ";

  KillSetting {
    program = List.copyOf(program);
    stages = List.copyOf(stages);
  }

  String location(String round) {
    return s3.isEmpty() ? "file:" + work.resolve(round) : "s3://" + BUCKET + "/" + round + "/";
  }

  /** Every object of a round's store, by key. */
  Map<String, byte[]> objects(String round) {
    Map<String, byte[]> objects = new TreeMap<>();
    if (s3.isPresent()) {
      String prefix = round + "/";
      s3.get()
          .objects()
          .forEach(
              (key, body) -> {
                if (key.startsWith(prefix)) {
                  objects.put(key.substring(prefix.length()), body);
                }
              });
      return objects;
    }
    ObjectStore store = new FileObjectStore(work.resolve(round));
    for (ObjectInfo info : store.list("")) {
      store.find(info.key()).ifPresent(found -> objects.put(info.key().value(), found.body()));
    }
    return objects;
  }

  /** Counts what a process does in a round's store from now on. */
  IntSupplier meter(String round) {
    return s3.map(Meter::requests).orElseGet(() -> Meter.files(work.resolve(round)));
  }

  Map<String, String> environment(String round, String stage) {
    return Map.of(
        "STORE", location(round),
        "BASE_RPC_URL", stage.startsWith(FORK) ? fork : node,
        "START_BLOCK", Long.toString(startBlock),
        "MAX_BLOCKS_PER_RUN", "10000000",
        "AWS_REGION", "us-east-1",
        "AWS_ENDPOINT_URL",
            s3.map(server -> server.endpoint().toString()).orElse("http://127.0.0.1:1"),
        "AWS_ACCESS_KEY_ID", "test",
        "AWS_SECRET_ACCESS_KEY", "test",
        "LOG_LEVEL", "WARN");
  }
}
