package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;

class GzipTest {
  private static final ObjectKey KEY = new ObjectKey("raw/closes/2026-05.ndjson.gz");
  private static final byte[] CONTENT =
      "{\"sessionId\":1}\n{\"sessionId\":2}\n".repeat(20).getBytes(UTF_8);

  @Test
  void everyoneCanReadWhatIsWritten() throws IOException {
    byte[] gzip = Gzip.encode(CONTENT);

    assertThat(new GZIPInputStream(new java.io.ByteArrayInputStream(gzip)).readAllBytes())
        .isEqualTo(CONTENT);
    assertThat(decode(gzip)).isEqualTo(CONTENT);
    assertThat(decode(Gzip.encode(new byte[0]))).isEmpty();
  }

  @Test
  void numbersAreReadBackByEveryoneToo() throws IOException {
    byte[] numbers = new byte[300_000];
    new Random(1).nextBytes(numbers);
    Arrays.fill(numbers, 100_000, 200_000, (byte) 0);

    byte[] gzip = Gzip.encodeNumbers(numbers);

    assertThat(new GZIPInputStream(new java.io.ByteArrayInputStream(gzip)).readAllBytes())
        .isEqualTo(numbers);
    assertThat(decode(gzip)).isEqualTo(numbers);
    assertThat(gzip).hasSizeLessThan(250_000).isEqualTo(Gzip.encodeNumbers(numbers));
  }

  @Test
  void equalContentGivesEqualBytesBehindAFixedHeader() {
    assertThat(Gzip.encode(CONTENT)).isEqualTo(Gzip.encode(CONTENT));
    assertThat(HexFormat.of().formatHex(Gzip.encode(CONTENT), 0, 10))
        .isEqualTo("1f8b08000000000000ff");
  }

  @Test
  void twoMembersCutAnywhereButBetweenThemAreCorrupt() {
    byte[] first = Gzip.encode(CONTENT);
    byte[] both = join(first, Gzip.encode(CONTENT));
    for (int length = 0; length < both.length; length++) {
      if (length != first.length) {
        assertCorrupt(Arrays.copyOf(both, length));
      }
    }
    assertThat(decode(both)).isEqualTo(join(CONTENT, CONTENT));
  }

  @Test
  void noFlippedBitChangesTheContentUnnoticed() {
    byte[] gzip = Gzip.encode(CONTENT);
    int silent = 0;
    for (int bit = 0; bit < gzip.length * 8; bit++) {
      byte[] damaged = gzip.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(decode(damaged)).isEqualTo(CONTENT);
        silent++;
      } catch (CorruptObjectException e) {
        assertThat(e).hasMessageContaining(KEY.value());
      }
    }
    // The text hint, the time, the level hint, the operating system and the bits that fill up the
    // last byte of compressed data say nothing.
    assertThat(silent).isBetween(1 + 8 * 6, 1 + 8 * 6 + 7);
  }

  @Test
  void whateverFollowsTheDataIsCorrupt() {
    byte[] gzip = Gzip.encode(CONTENT);
    for (String garbage : new String[] {"\0", "\n", "x", "\u001f", "garbage behind the data"}) {
      assertCorrupt(join(gzip, garbage.getBytes(UTF_8)));
    }
  }

  @Test
  void headersOfOtherWritersAreAccepted() throws IOException {
    ByteArrayOutputStream jdk = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(jdk)) {
      out.write(CONTENT);
    }
    assertThat(decode(jdk.toByteArray())).isEqualTo(CONTENT);

    byte[] deflated = Arrays.copyOfRange(Gzip.encode(CONTENT), 10, Gzip.encode(CONTENT).length);
    byte[] named = {0x1f, (byte) 0x8b, 8, 8, 1, 2, 3, 4, 2, 3, 'a', '.', 'n', 0};
    assertThat(decode(join(named, deflated))).isEqualTo(CONTENT);

    byte[] all = {0x1f, (byte) 0x8b, 8, 31, 1, 2, 3, 4, 2, 3, 2, 0, 9, 9, 'a', 0, 'c', 0};
    CRC32 crc = new CRC32();
    crc.update(all);
    byte[] checksum = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
    assertThat(decode(join(join(all, checksum), deflated))).isEqualTo(CONTENT);
    checksum[0]++;
    assertCorrupt(join(join(all, checksum), deflated));
  }

  @Test
  void aBombIsStoppedBeforeItIsLarge() throws IOException {
    byte[] bomb = Gzip.encode(new byte[64 << 20]);

    long read = 0;
    boolean stopped = false;
    try (InputStream in = Gzip.decode(KEY, bomb)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = 0; count >= 0; count = in.read(buffer, 0, buffer.length)) {
        read += count;
      }
    } catch (CorruptObjectException e) {
      assertThat(e).hasMessageContaining("more than 200 times its size");
      stopped = true;
    }
    assertThat(stopped).isTrue();
    assertThat(read).isLessThan(16 << 20);
    assertThat(decode(Gzip.encode(new byte[1 << 20]))).hasSize(1 << 20);
  }

  @Test
  void theMessageNamesTheObjectAndWhatToDo() {
    assertThatThrownBy(() -> decode("not gzip at all".getBytes(UTF_8)))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessage(
            "Unpacking raw/closes/2026-05.ndjson.gz (15 bytes): it is not gzip. It was not written"
                + " over; restore an older version of it.");
  }

  @Test
  void randomContentSurvivesAnyReadSize() throws IOException {
    Random random = new Random(7);
    byte[] content = new byte[200_000];
    random.nextBytes(content);
    try (InputStream in = Gzip.decode(KEY, Gzip.encode(content))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[5000];
      int count;
      while ((count = in.read(buffer, 0, 1 + random.nextInt(buffer.length))) >= 0) {
        out.write(buffer, 0, count);
      }
      assertThat(out.toByteArray()).isEqualTo(content);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  private static void assertCorrupt(byte[] gzip) {
    assertThatThrownBy(() -> decode(gzip))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining(KEY.value());
  }

  private static byte[] decode(byte[] gzip) {
    try (InputStream in = Gzip.decode(KEY, gzip)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
