package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.Front;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.Rewound;
import org.mor.throughput.testing.StoredRows;
import org.mor.throughput.testing.VirtualTime;

/**
 * The recording is indexed and read again through everything that misbehaves before a node: however
 * a run ends, each row that was true stays as it is, and none is retracted.
 */
class RehearsalFrontTest {
  /** What misbehaves how much, and how a run over it ends; where a node lags chance decides. */
  private static final String MODES =
      """
      passesOn     | 0    | reached
      hangAll      | 0    | no answer after 12 tries
      batch601     | 0    | reached
      batch500     | 0    | reached
      batch422     | 0    | reached
      batchFirst   | 0    | reached
      batchDrop    | 0    | reached
      gw504        | 200  | reached
      drpc30       | 200  | reached
      forwarder    | 200  | reached
      gethTimeout  | 200  | reached
      internal     | 200  | reached
      pay402       | 4    | HTTP 402
      cf403once    | 4    | reached
      cf403        | 0    | a firewall in front of the node
      html200      | 0    | the body is not JSON
      qnCredits    | 0.3  | reached
      qnRps        | 0.3  | reached
      nethGas      | 40   | reached
      neth32000    | 40   | reached
      gasUint      | 40   | reached
      noCallMethod | 0    | eth_call does not exist
      noLogsMethod | 0    | not whitelisted
      noBlockTag   | 0    | reached
      strId        | 0    | another id
      errNull      | 0    | reached
      nullLogs     | 0    | reached
      dupLogs      | 0    | two of the same place
      reverseLogs  | 0    | reached
      shiftIdx     | 3    | reached
      upperAddr    | 0    | reached
      dataEmpty    | 0    | data is malformed
      dataNull     | 0    | data is not a string
      zeroPad      | 0    | reached
      removedStr   | 0    | reached
      emptyAll     | 0    | reached
      emptyWide    | 100  | reached
      truncTo      | 7    | reached
      dropLogs     | 1    | reached
      lag          | 30   | either
      latestState  | 0    | reached
      shuffle      | 0    | reached
      bom          | 0    | reached
      gzip         | 0    | reached
      closeAfter   | 0    | reached
      """;

  /** Modes of the node itself, and the one in which the front does nothing. */
  private static final Set<String> OTHERS = Set.of("passesOn", "dropLogs", "lag");

  private static final long REWOUND = 37_008_100;

  /** Heads whose safe blocks have sessions: the recording knows the hashes of such blocks alone. */
  private static final long HEAD = 37_008_376;

  private static final long GROWN = 37_008_690;
  private static final MemoryObjectStore STORE = new MemoryObjectStore();
  private static ReplayNode node;
  private static Front front;
  private static Map<String, ObjectNode> before = Map.of();
  private static Map<String, ObjectNode> whole = Map.of();
  private final VirtualTime clock = new VirtualTime();

  @BeforeAll
  static void index() throws IOException, InterruptedException {
    node = ReplayNode.start("--max-range", "5000");
    front = Front.before(node);
    MemoryObjectStore all = new MemoryObjectStore();
    Recorded.backfill(healthy(), Recorded.ledger(all, "whole"));
    whole = rows(all, "");
    node.head(HEAD);
    Recorded.backfill(healthy(), Recorded.ledger(STORE, "first"));
    before = rows(STORE, "");
    assertThat(before).hasSizeBetween(1_000, whole.size() - 1);
  }

  @AfterAll
  static void stop() {
    front.close();
    node.close();
  }

  @AfterEach
  void behave() throws IOException, InterruptedException {
    node.control("{\"faults\":{},\"lag\":0,\"head\":%d}".formatted(HEAD));
  }

