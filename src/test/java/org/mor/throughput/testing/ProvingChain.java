package org.mor.throughput.testing;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.StateProof;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.stateproof.ProvenBlock;
import org.mor.throughput.stateproof.RefusedProofException;
import org.mor.throughput.stateproof.SessionSlots;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;

/** A chain whose blocks have real headers and a real state, so that its endpoints can prove it. */
public class ProvingChain extends FakeChain {
  private static final Hash32 CODE = hash(0xc0de);

  /** A block with its state; {@code before} is what it was called without a state. */
  private record Block(
      Hash32 before,
      Map<String, String> fields,
      StateTrie accounts,
      StateTrie slots,
      Map<Hash32, Hash32> values) {}

  private final Map<Long, Block> blocks = new HashMap<>();
  private final Map<Hash32, Long> numbers = new HashMap<>();

  public ProvingChain(long head) {
    super(head);
  }

  @Override
  BlockHeader headerOf(long number) {
    BlockHeader plain = super.headerOf(number);
    Block block = blocks.get(number);
    if (block == null || !block.before().equals(plain.hash())) {
      block = block(plain);
      blocks.put(number, block);
      numbers.put(Hash32.fromHex(block.fields().get("hash")), number);
    }
    return new BlockHeader(number, Hash32.fromHex(block.fields().get("hash")), plain.timestamp());
  }

  @Override
  Optional<Long> blockOf(Hash32 hash) {
    return Optional.ofNullable(numbers.get(hash)).filter(n -> headerOf(n).hash().equals(hash));
  }

  @Override
  public List<Witness> witnesses() {
    return List.of(new Proving("honest"));
  }

  private Block block(BlockHeader plain) {
    StateTrie slots = new StateTrie();
    Map<Hash32, Hash32> values = values(plain.number());
    values.forEach(
        (slot, value) -> {
          BigInteger number = new BigInteger(1, value.toArray());
          slots.put(slot.toArray(), RlpEncoder.encode(RlpString.create(number)));
        });
    StateTrie accounts = new StateTrie();
    accounts.put(
        DIAMOND.address().toArray(),
        RlpEncoder.encode(
            new RlpList(
                RlpString.create(BigInteger.ONE),
                RlpString.create(BigInteger.ZERO),
                RlpString.create(slots.root().toArray()),
                RlpString.create(CODE.toArray()))));
    accounts.put(address(0x77).toArray(), new byte[] {1});
    Map<String, String> fields = new TreeMap<>();
    String zero = hash(0).toHex();
    for (String name : List.of("sha3Uncles", "transactionsRoot", "receiptsRoot", "mixHash")) {
      fields.put(name, zero);
    }
    fields.put("parentHash", plain.hash().toHex());
    fields.put("miner", address(0).toHex());
    fields.put("stateRoot", accounts.root().toHex());
    fields.put("logsBloom", "0x" + "00".repeat(256));
    for (String name : List.of("difficulty", "gasLimit", "gasUsed", "baseFeePerGas")) {
      fields.put(name, "0x0");
    }
    fields.put("number", "0x" + Long.toHexString(plain.number()));
    fields.put("timestamp", "0x" + Long.toHexString(plain.timestamp()));
    fields.put("extraData", "0x");
    fields.put("nonce", "0x0000000000000000");
    fields.put("hash", hashOf(fields).toHex());
    return new Block(plain.hash(), fields, accounts, slots, values);
  }

  /** The refusal of a wrong hash says the right one. */
  private static Hash32 hashOf(Map<String, String> fields) {
    try {
      return ProvenBlock.of(fields, hash(0)).hash();
    } catch (RefusedProofException e) {
      return Hash32.fromHex(e.getMessage().replaceFirst(".*hash to (0x[0-9a-f]{64}),.*", "$1"));
    }
  }

  private Map<Hash32, Hash32> values(long block) {
    Map<Hash32, Hash32> values = new HashMap<>();
    BigInteger claimed = BigInteger.ZERO;
    long count = 0;
    for (FakeSession session : sessions()) {
      if (session.openBlock <= block) {
        count++;
        SessionState state = SessionState.decode(session.state(block), session.id).orElseThrow();
        put(session.id, state, values);
        claimed = claimed.add(state.paid().value());
      }
    }
    values.put(SessionSlots.COUNT, word(BigInteger.valueOf(count)));
    values.put(SessionSlots.TOTAL_CLAIMED, word(claimed));
    values.values().removeIf(Hash32::isZero);
    return values;
  }

  private static void put(Hash32 id, SessionState state, Map<Hash32, Hash32> values) {
    byte[] receipt = state.receipt().toArray();
    List<Hash32> slots = SessionSlots.ofSession(id, receipt.length);
    byte[] head = new byte[32];
    if (receipt.length < 32) {
      System.arraycopy(receipt, 0, head, 0, receipt.length);
      head[31] = (byte) (2 * receipt.length);
    } else {
      head = word(BigInteger.valueOf(2L * receipt.length + 1)).toArray();
    }
    List<Hash32> words =
        List.of(
            word(new BigInteger(1, state.user().toArray())),
            state.bidId(),
            word(state.stake().value()),
            Hash32.of(head),
            word(BigInteger.valueOf(state.closeoutType())),
            word(state.paid().value()),
            halves(state.openedAt(), state.endsAt()),
            halves(
                state.closedAt(), (state.isActive() ? 1 : 0) + (state.directPayment() ? 256 : 0)));
    for (int i = 0; i < words.size(); i++) {
      values.put(slots.get(i), words.get(i));
    }
    for (int i = words.size(); i < slots.size(); i++) {
      byte[] part = new byte[32];
      int from = 32 * (i - words.size());
      System.arraycopy(receipt, from, part, 0, Math.min(32, receipt.length - from));
      values.put(slots.get(i), Hash32.of(part));
    }
  }

  private static Hash32 halves(long low, long high) {
    return word(BigInteger.valueOf(high).shiftLeft(128).add(BigInteger.valueOf(low)));
  }

  private static Hash32 word(BigInteger value) {
    return Hash32.fromHex("0x%064x".formatted(value));
  }

  /** An endpoint that tells the truth by block hash, and proves it. */
  public class Proving extends Honest {
    private final String name;

    public Proving(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<Map<String, String>> headerFields(Hash32 blockHash) {
      return blockOf(blockHash).map(number -> blocks.get(number).fields());
    }

    @Override
    public StateProof proof(Address contract, List<Hash32> asked, BlockHeader at) {
      long number =
          blockOf(at.hash())
              .orElseThrow(() -> new ChainUnavailableException("unknown block " + at.hash()));
      Block block = blocks.get(number);
      return new StateProof(
          contract,
          BigInteger.ONE,
          BigInteger.ZERO,
          block.slots().root(),
          CODE,
          block.accounts().proof(contract.toArray()),
          asked.stream()
              .map(
                  slot ->
                      new StateProof.Slot(
                          slot,
                          block.values().getOrDefault(slot, hash(0)),
                          block.slots().proof(slot.toArray())))
              .toList());
    }
  }
}
