package org.mor.throughput.session;

import java.io.Serializable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;

/**
 * Who opened a session: the wallet's 20-byte address, or where the store keeps no plain wallets,
 * its 16-byte keyed hash.
 */
public record UserId(Bytes value) implements Comparable<UserId>, Serializable {
  public static final int HASHED_SIZE = 16;

  public UserId {
    if (value.size() != Address.SIZE && value.size() != HASHED_SIZE) {
      throw new IllegalArgumentException(
          "A user is a 20-byte address or a 16-byte hash, not %d bytes".formatted(value.size()));
    }
  }

  public static UserId of(Address address) {
    return new UserId(Bytes.of(address.toArray()));
  }

  /**
   * Reads what {@link #toHex} writes.
   *
   * @throws IllegalArgumentException unless it is 0x hex of 20 or 16 bytes
   */
  public static UserId fromHex(String hex) {
    return new UserId(Bytes.fromHex(hex));
  }

  public boolean isHashed() {
    return value.size() == HASHED_SIZE;
  }

  public String toHex() {
    return value.toHex();
  }

  @Override
  public int compareTo(UserId other) {
    return value.compareTo(other.value);
  }
}
