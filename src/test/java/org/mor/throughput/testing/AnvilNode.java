package org.mor.throughput.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint128;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Hash;

/**
 * A real Ethereum node with a contract (Sessions.sol) that keeps sessions and bids where the
 * diamond does. Anvil comes from npm, as {@code src/test/chain-tools} names it; without it the
 * calling test is skipped.
 */
public final class AnvilNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FROM = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String url;
  private String contract = "";

  private AnvilNode(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  public static AnvilNode start() throws Exception {
    Process process =
        new ProcessBuilder(tool("anvil").toString(), "--port", "0", "--chain-id", "8453")
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith("Listening on ")) {
      line = out.readLine();
    }
    assertThat(line).as("what anvil printed").isNotNull();
    Thread reader = new Thread(() -> out.lines().forEach(any -> {}));
    reader.setDaemon(true);
    reader.start();
    AnvilNode node = new AnvilNode(process, "http://" + line.substring("Listening on ".length()));
    node.deploy();
    return node;
  }

  /** A program of Foundry: {@code anvil} or {@code cast}. */
  public static Path tool(String name) throws IOException {
    Path folder = NodeTools.install(Path.of("src/test/chain-tools"), "chain-tools");
    try (Stream<Path> files = Files.walk(folder.resolve("node_modules/@foundry-rs"))) {
      Optional<Path> file =
          files.filter(path -> path.endsWith("bin/" + name) && Files.isExecutable(path)).findAny();
      assumeTrue(file.isPresent(), "skipped: npm has no " + name + " for this machine");
      return file.get().toAbsolutePath();
    }
  }

  public String url() {
    return url;
  }

  public String contract() {
    return contract;
  }

  public void bid(Address provider, Hash32 model, long price, long nonce) throws Exception {
    send("postBid", address(provider), word(model), new Uint256(price), new Uint256(nonce));
  }

  /** The contract's name for a bid: keccak256 of provider, model and nonce. */
  public static Hash32 bidId(Address provider, Hash32 model, int nonce) {
    ByteBuffer packed = ByteBuffer.allocate(84).put(provider.toArray()).put(model.toArray());
    return Hash32.of(Hash.sha3(packed.put(83, (byte) nonce).array()));
  }

  public void open(Address user, Hash32 bid, long stake, long seconds) throws Exception {
    Type<?> length = new Uint128(java.math.BigInteger.valueOf(seconds));
    send("open", address(user), word(bid), new Uint256(stake), length, new Bool(false));
  }

  public void close(Hash32 id, Bytes receipt, long type, long paid) throws Exception {
    DynamicBytes bytes = new DynamicBytes(receipt.toArray());
    send("close", word(id), bytes, new Uint256(type), new Uint256(paid));
  }

  public JsonNode rpc(String method, Object... params) throws Exception {
    String body =
        JSON.writeValueAsString(
            JSON.createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .set("params", JSON.valueToTree(params)));
    JsonNode answer = JSON.readTree(post(body.getBytes(StandardCharsets.UTF_8)));
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
    return answer.path("result");
  }

  /** A node before it that changes each answer's text. */
  public HttpServer front(UnaryOperator<String> lie) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (InputStream in = exchange.getRequestBody()) {
            byte[] answer =
                lie.apply(new String(post(in.readAllBytes()), StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
    server.start();
    return server;
  }

  private void deploy() throws Exception {
    try (InputStream in =
        AnvilNode.class.getResourceAsStream("/org/mor/throughput/stateproof/Sessions.bin")) {
      String code = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
      contract =
          receipt(JSON.createObjectNode().put("data", code)).path("contractAddress").asText();
    }
  }

  @SuppressWarnings("rawtypes") // web3j's Function takes the raw type
  private void send(String function, Type... input) throws Exception {
    String data = FunctionEncoder.encode(new Function(function, List.of(input), List.of()));
    receipt(JSON.createObjectNode().put("to", contract).put("data", data));
  }

  private JsonNode receipt(com.fasterxml.jackson.databind.node.ObjectNode transaction)
      throws Exception {
    JsonNode hash =
        rpc("eth_sendTransaction", transaction.put("from", FROM).put("gas", "0x989680"));
    JsonNode receipt = rpc("eth_getTransactionReceipt", hash.asText());
    for (int i = 0; receipt.isNull() && i < 10_000; i++) {
      receipt = rpc("eth_getTransactionReceipt", hash.asText());
    }
    assertThat(receipt.path("status").asText()).isEqualTo("0x1");
    return receipt;
  }

  private byte[] post(byte[] body) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }

  private static Type<String> address(Address value) {
    return new org.web3j.abi.datatypes.Address(value.toHex());
  }

  private static Bytes32 word(Hash32 value) {
    return new Bytes32(value.toArray());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
