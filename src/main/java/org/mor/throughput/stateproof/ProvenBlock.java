package org.mor.throughput.stateproof;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * A block whose header hashes to a trusted hash. Headers of Ethereum, of the OP stack and of
 * Arbitrum Nitro are the same list of fields (go-ethereum, core/types/block.go); each fork since
 * London appended some.
 *
 * @param timestamp Unix seconds
 */
public record ProvenBlock(long number, Hash32 hash, long timestamp, Hash32 stateRoot) {
  /** A field's name and its size in bytes; {@link #NUMBER} or {@link #DATA} where that varies. */
  private record Field(String name, int size) {}

  private static final int NUMBER = 0;
  private static final int DATA = -1;
  private static final int MAX_BYTES = 8_192;

  /** In every header since the first block of Ethereum. */
  private static final List<Field> BASE =
      List.of(
          new Field("parentHash", 32),
          new Field("sha3Uncles", 32),
          new Field("miner", 20),
          new Field("stateRoot", 32),
          new Field("transactionsRoot", 32),
          new Field("receiptsRoot", 32),
          new Field("logsBloom", 256),
          new Field("difficulty", NUMBER),
          new Field("number", NUMBER),
          new Field("gasLimit", NUMBER),
          new Field("gasUsed", NUMBER),
          new Field("timestamp", NUMBER),
          new Field("extraData", DATA),
          new Field("mixHash", 32),
          new Field("nonce", 8));

  /** London, Shanghai, Cancun, Prague, Amsterdam: a header has the first few of them. */
  private static final List<Field> APPENDED =
      List.of(
          new Field("baseFeePerGas", NUMBER),
          new Field("withdrawalsRoot", 32),
          new Field("blobGasUsed", NUMBER),
          new Field("excessBlobGas", NUMBER),
          new Field("parentBeaconBlockRoot", 32),
          new Field("requestsHash", 32),
          new Field("blockAccessListHash", 32),
          new Field("slotNumber", NUMBER));

  /** What nodes send with a block that its hash does not cover, or covers by another field. */
  private static final Set<String> BESIDE =
      Set.of("hash", "size", "totalDifficulty", "author", "l1BlockNumber", "sendCount", "sendRoot");

  /**
   * The block that a node's fields describe.
   *
   * @param fields every field of the node's block that is a text, by its JSON name; a null or
   *     absent field must be left out
   * @param trusted the hash of the block
   * @throws RefusedProofException when the fields do not hash to it
   */
  public static ProvenBlock of(Map<String, String> fields, Hash32 trusted) {
    Hash32 hash = hash(fields);
    if (!hash.equals(trusted)) {
      Set<String> unknown = new TreeSet<>(fields.keySet());
      unknown.removeAll(BESIDE);
      BASE.forEach(field -> unknown.remove(field.name()));
      APPENDED.forEach(field -> unknown.remove(field.name()));
      throw new RefusedProofException(
          unknown.isEmpty()
              ? "the header's fields hash to %s, not to %s".formatted(hash, trusted)
              : "cannot hash this header: %s is not known here, and without it the fields hash to %s, not to %s"
                  .formatted(unknown, hash, trusted),
          !unknown.isEmpty());
    }
    return new ProvenBlock(
        number(fields, "number"),
        hash,
        number(fields, "timestamp"),
        Hash32.fromHex(String.valueOf(fields.get("stateRoot"))));
  }

  /**
   * The hash of a header.
   *
   * @throws RefusedProofException when a field is missing or malformed
   */
  static Hash32 hash(Map<String, String> fields) {
    List<RlpType> values = new ArrayList<>();
    BASE.forEach(field -> values.add(value(field, fields)));
    int count = APPENDED.size();
    while (count > 0 && !fields.containsKey(APPENDED.get(count - 1).name())) {
      count--;
    }
    APPENDED.subList(0, count).forEach(field -> values.add(value(field, fields)));
    return Hash32.of(Hash.sha3(RlpEncoder.encode(new RlpList(values))));
  }

  private static RlpString value(Field field, Map<String, String> fields) {
    String text = fields.get(field.name());
    if (text == null) {
      throw new RefusedProofException("cannot hash this header: it has no " + field.name());
    }
    try {
      if (text.length() > 2 + 2 * MAX_BYTES) {
        throw new IllegalArgumentException(text.length() + " characters");
      }
      if (field.size() == NUMBER) {
        return RlpString.create(quantity(text));
      }
      byte[] bytes = Bytes.fromHex(text).toArray();
      if (field.size() != DATA && bytes.length != field.size()) {
        throw new IllegalArgumentException(bytes.length + " bytes");
      }
      return RlpString.create(bytes);
    } catch (IllegalArgumentException e) {
      throw new RefusedProofException(
          "cannot hash this header: %s is malformed (%s)".formatted(field.name(), e.getMessage()),
          e);
    }
  }

  private static long number(Map<String, String> fields, String name) {
    BigInteger value = quantity(String.valueOf(fields.get(name)));
    if (value.bitLength() > 63) {
      throw new RefusedProofException("the header's %s is beyond 2^63".formatted(name));
    }
    return value.longValue();
  }

  private static BigInteger quantity(String text) {
    if (!text.matches("0x[0-9a-fA-F]{1,64}")) {
      throw new IllegalArgumentException("not a quantity of up to 256 bits");
    }
    return new BigInteger(text.substring(2), 16);
  }
}
