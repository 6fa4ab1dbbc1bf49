package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionId;
import org.mor.throughput.testing.AnvilNode;
import org.mor.throughput.testing.NodeTools;
import org.web3j.crypto.Hash;

/** {@code verify --trustless} against a real node, and against one that lies in one field. */
class TrustlessPathTest {
  private static final int SESSIONS = 48;
  private static final int CLOSED = 40;
  private static final long STAKE = 0x51ac_e000_0000L;
  private static final Address PROVIDER = Address.fromHex("0x" + "c1".repeat(20));
  private static final Hash32 MODEL = Hash32.fromHex("0x" + "3d".repeat(32));

  private static AnvilNode node;
  private static final List<Hash32> IDS = new ArrayList<>();

  private final Path temp;

  TrustlessPathTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @BeforeAll
  static void trade() throws Exception {
    node = AnvilNode.start();
    node.bid(PROVIDER, MODEL, 1_000, 0);
    node.bid(PROVIDER, MODEL, 2_000, 1);
    for (int i = 0; i < SESSIONS; i++) {
      Address user = Address.of(java.util.Arrays.copyOf(Hash.sha3(new byte[] {(byte) i}), 20));
      Hash32 bid = bid(i % 2);
      node.open(user, bid, STAKE + i, 3_600);
      IDS.add(SessionId.of(user, PROVIDER, bid, i));
      if (i < CLOSED) {
        node.close(IDS.get(i), receipt(i), i % 3 == 0 ? 1 : 0, 7L * i);
      }
    }
    node.rpc("anvil_mine", "0x80");
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  /** Seven fields, five, none, short, and four kilobytes of junk. */
  private static Bytes receipt(int i) {
    int[] sizes = {224, 160, 0, 20, 4_096};
    byte[] receipt = new byte[sizes[i % sizes.length]];
    if (receipt.length >= 160) {
      ByteBuffer.wrap(receipt).put(IDS.get(i).toArray()).position(56).putLong(8453);
      receipt[127] = 60;
      receipt[159] = (byte) i;
    }
    return Bytes.of(receipt);
  }

  private static Hash32 bid(int nonce) {
    return AnvilNode.bidId(PROVIDER, MODEL, nonce);
  }

  private EndToEnd cli(String... urls) {
    return new EndToEnd(temp)
        .with("START_BLOCK", "1")
        .with("DIAMOND_ADDRESS", node.contract())
        .with("SAFETY_LAG_BLOCKS", "0")
        .with("BASE_RPC_URL", String.join(",", urls));
  }

  @Test
  void everyRowIsProven() throws Exception {
    EndToEnd cli = cli(node.url());
    cli.run("backfill --start-block 1").done();

    EndToEnd.Ended ended = cli.run("verify --trustless --seed 4").done();
    assertThat(ended.out())
        .contains(
            "the finalized block; trusts 127.0.0.1 for the block hash alone",
            "48 opened, proven; as many open rows are stored",
            "40 of 40 closes proven, 0 differ: that is every close in question",
            "No difference.");

    JsonNode json = json(cli.run("verify --trustless --sample 12 --seed 4 --json").done());
    assertThat(json.path("meaning").asText())
        .isEqualTo(
            "12 of 12 closes proven, 0 differ: with 99 % confidence fewer than 31.9 % of the closes differ");
    assertThat(json.path("population").asInt()).isEqualTo(CLOSED);

    String newest = node.rpc("eth_getBlockByNumber", "latest", false).path("hash").asText();
    json = json(cli.run("verify --trustless --all --json --block-hash " + newest).done());
    assertThat(json.path("basis").asText()).isEqualTo("the given hash");
    assertThat(json.path("hash").asText()).isEqualTo(newest);
    assertThat(json.path("proven").asInt()).isEqualTo(CLOSED);
  }

  @Test
  void hashedUsersAreProvenThroughTheKey() {
    EndToEnd cli = cli(node.url()).with("USER_HASH_KEY", "k".repeat(40));
    cli.run("backfill --start-block 1").done();

    assertThat(cli.run("verify --trustless --all").done().out())
        .contains("40 of 40 closes proven", "that is every close in question");
  }

  /** The node gave another stake for one session while rows were read. */
  @Test
  void aLieInOneFieldOfOneSessionIsNamed() throws Exception {
    String truth = "%064x".formatted(STAKE + 17);
    HttpServer liar = node.front(answer -> answer.replace(truth, "%064x".formatted(STAKE + 18)));
    try {
      cli(url(liar)).run("backfill --start-block 1").done();
    } finally {
      liar.stop(0);
    }

    EndToEnd.Ended ended = cli(node.url()).run("verify --trustless --all");
    assertThat(ended.code()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.out())
        .contains(
            "session %s: stakeWei is \"%d\", the state has \"%d\""
                .formatted(IDS.get(17), STAKE + 18, STAKE + 17),
            "39 of 40 closes proven, 1 differ",
            "There are differences.");
  }

  /** The node that serves proofs lies to make a wrong row look right; another one tells. */
  @Test
  void aLieInAProofIsRefusedAndItsHostNamed() throws Exception {
    cli(node.url()).run("backfill --start-block 1").done();
    UnaryOperator<String> lie =
        answer ->
            answer.replace("\"0x%x\"".formatted(STAKE + 17), "\"0x%x\"".formatted(STAKE + 18));
    HttpServer liar = node.front(lie);
    try {
      EndToEnd.Ended alone = cli(url(liar)).run("verify --trustless --all");
      assertThat(alone.code()).as(alone.toString()).isEqualTo(3);
      assertThat(alone.err())
          .contains("127.0.0.1: refused: slot ", "but the state has 0x", "next:");

      String honest = node.url().replace("127.0.0.1", "localhost");
      EndToEnd.Ended both = cli(url(liar), honest).run("verify --trustless --all").done();
      assertThat(both.out())
          .contains("40 of 40 closes proven", "127.0.0.1 sent what is not true: slot ");
    } finally {
      liar.stop(0);
    }
  }

  /** A header whose state root was exchanged no longer hashes to what the other endpoint says. */
  @Test
  void endpointsThatDisagreeAboutTheFinalBlockProveNothing() throws Exception {
    cli(node.url()).run("backfill --start-block 1").done();
    long finalized =
        Long.decode(node.rpc("eth_getBlockByNumber", "finalized", false).path("number").asText());
    String hash = node.rpc("eth_getBlockByNumber", "finalized", false).path("hash").asText();
    HttpServer liar = node.front(answer -> answer.replace(hash, "0x" + "ee".repeat(32)));
    try {
      String honest = node.url().replace("127.0.0.1", "localhost");
      EndToEnd.Ended ended = cli(honest, url(liar)).run("verify --trustless");
      assertThat(ended.code()).as(ended.toString()).isEqualTo(5);
      assertThat(ended.err()).contains("disagree about block " + finalized, "--block-hash");
    } finally {
      liar.stop(0);
    }
  }

  @Test
  void anEndpointWithoutProofsIsSaid() throws Exception {
    cli(node.url()).run("backfill --start-block 1").done();
    HttpServer without =
        node.front(
            answer ->
                answer.contains("accountProof")
                    ? "{\"jsonrpc\":\"2.0\",\"id\":"
                        + answer.replaceAll(".*\"id\":(\\d+).*", "$1")
                        + ",\"error\":{\"code\":-32601,\"message\":\"the method eth_getProof does not exist/is not available\"}}"
                    : answer);
    try {
      EndToEnd.Ended ended = cli(url(without)).run("verify --trustless");
      assertThat(ended.code()).as(ended.toString()).isEqualTo(3);
      assertThat(ended.err()).contains("eth_getProof does not exist", "next: doctor says which");
      cli(url(without)).run("incremental").done();
    } finally {
      without.stop(0);
    }
  }

  /** What docs/trust.md says about one row, with the tools that it names. */
  @Test
  void oneRowIsProvenByHand() throws Exception {
    String page = Files.readString(Path.of("docs/trust.md"));
    String recipe = page.substring(page.indexOf("## One row by hand"));
    recipe = recipe.substring(recipe.indexOf("```sh\n") + 6);
    recipe = recipe.substring(0, recipe.indexOf("```"));
    String number = node.rpc("eth_blockNumber").asText();
    String script =
        "set -e\nPATH=%s:$PATH\nDIAMOND=%s NUMBER=%d RPC=%s\n%s"
            .formatted(
                AnvilNode.tool("cast").getParent(),
                node.contract(),
                Long.decode(number),
                node.url(),
                recipe.replace("ID=0x…", "ID=" + IDS.get(5)));

    NodeTools.Run run = NodeTools.run(Path.of("."), script, "bash");

    assertThat(run.code()).as(run.errors()).isZero();
    JsonNode block = node.rpc("eth_getBlockByNumber", number, false);
    assertThat(run.output())
        .contains("\"value\":\"0x%x\"".formatted(STAKE + 5), block.path("hash").asText());
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static JsonNode json(EndToEnd.Ended ended) throws Exception {
    return new ObjectMapper().readTree(ended.out());
  }
}
