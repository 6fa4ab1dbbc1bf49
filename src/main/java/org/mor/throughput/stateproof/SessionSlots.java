package org.mor.throughput.stateproof;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionState;
import org.web3j.crypto.Hash;

/**
 * Where the contract keeps its sessions and bids (SessionStorage.sol, BidStorage.sol of the
 * LumerinDiamond), and what their slots say. A mapping's value begins at keccak256(key ++ place).
 */
public final class SessionSlots {
  /** How many sessions were ever opened: the next nonce. */
  public static final Hash32 COUNT = Diamond.SESSION_COUNT_SLOT;

  /** What providers were paid in all, in wei. */
  public static final Hash32 TOTAL_CLAIMED = place("diamond.standard.sessions.storage", 2);

  /** A closeout receipt's words up to here decide every figure; more are junk. */
  public static final int RECEIPT_WORDS = 7;

  private static final Hash32 SESSIONS = place("diamond.standard.sessions.storage", 4);
  private static final Hash32 BIDS = place("diamond.standard.bids.storage", 1);
  private static final int SESSION_SLOTS = 8;
  private static final int BID_SLOTS = 4;
  private static final int SHORT_BYTES = 31;
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(128);

  private SessionSlots() {}

  /**
   * A session in the state.
   *
   * @param state its receipt holds as many leading bytes as were proven
   * @param receiptBytes the whole receipt's length in bytes
   */
  public record ProvenSession(SessionState state, long receiptBytes) {
    /** The receipt as a row has it. */
    public CloseoutReceipt receipt(Hash32 id, long chainId) {
      Bytes proven = state.receipt();
      if (proven.size() == receiptBytes) {
        return CloseoutReceipt.decode(proven, id, chainId);
      }
      // One byte more than any known receipt: unrecognized, whatever the rest of it is.
      Bytes longer = Bytes.of(Arrays.copyOf(proven.toArray(), proven.size() + 1));
      CloseoutReceipt decoded = CloseoutReceipt.decode(longer, id, chainId);
      return new CloseoutReceipt(
          decoded.format(),
          decoded.tpsScaled1000(),
          decoded.ttftMs(),
          decoded.inputTokens(),
          decoded.outputTokens(),
          Math.toIntExact(receiptBytes));
    }
  }

  /** What a bid's slots say; its id is the hash of three of them. */
  public record ProvenBid(Address provider, Hash32 modelId, Wei pricePerSecond) {}

  /**
   * The slots of a session.
   *
   * @param receiptBytes how long its receipt is thought to be; at most {@link #RECEIPT_WORDS} words
   *     of it are asked for
   */
  public static List<Hash32> ofSession(Hash32 id, int receiptBytes) {
    int bytes = Math.min(receiptBytes, RECEIPT_WORDS * Hash32.SIZE);
    int words = (bytes + Hash32.SIZE - 1) / Hash32.SIZE;
    Hash32 first = mapped(id, SESSIONS);
    List<Hash32> slots = new ArrayList<>(range(first, SESSION_SLOTS));
    if (receiptBytes > SHORT_BYTES) {
      slots.addAll(range(hash(plus(first, 3).toArray()), words));
    }
    return slots;
  }

  public static List<Hash32> ofBid(Hash32 id) {
    return range(mapped(id, BIDS), BID_SLOTS);
  }

  /**
   * A session as its proven slots have it; empty where the contract does not know it.
   *
   * @throws RefusedProofException when a slot was not proven, or holds what the contract never
   *     writes
   */
  public static Optional<ProvenSession> session(Hash32 id, ProvenStorage storage) {
    Hash32 first = mapped(id, SESSIONS);
    Hash32 word = storage.value(first);
    if (!isAddress(word)) {
      throw new RefusedProofException("the user is no address: " + word);
    }
    Address user = Address.fromWord(word);
    BigInteger[] opened = halves(storage.value(plus(first, 6)));
    if (user.isZero() || opened[0].signum() == 0) {
      return Optional.empty();
    }
    BigInteger[] closed = halves(storage.value(plus(first, 7)));
    long flags = number(closed[1], 0x0101, "the flags");
    if ((flags & ~0x0101) != 0) {
      throw new RefusedProofException("a flag is no boolean in the state: " + flags);
    }
    long receiptBytes = receiptBytes(id, storage);
    return Optional.of(
        new ProvenSession(
            new SessionState(
                user,
                storage.value(plus(first, 1)),
                Wei.of(unsigned(storage.value(plus(first, 2)))),
                leading(plus(first, 3), receiptBytes, storage),
                (int) number(unsigned(storage.value(plus(first, 4))), 255, "the closeout type"),
                Wei.of(unsigned(storage.value(plus(first, 5)))),
                number(opened[0], Long.MAX_VALUE, "openedAt"),
                number(opened[1], Long.MAX_VALUE, "endsAt"),
                number(closed[0], Long.MAX_VALUE, "closedAt"),
                (flags & 1) != 0,
                (flags >> 8) != 0),
            receiptBytes));
  }