  @Test
  void everyModeOfTheFrontIsTried() throws IOException {
    Set<String> tried =
        MODES.lines().map(line -> line.split("\\|", 2)[0].strip()).collect(Collectors.toSet());
    tried.removeAll(OTHERS);

    assertThat(tried).isEqualTo(Front.modes());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = MODES)
  void aRescanAndAScheduledRunLoseNoTrueRow(String mode, double much, String end)
      throws IOException, InterruptedException {
    MemoryObjectStore store = StoredRows.copy(STORE);
    misbehave(mode, much);
    ChainReader chain = misbehaving(mode);
    assertEnds(() -> Recorded.rescan(chain, Recorded.ledger(store, "again"), Recorded.START), end);
    assertThat(rows(store, mode)).isEqualTo(like(mode, before));
    assertThat(Recorded.suspects(store)).isEmpty();

    node.head(GROWN);
    assertEnds(() -> Recorded.scheduled(chain, Recorded.ledger(store, "scheduled"), store), end);
    Map<String, ObjectNode> now = rows(store, mode);
    assertThat(now.keySet().containsAll(before.keySet())).isTrue();
    Set<ObjectNode> known = new HashSet<>(like(mode, before).values());
    known.addAll(like(mode, whole).values());
    assertThat(now.values().stream().filter(row -> !known.contains(row))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = MODES)
  void afterARewindRowsThatAreHiddenStaySuspectUntilTheyAreSeen(
      String mode, double much, String end) throws IOException, InterruptedException {
    MemoryObjectStore store = StoredRows.copy(STORE);
    Ledger rewound = Rewound.ledger(store, Recorded.NETWORK, List.of(REWOUND));
    // The recording does not know the hash of this safe block: nothing is said of its state.
    boolean mute = mode.equals("emptyAll");
    node.head(mute ? HEAD + 10 : HEAD);
    misbehave(mode, much);
    assertEnds(() -> Recorded.backfill(misbehaving(mode), rewound), end);
    assertThat(rows(store, mode)).isEqualTo(like(mode, before));
    Set<String> doubted = unread(store);
    assertThat(doubted.isEmpty()).isEqualTo(!mute);
    Recorded.suspects(store).forEach(row -> doubted.remove(row.kind() + " " + row.sessionId()));
    assertThat(doubted).isEmpty();

    behave();
    node.head(GROWN + 10);
    Recorded.rescan(healthy(), Recorded.ledger(store, "healthy"), REWOUND + 1);
    assertThat(rows(store, "")).isEqualTo(whole);
    assertThat(unread(store)).isEmpty();
    assertThat(Recorded.suspects(store)).isEmpty();
  }

  private void misbehave(String mode, double much) throws IOException, InterruptedException {
    front.mode(mode, much);
    switch (mode) {
      case "dropLogs" -> node.control("{\"faults\":{\"dropLogs\":" + much + "}}");
      case "lag" -> node.control("{\"lag\":" + (long) much + "}");
      default -> {}
    }
  }

  private void assertEnds(Runnable run, String end) throws IOException, InterruptedException {
    long asked = front.httpRequests();
    Duration waited = clock.slept();
    String said = "reached";
    try {
      run.run();
    } catch (ChainException e) {
      said = e.getMessage();
      assertThat(said).containsPattern("next: |(put|use) another endpoint");
    }
    if (!end.equals("either")) {
      assertThat(said).contains(end);
    }
    assertThat(front.httpRequests() - asked).isLessThan(1_000);
    assertThat(clock.slept().minus(waited)).isLessThan(Duration.ofMinutes(2));
  }

  private ChainReader misbehaving(String mode) {
    Duration timeout = mode.equals("hangAll") ? Duration.ofMillis(100) : Duration.ofSeconds(10);
    return Recorded.chain(front.url(), clock, timeout);
  }

  private static ChainReader healthy() {
    return Recorded.chain(node.url(), new VirtualTime());
  }

  /** The rows without when they were read. */
  private static Map<String, ObjectNode> rows(MemoryObjectStore store, String mode)
      throws IOException {
    Map<String, ObjectNode> rows = Recorded.rows(store);
    rows.values().forEach(row -> row.remove(List.of("readAtBlock", "generation")));
    return like(mode, rows);
  }

  /** A single endpoint that shifts the indexes of all logs alike is believed. */
  private static Map<String, ObjectNode> like(String mode, Map<String, ObjectNode> rows) {
    if (!mode.equals("shiftIdx")) {
      return rows;
    }
    Map<String, ObjectNode> like = new TreeMap<>();
    rows.forEach((id, row) -> like.put(id, row.deepCopy().without("logIndex")));
    return like;
  }

  /** The rows of before the rewind whose blocks count as read since. */
  private static Set<String> unread(MemoryObjectStore store) throws IOException {
    Coverage coverage = Recorded.ledger(store, "look").coverage().find();
    Set<String> unread = new TreeSet<>();
    Recorded.rows(store)
        .forEach(
            (id, row) -> {
              long block = row.get("blockNumber").asLong();
              if (block > REWOUND
                  && row.path("generation").asInt() == 0
                  && coverage.covers(new BlockRange(block, block))) {
                unread.add(id);
              }
            });
    return unread;
  }
}
