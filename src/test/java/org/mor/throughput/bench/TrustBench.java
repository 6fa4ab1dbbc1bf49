package org.mor.throughput.bench;

import com.sun.net.httpserver.HttpServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.mor.throughput.adapter.rpc.RpcChainReader;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionId;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.IndexSettings.Confirmation;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.TrustlessCheck;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.testing.AnvilNode;
import org.web3j.crypto.Hash;

/** Proves 459 of 500 closes on a real node, and says what that costs. */
public final class TrustBench {
  private static final int SESSIONS = 500;
  private static final Address PROVIDER = Address.fromHex("0x" + "c1".repeat(20));
  private static final Hash32 MODEL = Hash32.fromHex("0x" + "3d".repeat(32));

  private TrustBench() {}

  public static void main(String[] args) throws Exception {
    try (AnvilNode node = AnvilNode.start()) {
      trade(node);
      AtomicLong requests = new AtomicLong();
      AtomicLong bytes = new AtomicLong();
      HttpServer front =
          node.front(
              answer -> {
                requests.incrementAndGet();
                bytes.addAndGet(answer.length());
                return answer;
              });
      String url = "http://127.0.0.1:" + front.getAddress().getPort();
      IndexSettings settings =
          new IndexSettings(
              "base",
              8453,
              new Diamond(Address.fromHex(node.contract())),
              OptionalLong.of(1),
              Confirmation.BLOCKS,
              0,
              50,
              4_000,
              200);
      Ledger ledger =
          new Ledger(
              new MemoryObjectStore(),
              UserPrivacy.plain(),
              Patience.none(),
              new NetworkId("base", settings.diamond().address()),
              new Ledger.Run("bench", java.time.Instant::now));
      Backfill backfill =
          new Backfill(
              new ContractReader(RpcChainReader.open(List.of(url), 8453), settings, attempt -> {}),
              ledger);
      backfill.run(
          backfill.plan(new Backfill.Request(1, OptionalLong.empty(), false)),
          RunBudget.unlimited(),
          ScanListener.none());
      for (int run = 1; run <= 5; run++) {
        requests.set(0);
        bytes.set(0);
        long start = System.nanoTime();
        TrustlessCheck.Report report =
            new TrustlessCheck(RpcChainReader.open(List.of(url), 8453), settings, ledger)
                .run(
                    new TrustlessCheck.Request(459, run, Optional.empty(), Optional.empty(), true));
        System.out.printf(
            "run %d: %s; %d HTTP requests, %,d bytes, %,d ms%n",
            run,
            report.meaning(),
            requests.get(),
            bytes.get(),
            (System.nanoTime() - start) / 1_000_000);
      }
      front.stop(0);
    }
  }

  private static void trade(AnvilNode node) throws Exception {
    node.bid(PROVIDER, MODEL, 1_000, 0);
    byte[] packed = ByteBuffer.allocate(84).put(PROVIDER.toArray()).put(MODEL.toArray()).array();
    Hash32 bid = Hash32.of(Hash.sha3(packed));
    List<Hash32> ids = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      byte[] user = Arrays.copyOf(Hash.sha3(new byte[] {(byte) i, (byte) (i >> 8)}), 20);
      node.open(Address.of(user), bid, 1_000_000 + i, 3_600);
      ids.add(SessionId.of(Address.of(user), PROVIDER, bid, i));
    }
    for (int i = 0; i < SESSIONS; i++) {
      ByteBuffer receipt = ByteBuffer.allocate(224).put(ids.get(i).toArray());
      receipt.putLong(56, 8453).putInt(124, 60).putInt(156, i).putInt(188, 9).putInt(220, 8);
      node.close(ids.get(i), Bytes.of(receipt.array()), 0, 7);
    }
    node.rpc("anvil_mine", "0x80");
  }
}
