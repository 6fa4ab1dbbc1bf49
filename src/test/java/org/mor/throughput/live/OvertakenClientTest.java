package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** A client that catches up more slowly than messages leave the ring is told that some are gone. */
class OvertakenClientTest {
  private static final int RING = 300;

  private final Ring ring = new Ring(RING);
  private final List<Message> sent = new ArrayList<>();
  private final List<Callback> waiting = new ArrayList<>();

  /** Takes batches only when the test says so. */
  private final class SlowWire implements Wire {
    @Override
    public void send(List<Message> batch, Callback done) {
      sent.addAll(batch);
      waiting.add(done);
    }

    @Override
    public void close(int code, String reason) {}

    @Override
    public void abort() {}

    @Override
    public boolean answers() {
      return false;
    }
  }

  private void publish(int first, int count) {
    for (int i = first; i < first + count; i++) {
      ring.add(List.of(JournalTest.draft(2_000 + i).numbered(i)));
    }
  }

  private void read() {
    while (!waiting.isEmpty()) {
      waiting.remove(0).succeeded();
    }
  }

  private Client resumed(long from) {
    Beginning beginning = Beginning.read(Channel.ALL, Map.of("resume_from", "" + from));
    Client client =
        new Client(ring, new SlowWire(), Runnable::run, beginning, from + 1, 0, () -> {});
    client.tell(Hub.control("resume"));
    return client;
  }

  private long dropped(Client client) {
    client.tick(6_000);
    read();
    return Message.tree(sent.get(sent.size() - 1).json()).path("dropped").asLong(-1);
  }

  @Test
  void whatLeftTheRingBeforeItWasSentIsCountedAsDropped() {
    publish(1, RING);
    Client client = resumed(10);
    publish(RING + 1, 50);
    read();
    assertThat(sent.stream().map(Message::seqno).filter(seqno -> seqno > 0).toList())
        .startsWith(50L, 51L)
        .endsWith(RING + 50L)
        .hasSize(RING + 1);
    JsonNode hole = Message.tree(sent.get(1).json());
    assertThat(hole.path("through_seqno").asLong()).as("told before what follows").isEqualTo(50);
    assertThat(hole.path("dropped").asLong()).isEqualTo(40);
    assertThat(dropped(client)).isEqualTo(40);
  }

  @Test
  void numbersThatWereNeverGivenAreNotMissed() {
    publish(1, 5);
    publish(10_001, 5);
    Client client = resumed(3);
    read();
    assertThat(sent.stream().map(Message::seqno).filter(seqno -> seqno > 0).toList())
        .containsExactly(4L, 5L, 10_001L, 10_002L, 10_003L, 10_004L, 10_005L);
    assertThat(dropped(client)).isZero();
  }
}
