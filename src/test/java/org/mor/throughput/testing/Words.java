package org.mor.throughput.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Builds ABI-encoded data word by word. */
public final class Words {
  private static final int WORD = 32;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public Words number(long value) {
    return number(BigInteger.valueOf(value));
  }

  public Words number(BigInteger value) {
    byte[] word = new byte[WORD];
    for (int i = 0; i < WORD; i++) {
      word[WORD - 1 - i] = value.shiftRight(8 * i).byteValue();
    }
    out.writeBytes(word);
    return this;
  }

  public Words address(Address value) {
    out.writeBytes(new byte[WORD - Address.SIZE]);
    out.writeBytes(value.toArray());
    return this;
  }

  public Words hash(Hash32 value) {
    out.writeBytes(value.toArray());
    return this;
  }

  /** A length word and the bytes, padded to whole words. */
  public Words bytes(Bytes value) {
    number(value.size());
    out.writeBytes(value.toArray());
    out.writeBytes(new byte[(WORD - value.size() % WORD) % WORD]);
    return this;
  }

  public Words text(String value) {
    return bytes(Bytes.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  public Bytes done() {
    return Bytes.of(out.toByteArray());
  }
}
