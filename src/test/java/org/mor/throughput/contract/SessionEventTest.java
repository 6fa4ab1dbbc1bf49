package org.mor.throughput.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.contract.SessionEvent.Kind;

class SessionEventTest {
  private static final Address DIAMOND = Address.fromHex("0x" + "d1".repeat(20));
  private static final Address USER = Address.fromHex("0x" + "11".repeat(20));
  private static final Address PROVIDER = Address.fromHex("0x" + "22".repeat(20));
  private static final Hash32 ID = Hash32.fromHex("0x" + "33".repeat(32));
  private static final Hash32 TX = Hash32.fromHex("0x" + "44".repeat(32));

  @Test
  void topicsAreThoseOfTheDeployedContract() {
    assertThat(Kind.OPENED.topic().toHex())
        .isEqualTo("0x2bd7c890baf595977d256a6e784512c873ac58ba612b4895dbb7f784bfbf4839");
    assertThat(Kind.CLOSED.topic().toHex())
        .isEqualTo("0x337fbb0a41a596db800dc836595a57815f967185e3596615c646f2455ac3914a");
  }

  @Test
  void callsUseTheSelectorsOfTheDeployedContract() {
    Diamond diamond = new Diamond(DIAMOND);

    assertThat(diamond.session(ID).data().toHex()).isEqualTo("0x39b240bd" + "33".repeat(32));
    assertThat(diamond.bid(ID).data().toHex()).startsWith("0x91704e1e");
    assertThat(diamond.model(ID).data().toHex()).startsWith("0x21e7c498");
    assertThat(diamond.model(ID).to()).isEqualTo(DIAMOND);
  }

  @Test
  void eachEventDecodesAsItselfAndNotAsTheOther() {
    assertThat(SessionEvent.decode(log(Kind.OPENED.topic()), DIAMOND))
        .isEqualTo(new SessionEvent(Kind.OPENED, ID, USER, PROVIDER, new LogPosition(5, 2), TX));
    assertThat(SessionEvent.decode(log(Kind.CLOSED.topic()), DIAMOND).kind())
        .isEqualTo(Kind.CLOSED);
  }

  @Test
  void anythingElseIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> SessionEvent.decode(log(ID), DIAMOND))
        .isInstanceOf(ChainContradictionException.class)
        .hasMessageContaining("block 5 index 2")
        .hasMessageContaining("first topic");
    assertThatThrownBy(() -> SessionEvent.decode(log(Kind.OPENED.topic()), USER))
        .hasMessageContaining("emitted by " + DIAMOND);
    assertThatThrownBy(
            () -> SessionEvent.decode(log(Bytes.fromHex("0x00"), Kind.OPENED.topic()), DIAMOND))
        .hasMessageContaining("1 bytes of data");
    assertThatThrownBy(
            () ->
                SessionEvent.decode(
                    new RawLog(
                        DIAMOND,
                        List.of(Kind.OPENED.topic(), ID, ID, word(PROVIDER)),
                        Bytes.EMPTY,
                        new LogPosition(5, 2),
                        TX),
                    DIAMOND))
        .hasMessageContaining("Not an address");
  }

  @Test
  void aSessionIdFollowsFromItsNonce() {
    Address user = Address.fromHex("0x" + "11".repeat(20));
    Address provider = Address.fromHex("0x" + "22".repeat(20));
    Hash32 bid =
        Hash32.fromHex("0x18d254be3db9a806f1f66be129627d297a781c56d55a001fcc59424a5339ef25");

    assertThat(SessionId.of(user, provider, bid, 7).toHex())
        .isEqualTo("0xe2201330a72269f68f7ece20defae3cb4f61a3c30c40918ec4eed055e9cecda8");
  }

  private static RawLog log(Hash32 topic) {
    return log(Bytes.EMPTY, topic);
  }

  private static RawLog log(Bytes data, Hash32 topic) {
    return new RawLog(
        DIAMOND, List.of(topic, word(USER), ID, word(PROVIDER)), data, new LogPosition(5, 2), TX);
  }

  private static Hash32 word(Address address) {
    byte[] word = new byte[32];
    System.arraycopy(address.toArray(), 0, word, 12, 20);
    return Hash32.of(word);
  }
}
