package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.contract.Diamond.ProviderModelStats;
import org.mor.throughput.session.SafeText;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.Fuzz;
import org.mor.throughput.testing.HostileText;
import org.mor.throughput.testing.Words;

/** Whatever the contract returns or stores, decoding it ends, and ends as promised. */
class ContractFuzzTest {
  private static final long CHAIN = 8453;
  private static final FakeSession SESSION = session();
  private static final Hash32 ID = SESSION.id();

  private static FakeSession session() {
    return new FakeChain(1_000).open(1, 1, 1, 10, 3_600).closed(60, 30_000, 700, 100, 200);
  }

  @Test
  void receipts() {
    byte[] seven = receipt(7);
    Fuzz.of("CloseoutReceipt", List.of(seven, receipt(5)))
        .feed(
            input -> {
              CloseoutReceipt receipt = CloseoutReceipt.decode(Bytes.of(input), ID, CHAIN);
              boolean trusted = receipt.format() == ReceiptFormat.SEVEN_FIELD;
              assertThat(receipt.bytes()).isEqualTo(input.length);
              assertThat(!trusted || input.length == 224).isTrue();
              assertThat(receipt.inputTokens().isPresent()).isEqualTo(trusted);
              assertThat(receipt.tpsScaled1000().orElse(0)).isBetween(0L, (1L << 32) - 1);
            });
  }

  private static byte[] receipt(int words) {
    Words receipt = new Words().hash(ID).number(CHAIN).number(1_770_000_000_000L);
    for (int i = 3; i < words; i++) {
      receipt.number(1_000L * i);
    }
    return receipt.done().toArray();
  }

  @Test
  void sessions() {
    returns(
        "SessionState",
        List.of(returned(Kind.SESSION)),
        data ->
            SessionState.decode(data, ID)
                .ifPresent(
                    state -> {
                      assertThat(state.openedAt()).isPositive();
                      CloseoutReceipt.decode(state.receipt(), ID, CHAIN);
                    }));
  }

  @Test
  void bidsAndStatistics() {
    List<byte[]> bid = List.of(returned(Kind.BID));
    returns("BidState", bid, data -> BidState.decode(data, ID));
    byte[] stats = new byte[7 * 32];
    returns(
        "ProviderModelStats",
        List.of(stats),
        data -> assertThat(ProviderModelStats.decode(data, "any")).isNotNull());
  }

  @Test
  void models() {
    List<byte[]> models = new ArrayList<>();
    for (String name : List.of("glm-5.1", "\u202E<b>", "x".repeat(300), "")) {
      models.add(model(name));
    }
    returns(
        "ModelState",
        models,
        data ->
            ModelState.decode(data, ID)
                .ifPresent(
                    model -> {
                      String name = SafeText.clean(model.name());
                      assertThat(model.tags()).hasSizeLessThanOrEqualTo(64);
                      assertThat(HostileText.unsafe(name)).isEmpty();
                      assertThat(name.codePointCount(0, name.length())).isLessThanOrEqualTo(64);
                    }));
  }

  private static byte[] model(String name) {
    int tail = new Words().text(name).done().size();
    Words model = new Words().number(32).number(0).number(0).number(0).number(0x99);
    model.number(256).number(256L + tail).number(1_700_000_000).number(0).text(name);
    return model.number(2).number(64).number(128).text("llm").text(name.strip()).done().toArray();
  }

  @Test
  void pages() {
    Words ids = new Words().number(64).number(3).number(3).hash(ID).hash(ID).hash(ID);
    Words providers =
        new Words().number(64).number(2).number(2).address(Address.of(new byte[20])).number(0x99);
    List<byte[]> valid = List.of(ids.done().toArray(), providers.done().toArray());
    Address provider = SESSION.provider();
    returns(
        "Page of ids",
        valid,
        data -> assertThat(Page.ofIds(data, provider).items()).hasSizeLessThanOrEqualTo(1_000));
    returns("Page of providers", List.of(valid.get(1)), Page::ofProviders);
  }

  @Test
  void logs() {
    byte[] opened = topics(SessionEvent.Kind.OPENED.topic());
    byte[] closed = topics(SessionEvent.Kind.CLOSED.topic());
    Fuzz.of("SessionEvent", List.of(opened, closed), ChainContradictionException.class)
        .feed(
            input -> {
              List<Hash32> topics = new ArrayList<>();
              for (int at = 0; at + 32 <= input.length && topics.size() < 5; at += 32) {
                topics.add(Hash32.of(Bytes.of(input).slice(at, at + 32).toArray()));
              }
              Address diamond = FakeChain.DIAMOND.address();
              Bytes data = Bytes.of(new byte[input.length % 32]);
              SessionEvent.decode(
                  new RawLog(diamond, topics, data, new LogPosition(1, 1), ID), diamond);
            });
  }

  private static byte[] topics(Hash32 first) {
    return new Words().hash(first).number(0x11).hash(ID).number(0x12).done().toArray();
  }

  private interface Decoder {
    void decode(Bytes data);
  }

  private static void returns(String name, List<byte[]> valid, Decoder decoder) {
    Fuzz.of(name, valid, ChainContradictionException.class)
        .feed(input -> decoder.decode(Bytes.of(input)));
  }

  private enum Kind {
    SESSION,
    BID
  }

  private static byte[] returned(Kind kind) {
    FakeChain chain = new FakeChain(1_000);
    chain.open(1, 1, 1, 10, 3_600).closed(60, 30_000, 700, 100, 200);
    Diamond diamond = FakeChain.DIAMOND;
    var session = (CallResult.Returned) chain.calls(List.of(diamond.session(ID)), 500).get(0);
    if (kind == Kind.SESSION) {
      return session.data().toArray();
    }
    Hash32 bid = SessionState.decode(session.data(), ID).orElseThrow().bidId();
    return ((CallResult.Returned) chain.calls(List.of(diamond.bid(bid)), 500).get(0))
        .data()
        .toArray();
  }
}