  /**
   * A bid as its proven slots have it; empty where they are not a bid of that id, so that another
   * layout of bids proves nothing.
   */
  public static Optional<ProvenBid> bid(Hash32 id, ProvenStorage storage) {
    List<Hash32> values = ofBid(id).stream().map(storage::value).toList();
    if (!isAddress(values.get(0))) {
      return Optional.empty();
    }
    Address provider = Address.fromWord(values.get(0));
    ByteBuffer packed = ByteBuffer.allocate(Address.SIZE + 2 * Hash32.SIZE);
    packed.put(provider.toArray()).put(values.get(1).toArray()).put(values.get(3).toArray());
    return hash(packed.array()).equals(id)
        ? Optional.of(new ProvenBid(provider, values.get(1), Wei.of(unsigned(values.get(2)))))
        : Optional.empty();
  }

  /** The length of a session's receipt in bytes. */
  public static long receiptBytes(Hash32 id, ProvenStorage storage) {
    Hash32 head = storage.value(plus(mapped(id, SESSIONS), 3));
    boolean isLong = (head.toArray()[SHORT_BYTES] & 1) != 0;
    long length =
        isLong
            ? number(unsigned(head), Integer.MAX_VALUE, "a receipt's length") / 2
            : (head.toArray()[SHORT_BYTES] & 0xff) / 2;
    if (isLong != length > SHORT_BYTES) {
      throw new RefusedProofException("a receipt of %d bytes is not kept so".formatted(length));
    }
    return length;
  }

  /** Solidity's bytes: up to 31 in place, longer ones from the hash of the place on. */
  private static Bytes leading(Hash32 place, long length, ProvenStorage storage) {
    if (length <= SHORT_BYTES) {
      return Bytes.of(Arrays.copyOf(storage.value(place).toArray(), (int) length));
    }
    long words = (length + Hash32.SIZE - 1) / Hash32.SIZE;
    Hash32 first = hash(place.toArray());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int proven = 0;
    while (proven < words && storage.has(plus(first, proven))) {
      bytes.writeBytes(storage.value(plus(first, proven)).toArray());
      proven++;
    }
    if (proven < Math.min(words, RECEIPT_WORDS)) {
      throw new RefusedProofException(
          "of the receipt's %d bytes only %d words are proven".formatted(length, proven));
    }
    int kept = (int) Math.min(length, bytes.size());
    return Bytes.of(Arrays.copyOf(bytes.toByteArray(), kept));
  }

  private static boolean isAddress(Hash32 word) {
    return unsigned(word).bitLength() <= 8 * Address.SIZE;
  }

  /** The lower and the upper half of a word: Solidity packs from the right. */
  private static BigInteger[] halves(Hash32 word) {
    BigInteger[] parts = unsigned(word).divideAndRemainder(HALF);
    return new BigInteger[] {parts[1], parts[0]};
  }

  private static long number(BigInteger value, long most, String what) {
    if (value.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new RefusedProofException("%s is out of range in the state: %s".formatted(what, value));
    }
    return value.longValue();
  }

  private static BigInteger unsigned(Hash32 word) {
    return new BigInteger(1, word.toArray());
  }

  private static Hash32 place(String namespace, int offset) {
    return plus(hash(namespace.getBytes(StandardCharsets.US_ASCII)), offset);
  }

  private static Hash32 mapped(Hash32 key, Hash32 place) {
    return hash(
        ByteBuffer.allocate(2 * Hash32.SIZE).put(key.toArray()).put(place.toArray()).array());
  }

  private static List<Hash32> range(Hash32 first, int count) {
    return IntStream.range(0, count).mapToObj(i -> plus(first, i)).toList();
  }

  /** A slot's number wraps at 2^256. */
  private static Hash32 plus(Hash32 slot, int offset) {
    byte[] sum = unsigned(slot).add(BigInteger.valueOf(offset)).toByteArray();
    byte[] word = new byte[Hash32.SIZE];
    int kept = Math.min(sum.length, word.length);
    System.arraycopy(sum, sum.length - kept, word, word.length - kept, kept);
    return Hash32.of(word);
  }

  private static Hash32 hash(byte[] bytes) {
    return Hash32.of(Hash.sha3(bytes));
  }
}
