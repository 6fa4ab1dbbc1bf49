package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.mor.throughput.store.MemoryObjectStore;

/** Measures the broadcast on the loopback; {@code bench/live} starts it. */
final class LiveBench {
  private static final int PADDING = 300;
  private static final int PAIRS = 5;

  private LiveBench() {}

  /** Clients that count frames and read the sending time of some, without decoding JSON. */
  private static final class Crowd extends Thread {
    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    private final long[] delays = new long[4_000_000];
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicLong frames = new AtomicLong();
    private volatile boolean over;

    Crowd() throws IOException {}

    private static final class Reader {
      private long skip;
      private final byte[] head = new byte[192];
      private int got;
      private int want = 2;
      private long length = -1;
      private boolean upgraded;
    }

    void add(int count, int port, String query) throws IOException {
      for (int i = 0; i < count; i++) {
        SocketChannel channel =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(
            ByteBuffer.wrap(
                ("GET /v1/ws"
                        + query
                        + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Reader());
        channels.add(channel);
      }
    }

    @Override
    public void run() {
      try {
        while (!over) {
          selector.select(100);
          for (SelectionKey key : selector.selectedKeys()) {
            buffer.clear();
            int read = ((SocketChannel) key.channel()).read(buffer);
            if (read < 0) {
              key.cancel();
            } else {
              buffer.flip();
              consume((Reader) key.attachment());
            }
          }
          selector.selectedKeys().clear();
        }
        for (SocketChannel channel : channels) {
          channel.close();
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void consume(Reader reader) {
      while (buffer.hasRemaining()) {
        if (!reader.upgraded) {
          byte[] ends = "\r\n\r\n".getBytes(US_ASCII);
          reader.got = buffer.get() == ends[reader.got] ? reader.got + 1 : 0;
          if (reader.got == 4) {
            reader.upgraded = true;
            reader.got = 0;
          }
        } else if (reader.skip > 0) {
          int step = (int) Math.min(reader.skip, buffer.remaining());
          buffer.position(buffer.position() + step);
          reader.skip -= step;
        } else {
          reader.head[reader.got++] = buffer.get();
          frame(reader);
        }
      }
    }

    /** Length first; then as much of the text as holds the time. */
    private void frame(Reader reader) {
      if (reader.got < reader.want) {
        return;
      }
      int small = reader.head[1] & 0x7f;
      int at = small == 126 ? 4 : small == 127 ? 10 : 2;
      if (reader.length < 0) {
        if (reader.got < at) {
          reader.want = at;
          return;
        }
        long length = small < 126 ? small : 0;
        for (int i = 2; small >= 126 && i < at; i++) {
          length = length << 8 | (reader.head[i] & 0xff);
        }
        reader.length = length;
        reader.want = at + (int) Math.min(length, 170);
        if (length > 0) {
          return;
        }
      }
      if ((reader.head[0] & 0xf) == 1) {
        String text = new String(reader.head, at, reader.want - at, US_ASCII);
        int time = text.indexOf("\"tx_hash\":\"");
        if (time >= 0) {
          frames.incrementAndGet();
          long sent = Long.parseLong(text.substring(time + 11, text.indexOf('"', time + 11)));
          if (samples.get() < delays.length) {
            delays[samples.getAndIncrement()] = System.nanoTime() - sent;
          }
        }
      }
      reader.skip = reader.length - (reader.want - at);
      reader.got = 0;
      reader.want = 2;
      reader.length = -1;
    }

    private long[] sorted() {
      long[] sorted = Arrays.copyOf(delays, samples.get());
      Arrays.sort(sorted);
      return sorted;
    }

    double p99() {
      long[] sorted = sorted();
      return sorted[sorted.length * 99 / 100] / 1e6;
    }

    String delays() {
      long[] sorted = sorted();
      return sorted.length == 0
          ? "none"
          : "p50 %.2f ms, p99 %.2f ms, worst %.2f ms"
              .formatted(
                  sorted[sorted.length / 2] / 1e6,
                  sorted[sorted.length * 99 / 100] / 1e6,
                  sorted[sorted.length - 1] / 1e6);
    }

    void end() throws InterruptedException {
      over = true;
      join();
    }
  }

  private static Message.Draft draft() {
    return Message.Draft.of(
        EventName.SESSION_OPENED,
        Stage.PROPOSED,
        5_000,
        1,
        Long.toString(System.nanoTime()),
        1,
        JsonNodeFactory.instance.objectNode().put("padding", "x".repeat(PADDING)),
        "");
  }

  /** Publishes at a rate in batches of up to a hundredth of a second; returns events a second. */
  private static double publish(LiveServer server, int rate, int seconds)
      throws InterruptedException {
    long start = System.nanoTime();
    long sent = 0;
    long wanted = (long) rate * seconds;
    while (sent < wanted) {
      long due = Math.min(wanted, (long) ((System.nanoTime() - start) / 1e9 * rate) + 1);
      List<Message.Draft> batch = new ArrayList<>();
      while (sent < due && batch.size() < Math.max(1, rate / 100)) {
        batch.add(draft());
        sent++;
      }
      if (batch.isEmpty()) {
        TimeUnit.MICROSECONDS.sleep(200);
      } else {
        server.hub().publish(batch);
      }
    }
    return wanted / ((System.nanoTime() - start) / 1e9);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  /** The 99th percentile of the delays, in milliseconds. */
  private static double round(LiveServer server, int clients, int rate, int seconds, int deaf)
      throws Exception {
    Crowd crowd = new Crowd();
    crowd.add(clients, server.address().getPort(), "/sessions");
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < deaf; i++) {
      Crowd none = new Crowd();
      none.add(1, server.address().getPort(), "/sessions");
      silent.addAll(none.channels);
    }
    crowd.start();
    while (server.hub().clients() < clients + deaf) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    long droppedBefore = server.hub().dropped();
    double reached = publish(server, rate, seconds);
    long until = System.nanoTime() + 20_000_000_000L;
    long expected = (long) rate * seconds * clients;
    while (crowd.frames.get() < expected && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    System.out.printf(
        "%d clients%s, %,d events/s wanted: %,.0f published, %,d of %,d frames, %s, %,d dropped, heap %d MB%n",
        clients,
        deaf > 0 ? " and " + deaf + " that never reads" : "",
        rate,
        reached,
        crowd.frames.get(),
        expected,
        crowd.delays(),
        server.hub().dropped() - droppedBefore,
        used >> 20);
    crowd.end();
    for (SocketChannel channel : silent) {
      channel.close();
    }
    while (server.hub().clients() > 0) {
      TimeUnit.MILLISECONDS.sleep(100);
      server.hub().publish(List.of(draft()));
    }
    return crowd.p99();
  }

  private static void replay(LiveServer server) throws Exception {
    long oldest = server.hub().ring().oldest();
    Crowd crowd = new Crowd();
    long start = System.nanoTime();
    crowd.add(1, server.address().getPort(), "/sessions?resume_from=" + oldest);
    crowd.start();
    while (crowd.frames.get() < Ring.CAPACITY - 1_000
        && System.nanoTime() - start < 30_000_000_000L) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    System.out.printf(
        "replay: %,d messages in %d ms%n",
        crowd.frames.get(), (System.nanoTime() - start) / 1_000_000);
    crowd.end();
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("live-bench");
    try (LiveWorld world =
        new LiveWorld(
            directory,
            new LiveWorld.TaggedChain(LiveWorld.START),
            new MemoryObjectStore(),
            LiveWorld.config(false, 5_000))) {
      world.step();
      System.out.println("warming up");
      round(world.server, 10, 2_000, 10, 0);
      System.out.println("measured");
      round(world.server, 1, 200, 10, 0);
      for (int rate : new int[] {5_000, 10_000, 15_000, 20_000, 30_000}) {
        round(world.server, 10, rate, 8, 0);
      }
      replay(world.server);
      replay(world.server);
      List<Double> alone = new ArrayList<>();
      List<Double> beside = new ArrayList<>();
      for (int i = 0; i < PAIRS; i++) {
        alone.add(round(world.server, 200, 100, 10, 0));
        beside.add(round(world.server, 200, 100, 10, 1));
      }
      System.out.printf(
          "a client that never reads: p99 of the others %.2f times (medians of %d)%n",
          median(beside) / median(alone), PAIRS);
      round(world.server, 1_000, 100, 10, 0);
    }
    System.exit(0);
  }
}
